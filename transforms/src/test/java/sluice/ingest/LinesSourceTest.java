package sluice.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.testing.LocalSpark;

/** Texts in the lines of files. */
class LinesSourceTest {
  private static final String PIECE = "spark.sql.files.maxPartitionBytes";
  private static final Source PLAIN = new LinesSource("auto", 100, LinesSource.Label.NONE);
  private static final Source LABELLED = new LinesSource("auto", 100, LinesSource.Label.FILE);

  @TempDir Path dir = Path.of("");

  @AfterEach
  void piecesOfTheUsualSize() {
    LocalSpark.session().conf().unset(PIECE);
  }

  private Path write(String name, byte[] content) throws IOException {
    return FileWriting.write(dir.resolve(name), content);
  }

  private Path write(String name, String text) throws IOException {
    return FileWriting.write(dir.resolve(name), text);
  }

  private static IngestSettings settings(Source source, @Nullable String schema, String path) {
    return new IngestSettings(
        source, SourcePaths.of(List.of(path)), Map.of(), schema, 1, null, null);
  }

  private static Ingested read(Source source, Path path) {
    return Ingest.read(LocalSpark.session(), settings(source, null, path.toString()));
  }

  private static NewRows toScore(Source source, @Nullable List<String> keep, Path path) {
    return NewRows.read(
        LocalSpark.session(),
        new NewRowsRequest(
            settings(source, "text STRING", path.toString()),
            source.columns().orElseThrow(),
            Set.of(),
            keep));
  }

  private static List<Row> rows(Dataset<Row> rows, String first, String... more) {
    return rows.select(first, more).collectAsList();
  }

  private static Row row(@Nullable Object... values) {
    return RowFactory.create(values);
  }

  @Test
  void aLineIsATextAndTheFileTheLabel() throws IOException {
    write("neg.txt", "\uFEFFbad\n\n 太坏了 \n \t\n");
    write("pos.all.txt.gz", "good\r\nvery good");
    Ingested ingested = read(LABELLED, dir);
    assertThat(ingested.contract().ddl()).isEqualTo("`text` string, `label` string");
    assertThat(rows(ingested.rows(), "text", "label"))
        .containsExactlyInAnyOrder(
            row("bad", "neg"), row(" 太坏了 ", "neg"), row("good", "pos"), row("very good", "pos"));
    assertThat(ingested.quarantined().count()).isZero();
    assertThat(ingested.notes()).containsExactly("encodings: UTF-8 in 2 files");
    assertThat(rows(read(PLAIN, dir.resolve("neg.txt")).rows(), "text"))
        .containsExactlyInAnyOrder(row("bad"), row(" 太坏了 "));
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 1 << 20})
  void linesAreTheSameHoweverTheirFileIsCut(int pieceBytes) throws IOException {
    Random random = new Random(5);
    List<Row> expected = new ArrayList<>();
    List<Row> malformed = new ArrayList<>();
    int files = 0;
    for (String end : List.of("\n", "\r\n", "\r")) {
      for (String kind : List.of("", ".gz")) {
        StringBuilder text = new StringBuilder();
        Path file = dir.resolve("file%s.txt%s".formatted(files++, kind));
        for (long line = 1; line <= 12; line++) {
          String word = "é".repeat(random.nextInt(8)) + line;
          switch (random.nextInt(6)) {
            case 0 -> text.append("  ");
            case 1 -> {
              text.append("x".repeat(101 + random.nextInt(60)));
              malformed.add(
                  row(file.toString(), line, "has more than 100 characters (format.max-text)"));
            }
            case 2 -> {
              text.append(word).append('\0');
              malformed.add(
                  row(
                      file.toString(),
                      line,
                      "character %s is U+0000: the line is not text".formatted(word.length() + 1)));
            }
            default -> {
              text.append(word);
              expected.add(row(file.toString(), line, word, word));
            }
          }
          text.append(end);
        }
        write(file.getFileName().toString(), text.toString());
      }
    }
    LocalSpark.session().conf().set(PIECE, Integer.toString(pieceBytes));
    NewRows scored = toScore(PLAIN, null, dir);
    assertThat(rows(scored.rows(), "_source", "_position", "_record", "text"))
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(rows(scored.quarantined(), "_source", "_position", "_reason"))
        .containsExactlyInAnyOrderElementsOf(malformed);
    Ingested ingested = read(PLAIN, dir);
    assertThat(ingested.rows().count()).isEqualTo(expected.size());
    assertThat(rows(ingested.quarantined(), "_source", "_position", "_reason"))
        .containsExactlyInAnyOrderElementsOf(malformed);
  }

  @Test
  void aLineOfManyMegabytesIsQuarantinedWithItsBeginning() throws IOException {
    for (String name : List.of("long.txt", "long.txt.gz")) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      bytes.writeBytes("one\n".getBytes(StandardCharsets.UTF_8));
      bytes.writeBytes("界".repeat(4 << 20).getBytes(StandardCharsets.UTF_8));
      bytes.writeBytes("\nthree".getBytes(StandardCharsets.UTF_8));
      Path file = write(name, bytes.toByteArray());
      Ingested ingested = read(new LinesSource("auto", 2000, LinesSource.Label.NONE), file);
      assertThat(rows(ingested.rows(), "text")).containsExactlyInAnyOrder(row("one"), row("three"));
      assertThat(rows(ingested.quarantined(), "_source", "_position", "_record", "_reason"))
          .containsExactly(
              row(
                  file.toString(),
                  2L,
                  "界".repeat(1000),
                  "has more than 2,000 characters (format.max-text)"));
    }
  }

  @Test
  void aLineOfControlCharactersIsNoText() throws IOException {
    Path file =
        write("x.txt", "\u0001\u0002\u001B[2Jx\none\ttwo\u000B three\n\u0007a bell is a text\n");
    Ingested ingested = read(PLAIN, file);
    assertThat(rows(ingested.rows(), "text"))
        .containsExactlyInAnyOrder(row("one\ttwo\u000B three"), row("\u0007a bell is a text"));
    assertThat(rows(ingested.quarantined(), "_position", "_reason"))
        .containsExactly(row(1L, "3 of 7 characters are control characters: the line is not text"));
  }

  /**
   * Some programs write such a half as if it were UTF-8: the file is that, and the line is none.
   */
  @Test
  void halfASurrogatePairLosesItsLineAndNotTheEncodingOfTheFile() throws IOException {
    Path file = dir.resolve("x.txt");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes("müde\n".getBytes(StandardCharsets.UTF_8));
    bytes.writeBytes(new byte[] {'a', (byte) 0xED, (byte) 0xA0, (byte) 0x80, 'b', '\n', 'c'});
    Ingested ingested = read(PLAIN, FileWriting.write(file, bytes.toByteArray()));
    assertThat(rows(ingested.rows(), "text")).containsExactlyInAnyOrder(row("müde"), row("c"));
    assertThat(rows(ingested.quarantined(), "_position", "_reason"))
        .containsExactly(
            row(
                2L,
                "bytes that are not UTF-8 at character 2: format.encoding names another encoding"));
  }

  @Test
  void encodingsAreToldByFileAndBadBytesByLine() throws IOException {
    String chinese = "自然语言处理是人工智能领域中的一个重要方向。";
    write("a.txt", (chinese + "\n" + chinese + "一\n").getBytes(Charset.forName("GB18030")));
    write("b.txt", ("\uFEFF" + chinese + "二\r\nb").getBytes(StandardCharsets.UTF_16BE));
    write("c.txt", "plain\n");
    Ingested ingested = read(PLAIN, dir);
    assertThat(rows(ingested.rows(), "text"))
        .containsExactlyInAnyOrder(
            row(chinese), row(chinese + "一"), row(chinese + "二"), row("b"), row("plain"));
    assertThat(ingested.notes())
        .containsExactly("encodings: GB18030 in 1 file, UTF-16BE in 1 file, UTF-8 in 1 file");

    Path bad = write("bad/d.txt", new byte[] {'a', '\n', 'b', 'c', (byte) 0xE9, 'd', '\n', 'e'});
    Ingested named = read(new LinesSource("UTF-8", 100, LinesSource.Label.NONE), bad);
    assertThat(rows(named.rows(), "text")).containsExactlyInAnyOrder(row("a"), row("e"));
    assertThat(rows(named.quarantined(), "_source", "_position", "_record", "_reason"))
        .containsExactly(
            row(
                bad.toString(),
                2L,
                "bc\uFFFDd",
                "bytes that are not UTF-8 at character 3: format.encoding names another encoding"));
    assertThat(named.notes()).containsExactly("encodings: UTF-8 in 1 file");
    assertThat(read(PLAIN, bad).rows().count()).isEqualTo(3);
  }

  @Test
  void rowsToScoreHaveTheLabelThatTheirFileSays() throws IOException {
    Path file = write("pos.txt", "\ngood\n");
    NewRows scored = toScore(LABELLED, null, file);
    assertThat(scored.columns()).containsExactly("text", "label");
    assertThat(rows(scored.rows(), "_source", "_position", "_record", "text", "label"))
        .containsExactly(row(file.toString(), 2L, "good", "good", "pos"));
    NewRows kept = toScore(LABELLED, List.of(), file);
    assertThat(kept.columns()).isEmpty();
    assertThat(rows(kept.rows(), "text")).containsExactly(row("good"));
  }

  @Test
  void settingsThatDoNotFitAreToldTogether() {
    assertThatThrownBy(() -> new LinesSource("", -1, LinesSource.Label.NONE))
        .hasMessage(
            "encoding must be auto or the name of an encoding, got \n"
                + "max-text must be at least 1, got -1");
    assertThatThrownBy(() -> settings(LABELLED, "label STRING, name STRING", "x"))
        .hasMessage(
            """
            schema: column name is none of format = lines, which gives `text` string, `label` string
            schema: must have the column text with format = lines, got `label` string, `name` string""");
  }

  @Test
  void compressedTextUnderAnotherNameIsRefused() throws IOException {
    Path packed = write("x.txt.gz", "one");
    Path other = Files.copy(packed, dir.resolve("y.txt"));
    assertThatThrownBy(() -> read(PLAIN, other))
        .hasMessage(other + ": cannot be read: is compressed, but its name does not end in .gz");
  }
}
