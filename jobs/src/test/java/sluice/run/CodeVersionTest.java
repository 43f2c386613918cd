package sluice.run;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.run.Runs.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    String before = CodeVersion.of(directories);

    assertThat(
            CodeVersion.of(
                List.of(
                    jar(
                        temp.resolve("all.jar"),
                        "x/D.class=D",
                        "sluice/b/page.html=page",
                        "sluice/b/B.class=B",
                        "sluice/a/A.class=A"))))
        .isEqualTo(before);
    write(temp.resolve("two/other/C.class"), "changed");
    assertThat(CodeVersion.of(directories)).isEqualTo(before);
    write(temp.resolve("two/sluice/b/page.html"), "changed");
    assertThat(CodeVersion.of(directories)).isNotEqualTo(before);
    write(temp.resolve("two/sluice/b/page.html"), "page");
    write(temp.resolve("one/sluice/a/A.class"), "B");
    assertThat(CodeVersion.of(directories)).isNotEqualTo(before);
    write(temp.resolve("one/sluice/a/A.class"), "A");
    Files.move(temp.resolve("one/sluice/a/A.class"), temp.resolve("one/sluice/a/E.class"));
    assertThat(CodeVersion.of(directories)).isNotEqualTo(before);
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
