package sluice.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForeignFileTest {
  private Path folder;
  private Path outside;

  @BeforeEach
  void in(@TempDir Path temporary) throws IOException {
    Path real = temporary.toRealPath();
    folder = Files.createDirectory(real.resolve("bundle"));
    outside = Files.writeString(real.resolve("secret.txt"), "not yours");
  }

  @Test
  void aFileIsReadUpToItsBound() throws IOException {
    Path file = Files.writeString(folder.resolve("a.json"), "12345");
    assertThat(ForeignFile.read(folder, "a.json", 5)).asString().isEqualTo("12345");
    assertThatThrownBy(() -> ForeignFile.read(folder, "a.json", 4))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "%s: must have at most 4 bytes, which this process's heap can bear, got at least 5",
            file);
    assertThatThrownBy(() -> ForeignFile.read(folder, "none.json", 4))
        .isInstanceOf(NoSuchFileException.class);
  }

  /** A link within the folder is how clusters mount files; one that leads out is a theft. */
  @Test
  void aLinkIsFollowedWithinTheFolderOnly() throws IOException {
    Files.writeString(Files.createDirectory(folder.resolve("..data")).resolve("a.json"), "mounted");
    Files.createSymbolicLink(folder.resolve("a.json"), Path.of("..data/a.json"));
    assertThat(ForeignFile.read(folder, "a.json", 100)).asString().isEqualTo("mounted");

    Path link = Files.createSymbolicLink(folder.resolve("b.json"), Path.of("../secret.txt"));
    Path endless = Files.createSymbolicLink(folder.resolve("c.json"), Path.of("/dev/zero"));
    assertThatThrownBy(() -> ForeignFile.read(folder, "b.json", 100))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("%s: must lie in its folder, is a link that leads to %s", link, outside);
    assertThatThrownBy(() -> ForeignFile.read(folder, "c.json", 100))
        .hasMessage("%s: must lie in its folder, is a link that leads to /dev/zero", endless);
  }

  /** What everybody has that lets Hugging Face's tools fetch models. */
  @Test
  void aSnapshotMayLinkToTheBlobsOfItsRepository() throws IOException {
    Path repository = folder.resolve("models--a--b");
    Path onnx = Files.createDirectories(repository.resolve("snapshots/1f/onnx"));
    Path blobs = Files.createDirectory(repository.resolve("blobs"));
    Files.writeString(blobs.resolve("c0"), "weights");
    Files.createSymbolicLink(onnx.resolve("a.json"), Path.of("../../../blobs/c0"));
    Files.createSymbolicLink(onnx.resolveSibling("a.json"), Path.of("../../blobs/c0"));
    assertThat(ForeignFile.read(onnx, "a.json", 100)).asString().isEqualTo("weights");
    assertThat(ForeignFile.read(onnx.resolveSibling(""), "a.json", 100))
        .asString()
        .isEqualTo("weights");

    Files.createSymbolicLink(blobs.resolve("c1"), outside);
    Files.createSymbolicLink(onnx.resolve("b.json"), Path.of("../../../blobs/c1"));
    Files.createSymbolicLink(onnx.resolve("c.json"), outside);
    for (String name : new String[] {"b.json", "c.json"}) {
      assertThatThrownBy(() -> ForeignFile.read(onnx, name, 100))
          .hasMessageEndingWith("must lie in its folder, is a link that leads to " + outside);
    }

    Path other = Files.createDirectories(folder.resolve("evil/snapshots/1f"));
    Files.createSymbolicLink(folder.resolve("evil/blobs"), outside.getParent());
    Files.createSymbolicLink(other.resolve("a.json"), Path.of("../../blobs/secret.txt"));
    assertThatThrownBy(() -> ForeignFile.read(other, "a.json", 100))
        .hasMessageEndingWith("must lie in its folder, is a link that leads to " + outside);
  }

  @Test
  void aPipeIsNotWaitedFor() throws Exception {
    Path pipe = folder.resolve("p.json");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    assertThatThrownBy(() -> ForeignFile.read(folder, "p.json", 100))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("%s: must be a file, is a device or a pipe", pipe);
  }

  @Test
  void aStreamThatHoldsMoreThanItsFileSaidIsCutOff() throws IOException {
    try (var endless = Files.newInputStream(Path.of("/dev/zero"))) {
      assertThatThrownBy(() -> ForeignFile.read(endless, 1 << 20, "x"))
          .isInstanceOf(InvalidInput.class)
          .hasMessage(
              "x: must have at most 1,048,576 bytes, which this process's heap can bear, got at"
                  + " least 1,048,577");
    }
  }
}
