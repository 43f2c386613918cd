package sluice.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.data.InvalidInput;

/** Which files paths lead to; no Spark. */
class FileListingTest {
  @TempDir Path dir = Path.of("");

  static Stream<Arguments> sources() {
    return Stream.of(
        // files in the folder "in"; paths; what is read; what is passed over
        Arguments.of("a.csv sub/b.csv sub/deep/c.csv", "in", "a.csv sub/b.csv sub/deep/c.csv", ""),
        Arguments.of("_c.csv a.csv", "in/_c.csv in/a.csv", "_c.csv a.csv", ""),
        Arguments.of(".c.csv a.csv", "in/.c.csv in", ".c.csv a.csv", ""),
        Arguments.of("_in/a.csv", "in/_in", "a.csv", ""),
        Arguments.of(
            "a.csv _SUCCESS .a.csv.crc _temporary/0/b.csv",
            "in",
            "a.csv",
            "2 hidden files (DIR/.a.csv.crc, DIR/_SUCCESS), 1 hidden folder (DIR/_temporary)"),
        Arguments.of(
            "a.csv _1 _2 _3 _4 _5",
            "in",
            "a.csv",
            "5 hidden files (DIR/_1, DIR/_2, DIR/_3 and 2 more)"),
        Arguments.of("a.csv b.csv.", "in/a.csv in/*.csv in", "a.csv b.csv.", ""),
        Arguments.of("a.csv", "in/a.csv in//a.csv in/../in/a.csv in/./a.csv", "a.csv", ""),
        Arguments.of("_a.csv b.csv", "in/*.csv", "b.csv", "1 hidden file (DIR/_a.csv)"),
        Arguments.of("_a.csv b.csv", "in/_*.csv", "_a.csv", ""),
        Arguments.of("1/a.csv 2/a.csv 3/b.csv", "in/*/a.csv", "1/a.csv 2/a.csv", ""),
        Arguments.of("1/a.csv 2/a.csv 3/a.csv", "in/[12]", "1/a.csv 2/a.csv", ""),
        Arguments.of("1/a.csv 2/b.csv 3/c.csv", "in/{1/a,2/b}.csv", "a.csv b.csv", ""),
        Arguments.of("day=5/a.csv _day=6/b.csv", "in", "_day=6/b.csv day=5/a.csv", ""),
        Arguments.of("10:00/a.csv 11:00/a.csv", "in/1*:00/*", "10:00/a.csv 11:00/a.csv", ""),
        Arguments.of("a*.csv ab.csv", "in/a*.csv", "a*.csv", ""),
        Arguments.of("a*.csv ab.csv", "in/a\\*.csv", "a*.csv", ""),
        Arguments.of("a[1].csv a1.csv", "in/a[1].csv", "a[1].csv", ""));
  }

  @ParameterizedTest
  @MethodSource("sources")
  void thePathsLeadToTheseFiles(String files, String paths, String read, String passedOver)
      throws IOException {
    for (String file : files.split(" ", -1)) {
      write(file);
    }
    FileListing listing =
        list(Arrays.stream(paths.split(" ", -1)).map(path -> dir + "/" + path).toList());
    assertThat(listing.files())
        .extracting(SourceFile::name)
        .containsExactlyInAnyOrder(read.split(" ", -1));
    assertThat(listing.files()).extracting(SourceFile::address).isSorted();
    assertThat(listing.notes())
        .isEqualTo(
            passedOver.isEmpty()
                ? List.of()
                : List.of("passed over: " + passedOver.replace("DIR", dir + "/in")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10:00.csv",
        "a:b:c",
        "http:",
        "a b.csv",
        " a.csv",
        "a%20b.csv",
        "a%zz",
        "a#b.csv",
        "a?b.csv",
        "a[1].csv",
        "[x",
        "{x}.csv",
        "{x",
        "*.csv",
        "a\\b.csv",
        "a\nb.csv",
        "a\tb.csv",
        "a=b.csv",
        "-a.csv",
        "~",
        "\u65e5\u672c.csv",
        "e\u0301.csv",
        "\u00e9.csv",
        "\u00a0.csv",
        "\ud83d\ude00.csv"
      })
  void anyNameIsAName(String name) throws IOException {
    Path file = write(name);
    for (String path : List.of(file.toString(), dir.toString(), dir + "/*")) {
      FileListing listing = list(List.of(path));
      assertThat(listing.files()).as(path).hasSize(1);
      SourceFile found = listing.files().get(0);
      assertThat(found.named()).isEqualTo(file.toString());
      assertThat(new String(bytes(found), StandardCharsets.UTF_8)).isEqualTo("a\n");
    }
  }

  @Test
  void aFileAndItsLinksAreOneFile() throws IOException {
    Path file = write("b.csv");
    Files.createSymbolicLink(dir.resolve("in/a.csv"), file);
    Files.createSymbolicLink(dir.resolve("in/again"), dir.resolve("in"));
    Files.createSymbolicLink(dir.resolve("in/broken"), dir.resolve("nowhere"));
    Files.createSymbolicLink(dir.resolve("other"), dir.resolve("in"));
    FileListing listing = list(List.of(dir + "/in", dir + "/other"));
    assertThat(listing.files()).extracting(SourceFile::named).containsExactly(file.toString());
    assertThat(listing.notes())
        .containsExactly(
            ("passed over: 5 links to what is read anyway (DIR/in/a.csv, DIR/in/again,"
                    + " DIR/other/a.csv and 2 more), 2 links to nothing (DIR/in/broken,"
                    + " DIR/other/broken)")
                .replace("DIR", dir.toString()));
  }

  @Test
  void aFileWithoutAByteIsPassedOverUnlessAllAreSuch() throws IOException {
    Path file = write("a.csv");
    Path empty = Files.createFile(dir.resolve("in/b.csv"));
    FileListing listing = list(List.of(dir + "/in", empty.toString()));
    assertThat(listing.files()).extracting(SourceFile::named).containsExactly(file.toString());
    assertThat(listing.notes()).containsExactly("passed over: 1 empty file (" + empty + ")");
    Files.writeString(file, "");
    assertThatThrownBy(() -> list(List.of(dir + "/in")))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(file + ": the file is empty\n" + empty + ": the file is empty");
  }

  @Test
  void aFileThatComesWhileItsFolderIsListedIsNoUnreadableOne() throws IOException {
    Path file = write("a.csv");
    FileLister lister = new FileLister(new Configuration());
    lister.checkNames(new org.apache.hadoop.fs.Path(dir.resolve("in").toUri()), new FileStatus[0]);
    lister.add(file.toString());
    assertThat(lister.listing().files()).hasSize(1);
  }

  @Test
  void aFileThatVanishesIsNamed() throws IOException {
    Path goes = write("a.csv");
    write("b.csv");
    FileListing listing = list(List.of(dir + "/in"));
    SourceFiles.requireThere(listing.files(), new Configuration());
    Files.delete(goes);
    assertThatThrownBy(() -> SourceFiles.requireThere(listing.files(), new Configuration()))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(goes + ": was there when the files were listed, and is gone");
  }

  @Test
  void everyPathThatLeadsToNothingIsNamed() throws IOException {
    write("_SUCCESS");
    Files.createDirectory(dir.resolve("empty"));
    assertThatThrownBy(
            () ->
                list(
                    List.of(
                        dir + "/none.csv",
                        dir + "/none/*.csv",
                        dir + "/empty",
                        dir + "/in",
                        dir + "/[",
                        "nosuch://host/a.csv",
                        "/proc/self/mem/x")))
        .isInstanceOfSatisfying(
            InvalidInput.class,
            e -> {
              assertThat(e.kind()).isEqualTo(InvalidInput.Kind.DATA);
              assertThat(e.problems())
                  .containsExactly(
                      dir + "/none.csv: there is no such file",
                      dir + "/none/*.csv: matches no file",
                      dir + "/empty: holds no file",
                      dir
                          + "/in: holds no file that is read; 1 hidden file ("
                          + dir
                          + "/in/_SUCCESS)",
                      dir
                          + "/[: cannot be looked up: error parsing regexp: Unclosed character class at pos 1: `[`",
                      "nosuch://host/a.csv: cannot be looked up: No FileSystem for scheme"
                          + " \"nosuch\"",
                      "/proc/self/mem/x: there is no such file");
            });
  }

  @Test
  void aPathThatIsNotAbsoluteIsLookedForWhereTheCommandIsGiven() {
    assertThatThrownBy(() -> list(List.of("no such/a.csv")))
        .hasMessage(
            "no such/a.csv: there is no such file in %s", Path.of("").toAbsolutePath().toString());
  }

  @Test
  void whatIsNoRegularFileIsNotRead() throws IOException {
    assertThatThrownBy(() -> list(List.of("/dev/null")))
        .hasMessage(
            "/dev/null: holds no file that is read; 1 entry that is no regular file (/dev/null)");
  }

  private static FileListing list(List<String> paths) {
    return FileListing.of(paths, new Configuration());
  }

  private static byte[] bytes(SourceFile file) throws IOException {
    try (var in = new SourceFiles.Opener(new Configuration()).openStored(file.path())) {
      return in.readAllBytes();
    }
  }

  private Path write(String name) throws IOException {
    Path file = dir.resolve("in").resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, "a\n");
  }
}
