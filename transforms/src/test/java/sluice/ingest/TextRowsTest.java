package sluice.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.FieldType;
import sluice.ingest.TextRecords.Position;
import sluice.testing.LocalSpark;

class TextRowsTest {
  private static final String PIECE = "spark.sql.files.maxPartitionBytes";
  private static final DatasetContract CONTRACT =
      new DatasetContract(List.of(new Field("n", FieldType.INT)));

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  private Path directory;

  private final List<SourceFile> files = new ArrayList<>();

  /** What is expected, as {@code file:position:text}. */
  private final List<String> rowsByLine = new ArrayList<>();

  private final List<String> rowsByRecord = new ArrayList<>();
  private final List<String> malformedByLine = new ArrayList<>();
  private final List<String> malformedByRecord = new ArrayList<>();

  @AfterEach
  void piecesOfTheUsualSize() {
    LocalSpark.session().conf().unset(PIECE);
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 1 << 20})
  void everyRecordHasItsPositionHoweverItsFileIsCut(int pieceBytes) throws IOException {
    Random random = new Random(pieceBytes);
    for (String end : List.of("\n", "\r\n", "\r")) {
      for (int lines : new int[] {1, 2, 12}) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < lines; i++) {
          texts.add(
              i > 0 && random.nextInt(4) == 0
                  ? " ".repeat(random.nextInt(3))
                  : (random.nextInt(4) == 0 ? "ä" : "") + random.nextInt());
        }
        boolean closed = lines != 2;
        write("file%s.txt".formatted(files.size()), texts, end, closed);
        write("file%s.txt.gz".formatted(files.size()), texts, end, closed);
      }
    }
    write("empty.txt", List.of(), "", false);
    LocalSpark.session().conf().set(PIECE, Integer.toString(pieceBytes));

    RawTable byLine = rows(Map.of()).placed(CONTRACT, Position.LINE);
    assertThat(texts(byLine.rows())).containsExactlyInAnyOrderElementsOf(rowsByLine);
    assertThat(texts(byLine.quarantined())).containsExactlyInAnyOrderElementsOf(malformedByLine);

    RawTable byRecord = rows(Map.of()).placed(CONTRACT, Position.RECORD);
    assertThat(texts(byRecord.quarantined()))
        .containsExactlyInAnyOrderElementsOf(malformedByRecord);
    assertThat(texts(byRecord.rows())).containsExactlyInAnyOrderElementsOf(rowsByRecord);

    RawTable plain = rows(Map.of()).table(CONTRACT);
    assertThat(texts(plain.quarantined())).containsExactlyInAnyOrderElementsOf(malformedByLine);
    assertThat(plain.rows().count()).isEqualTo(rowsByLine.size());
  }

  @Test
  void onlyPiecesThatHoldMalformedRecordsAreReadAgain() throws IOException {
    StringBuilder text = new StringBuilder("n\n");
    for (int line = 2; line <= 2000; line++) {
      text.append(line == 1500 ? "x" : line).append('\n');
    }
    add(Files.writeString(directory.resolve("a.csv"), text));
    add(Files.writeString(directory.resolve("b.csv"), text.toString().replace("x", "1500")));
    LocalSpark.session().conf().set(PIECE, "1000");
    RawTable table = rows(Map.of("header", "true")).table(CONTRACT);
    assertThat(table.rows().count()).isEqualTo(2 * 1999 - 1);
    assertThat(table.rows().javaRDD().getNumPartitions()).isGreaterThan(15);
    assertThat(table.quarantined().javaRDD().getNumPartitions()).isEqualTo(1);
    assertThat(texts(table.quarantined())).containsExactly(directory.resolve("a.csv") + ":1500:x");
  }

  private TextRows rows(Map<String, String> options) {
    return new TextRows(LocalSpark.session(), files, new CsvFormat(options, CONTRACT));
  }

  private void add(Path file) throws IOException {
    files.add(
        new SourceFile(
            file.toUri().toString(),
            file.getFileName().toString(),
            Files.size(file),
            0,
            file.toRealPath().toString()));
  }

  private void write(String name, List<String> texts, String end, boolean closed)
      throws IOException {
    Path file = directory.resolve(name);
    String content = texts.isEmpty() ? "" : "\uFEFF" + String.join(end, texts);
    try (OutputStream out =
        name.endsWith(".gz")
            ? new GZIPOutputStream(Files.newOutputStream(file))
            : Files.newOutputStream(file)) {
      out.write((content + (closed ? end : "")).getBytes(StandardCharsets.UTF_8));
    }
    add(file);
    int number = 0;
    for (int i = 0; i < texts.size(); i++) {
      String text = texts.get(i);
      if (!text.isBlank()) {
        number++;
        boolean malformed = text.startsWith("ä");
        (malformed ? malformedByLine : rowsByLine).add("%s:%s:%s".formatted(file, i + 1, text));
        (malformed ? malformedByRecord : rowsByRecord)
            .add("%s:%s:%s".formatted(file, number, text));
      }
    }
  }

  private static List<String> texts(Dataset<Row> rows) {
    return rows.select("_source", "_position", "_record").collectAsList().stream()
        .map(row -> "%s:%s:%s".formatted(row.getString(0), row.getLong(1), row.getString(2)))
        .toList();
  }
}
