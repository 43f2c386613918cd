package sluice.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.testing.LocalSpark;

class NumberedLinesTest {
  private static final String PIECE = "spark.sql.files.maxPartitionBytes";

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  private Path directory;

  private final List<String> files = new ArrayList<>();
  private final List<String> all = new ArrayList<>();
  private final List<String> notBlank = new ArrayList<>();

  @AfterEach
  void piecesOfTheUsualSize() {
    LocalSpark.session().conf().unset(PIECE);
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 1 << 20})
  void everyLineHasItsNumberHoweverItsFileIsCut(int pieceBytes) throws IOException {
    Random random = new Random(pieceBytes);
    for (String end : List.of("\n", "\r\n", "\r")) {
      for (int lines : new int[] {1, 2, 40}) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < lines; i++) {
          texts.add(
              i > 0 && random.nextInt(4) == 0
                  ? " ".repeat(random.nextInt(3))
                  : "ä" + random.nextInt());
        }
        boolean closed = lines != 2;
        write("file%s.txt".formatted(files.size()), texts, end, closed);
        write("file%s.txt.gz".formatted(files.size()), texts, end, closed);
      }
    }
    Files.writeString(directory.resolve("empty.txt"), "");
    files.add(directory.resolve("empty.txt").toUri().toString());
    SparkSession spark = LocalSpark.session();
    spark.conf().set(PIECE, Integer.toString(pieceBytes));
    assertThat(texts(NumberedLines.all(spark, files, Optional.empty())))
        .containsExactlyInAnyOrderElementsOf(all);
    assertThat(texts(NumberedLines.notBlank(spark, files, Optional.empty())))
        .containsExactlyInAnyOrderElementsOf(notBlank);
  }

  private void write(String name, List<String> texts, String end, boolean closed)
      throws IOException {
    Path file = directory.resolve(name);
    String content = "\uFEFF" + String.join(end, texts) + (closed ? end : "");
    try (OutputStream out =
        name.endsWith(".gz")
            ? new GZIPOutputStream(Files.newOutputStream(file))
            : Files.newOutputStream(file)) {
      out.write(content.getBytes(StandardCharsets.UTF_8));
    }
    String address = file.toUri().toString();
    files.add(address);
    int number = 0;
    // What stands behind the last end of a line is a line if it is anything.
    int lines = closed || !texts.get(texts.size() - 1).isEmpty() ? texts.size() : texts.size() - 1;
    for (int i = 0; i < lines; i++) {
      all.add("%s:%s:%s".formatted(address, i + 1, texts.get(i)));
      if (!texts.get(i).isBlank()) {
        number++;
        notBlank.add("%s:%s:%s".formatted(address, number, texts.get(i)));
      }
    }
  }

  private static List<String> texts(Dataset<Row> lines) {
    return lines.collectAsList().stream()
        .map(
            row ->
                "%s:%s:%s"
                    .formatted(
                        row.getString(0),
                        row.getLong(1),
                        new String(row.<byte[]>getAs(2), StandardCharsets.UTF_8)))
        .toList();
  }
}
