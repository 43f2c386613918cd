package sluice.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.data.InvalidInput;

class FileFingerprintTest {
  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  private Path temp;

  /** A file system of another scheme, whose files are those of the local disk. */
  public static final class Elsewhere extends RawLocalFileSystem {
    @Override
    public URI getUri() {
      return URI.create("elsewhere:///");
    }
  }

  private static String of(String... paths) {
    return FileFingerprint.of(List.of(paths), new Configuration());
  }

  private Path write(String name, String text) throws IOException {
    Path file = temp.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  @Test
  void changedByteShowsEvenWithLengthAndTimeKept() throws IOException {
    Path file = write("a.csv", "age\n31\n");
    FileTime time = Files.getLastModifiedTime(file);
    String before = of(file.toString());

    write("a.csv", "age\n32\n");
    Files.setLastModifiedTime(file, time);
    assertThat(of(file.toString())).isNotEqualTo(before);

    write("a.csv", "age\n31\n");
    Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
    assertThat(of(file.toString())).isEqualTo(before);
  }

  @Test
  void elsewhereTheTimeOfModificationCounts() throws IOException {
    Path file = write("a.csv", "age\n31\n");
    Configuration hadoop = new Configuration();
    hadoop.set("fs.elsewhere.impl", Elsewhere.class.getName());
    List<String> paths = List.of("elsewhere://" + file);
    String before = FileFingerprint.of(paths, hadoop);
    assertThat(FileFingerprint.of(paths, hadoop)).isEqualTo(before);
    Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
    assertThat(FileFingerprint.of(paths, hadoop)).isNotEqualTo(before);
  }

  @Test
  void directoriesAndPatternsAreTakenAsIngestTakesThem() throws IOException {
    write("in/b.csv", "b");
    write("in/a.csv", "a");
    write("in/day=1/c.csv", "c");
    write("in/_day=2/d.csv", "d");
    String before = of(temp + "/in");
    write("in/_SUCCESS", "");
    write("in/.a.csv.crc", "x");
    write("in/_temporary/0/part-0", "x");
    assertThat(of(temp + "/in")).isEqualTo(before);
    assertThat(of(temp + "/in/*.csv"))
        .isNotEqualTo(before)
        .isEqualTo(of(temp + "/in/b.csv", temp + "/in/a.csv"))
        .isEqualTo(of(temp + "/in/a.csv", temp + "/in/b.csv"));

    write("in/e.csv", "");
    assertThat(of(temp + "/in")).isEqualTo(before);
    write("in/e.csv", "e");
    assertThat(of(temp + "/in")).isNotEqualTo(before);
  }

  @Test
  void everyPathWithoutAFileIsNamed() throws IOException {
    Files.createDirectory(temp.resolve("empty"));
    assertThatThrownBy(() -> of("/none/a.csv", temp + "/empty", "/none/*.csv"))
        .isInstanceOfSatisfying(
            InvalidInput.class,
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        "/none/a.csv: there is no such file",
                        temp + "/empty: holds no file",
                        "/none/*.csv: matches no file"));
  }
}
