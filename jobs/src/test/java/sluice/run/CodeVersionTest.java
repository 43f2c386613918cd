package sluice.run;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.run.Runs.write;

import example.Parts;
import example.SignedPower;
import example.YoudenIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.data.Extensions;

class CodeVersionTest {
  @Test
  void runningProgramHasOne() {
    assertThat(CodeVersion.current()).matches("[0-9a-f]{64}").isEqualTo(CodeVersion.current());
  }

  @Test
  void jarAndDirectoriesOfTheSameClassesAgree(@TempDir Path temp) throws IOException {
    write(temp.resolve("one/sluice/a/A.class"), "A");
    write(temp.resolve("two/sluice/b/B.class"), "B");
    write(temp.resolve("two/sluice/b/page.html"), "page");
    write(temp.resolve("two/other/C.class"), "C");
    List<Path> directories = List.of(temp.resolve("two"), temp.resolve("one"));
    String before = CodeVersion.of(directories, List.of());

    assertThat(
            CodeVersion.of(
                List.of(
                    jar(
                        temp.resolve("all.jar"),
                        "x/D.class=D",
                        "sluice/b/page.html=page",
                        "sluice/b/B.class=B",
                        "sluice/a/A.class=A")),
                List.of()))
        .isEqualTo(before);
    write(temp.resolve("two/other/C.class"), "changed");
    assertThat(CodeVersion.of(directories, List.of())).isEqualTo(before);
    write(temp.resolve("two/sluice/b/page.html"), "changed");
    assertThat(CodeVersion.of(directories, List.of())).isNotEqualTo(before);
    write(temp.resolve("two/sluice/b/page.html"), "page");
    write(temp.resolve("one/sluice/a/A.class"), "B");
    assertThat(CodeVersion.of(directories, List.of())).isNotEqualTo(before);
    write(temp.resolve("one/sluice/a/A.class"), "A");
    Files.move(temp.resolve("one/sluice/a/A.class"), temp.resolve("one/sluice/a/E.class"));
    assertThat(CodeVersion.of(directories, List.of())).isNotEqualTo(before);
  }

  /** Of an extension everything counts, whatever its package, but not who built the jar. */
  @Test
  void extensionsAreCode(@TempDir Path temp) throws IOException {
    write(temp.resolve("own/sluice/a/A.class"), "A");
    List<Path> own = List.of(temp.resolve("own"));
    String before = withExtension(own, "example/Log.class=log", "META-INF/MANIFEST.MF=Built-By: a");

    assertThat(before).isNotEqualTo(CodeVersion.of(own, List.of()));
    assertThat(withExtension(own, "META-INF/MANIFEST.MF=Built-By: b", "example/Log.class=log"))
        .isEqualTo(before);
    assertThat(withExtension(own, "example/Log.class=log2")).isNotEqualTo(before);
    assertThat(withExtension(own, "example/Log.class=log", "example/weights.bin=1"))
        .isNotEqualTo(before);
    write(temp.resolve("classes/example/Log.class"), "log");
    assertThat(CodeVersion.of(own, List.of(temp.resolve("classes")))).isEqualTo(before);
  }

  private static String withExtension(List<Path> own, String... entries) throws IOException {
    Path file = own.get(0).resolveSibling("extension.jar");
    return CodeVersion.of(own, List.of(jar(file, entries)));
  }

  @Test
  void anExtensionLeadsToTheJarsOfItsTypesAndMetrics() throws Exception {
    Parts parts = new Parts();
    Extensions.Added added =
        new Extensions.Added(Parts.class, parts.types(), parts.metrics(), parts.reference());
    assertThat(added.classes()).contains(Parts.class, SignedPower.class, YoudenIndex.class);
    Path classes = Path.of(Parts.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    assertThat(CodeVersion.roots(added.classes())).containsExactly(classes.toRealPath());
  }

  private static Path jar(Path file, String... entries) throws IOException {
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file))) {
      for (String entry : entries) {
        String[] parts = entry.split("=", -1);
        jar.putNextEntry(new JarEntry(parts[0]));
        jar.write(parts[1].getBytes(java.nio.charset.StandardCharsets.UTF_8));
      }
    }
    return file;
  }
}
