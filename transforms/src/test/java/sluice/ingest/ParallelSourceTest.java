package sluice.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.data.InvalidInput;
import sluice.testing.LocalSpark;

/** Lines of files that belong to each other. */
class ParallelSourceTest {
  private static final Source PAIRS =
      new ParallelSource(Map.of("source", "*.en", "target", "*.de"), "auto", 100);

  @TempDir Path dir = Path.of("");

  private Path write(String name, String text) throws IOException {
    return FileWriting.write(dir.resolve(name), text);
  }

  private static IngestSettings settings(Source source, @Nullable String schema, Path path) {
    return new IngestSettings(
        source, SourcePaths.of(List.of(path.toString())), Map.of(), schema, 1, null, null);
  }

  private static Ingested read(Source source, Path path) {
    return Ingest.read(LocalSpark.session(), settings(source, null, path));
  }

  private static List<Row> rows(Dataset<Row> rows, String first, String... more) {
    return rows.select(first, more).collectAsList();
  }

  private static Row row(@Nullable Object... values) {
    return RowFactory.create(values);
  }

  @Test
  void linesOfOneNumberAreARow() throws IOException {
    write("a/news.de", "\uFEFFHaus\r\n \nBaum\n\nSee");
    write("a/news.en", "house\n\ntree\nroad\nlake\n");
    write("b/news.de", "Berg");
    write("b/news.en", "mountain");
    Ingested ingested = read(PAIRS, dir);
    assertThat(ingested.contract().ddl()).isEqualTo("`source` string, `target` string");
    assertThat(rows(ingested.rows(), "source", "target"))
        .containsExactlyInAnyOrder(
            row("house", "Haus"),
            row("tree", "Baum"),
            row("road", null),
            row("lake", "See"),
            row("mountain", "Berg"));
    assertThat(ingested.quarantined().count()).isZero();
    assertThat(ingested.notes()).containsExactly("encodings: UTF-8 in 4 files");
  }

  /** In any encoding, compressed or not, with any ends of lines. */
  @ParameterizedTest
  @ValueSource(strings = {"", ".gz"})
  void aRowOfAnUnreadableLineIsLost(String compressed) throws IOException {
    Random random = new Random(compressed.length());
    List<Row> expected = new ArrayList<>();
    List<Row> malformed = new ArrayList<>();
    Source source =
        new ParallelSource(
            Map.of("a", "a/*.txt" + compressed, "b", "b/*.txt" + compressed), "auto", 50);
    for (String end : List.of("\n", "\r\n", "\r")) {
      String name = "f" + expected.size() + ".txt" + compressed;
      StringBuilder a = new StringBuilder();
      StringBuilder b = new StringBuilder();
      String ofA = dir.resolve("a/" + name).toString();
      String ofB = dir.resolve("b/" + name).toString();
      for (long line = 1; line <= 20; line++) {
        String one = "é" + "x".repeat(random.nextInt(20)) + line;
        String two = "界".repeat(1 + random.nextInt(20)) + line;
        switch (random.nextInt(5)) {
          case 0 -> {
            two = "y".repeat(51);
            malformed.add(row(ofB, line, "has more than 50 characters (format.max-text)"));
          }
          case 1 -> {
            one = "a\0";
            two = "\0";
            malformed.add(row(ofA, line, "character 2 is U+0000: the line is not text"));
          }
          case 2 -> {
            one = "";
            expected.add(row(ofA, line, null, two));
          }
          default -> expected.add(row(ofA, line, one, two));
        }
        a.append(one).append(end);
        b.append(two).append(line == 20 ? "" : end);
      }
      write("a/" + name, a.toString());
      write("b/" + name, b.toString());
    }
    Ingested ingested = read(source, dir);
    assertThat(rows(ingested.quarantined(), "_source", "_position", "_reason"))
        .containsExactlyInAnyOrderElementsOf(malformed);
    assertThat(rows(ingested.rows(), "_source", "a", "b")).hasSameSizeAs(expected);
    NewRows scored =
        NewRows.read(
            LocalSpark.session(),
            new NewRowsRequest(
                settings(source, "a STRING", dir), source.columns().orElseThrow(), Set.of(), null));
    assertThat(rows(scored.rows(), "_source", "_position", "a", "b"))
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void eachFileHasItsOwnEncoding() throws IOException {
    String chinese = "自然语言处理是人工智能领域中的一个重要方向。";
    FileWriting.write(
        dir.resolve("x.de"), (chinese + "\n" + chinese).getBytes(Charset.forName("GB18030")));
    write("x.en", "one\ntwo");
    Ingested ingested = read(PAIRS, dir);
    assertThat(rows(ingested.rows(), "source", "target"))
        .containsExactlyInAnyOrder(row("one", chinese), row("two", chinese));
    assertThat(ingested.notes()).containsExactly("encodings: GB18030 in 1 file, UTF-8 in 1 file");
  }

  @Test
  void filesOfDifferentNumbersOfLinesAreAnError() throws IOException {
    Path target = write("x.de", "a\nb\n\nd\n");
    Path source = write("x.en", "a\nb\n");
    assertThatThrownBy(() -> read(PAIRS, dir).rows().count())
        .hasRootCauseInstanceOf(InvalidInput.class)
        .hasRootCauseMessage(
            "files that belong together must have as many lines, got 2 in %s, 4 in %s"
                .formatted(source, target));
  }

  @Test
  void filesThatBelongToNoneAreTold() throws IOException {
    Path lonely = write("a.en", "x");
    Path readme = write("b/README", "x");
    Path elsewhere = write("b/a.de", "x");
    assertThatThrownBy(() -> read(PAIRS, dir))
        .isInstanceOfSatisfying(
            InvalidInput.class,
            e ->
                assertThat(e.problems())
                    .containsExactlyInAnyOrder(
                        readme
                            + ": its name must be of one pattern of format.files, source = *.en,"
                            + " target = *.de, is of none",
                        "%s: needs the file %s/a.de of column target beside it, with as many lines"
                            .formatted(lonely, dir),
                        "%s: needs the file %s/b/a.en of column source beside it, with as many lines"
                            .formatted(elsewhere, dir)));
  }

  /** Only the source is needed to translate. */
  @Test
  void rowsToScoreMayLackAFile() throws IOException {
    Path file = write("x.en", "\nhouse\n");
    NewRows scored =
        NewRows.read(
            LocalSpark.session(),
            new NewRowsRequest(
                settings(
                    new ParallelSource(Map.of("source", "*.en"), "UTF-8", 100),
                    "source STRING",
                    dir),
                PAIRS.columns().orElseThrow(),
                Set.of("target"),
                null));
    assertThat(rows(scored.rows(), "_source", "_position", "source"))
        .containsExactly(row(file.toString(), 2L, "house"));
  }

  @Test
  void settingsThatDoNotFitAreToldTogether() {
    assertThatThrownBy(() -> new ParallelSource(Map.of(), "x", 0))
        .hasMessage(
            """
            encoding must be auto or the name of an encoding, got x
            max-text must be at least 1, got 0
            files must name at least one column and its files""");
    assertThatThrownBy(
            () -> new ParallelSource(Map.of("a", "*.x", "b", "*.x", "_c", "d*e*"), "auto", 1))
        .hasMessage(
            """
            files must have different patterns, got {_c=d*e*, a=*.x, b=*.x}
            files: a column must not be blank or begin with an underscore, got _c
            files._c must have one * in it, got d*e*""");
  }
}
