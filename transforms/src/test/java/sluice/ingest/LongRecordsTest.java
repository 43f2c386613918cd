package sluice.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.testing.LocalSpark;

/** Records of CSV and JSON that are too long to be held are quarantined, each with its place. */
class LongRecordsTest {
  @TempDir Path dir = Path.of("");

  private static Ingested read(Path file, Source format, Map<String, String> options) {
    return Ingest.read(
        LocalSpark.session(),
        new IngestSettings(
            format,
            SourcePaths.of(List.of(file.toString())),
            options,
            "id INT, text STRING",
            1,
            null,
            null));
  }

  private static List<Integer> ids(Ingested ingested) {
    return ingested.rows().select("id").collectAsList().stream()
        .map(row -> row.getInt(0))
        .sorted()
        .toList();
  }

  private static List<Row> quarantined(Ingested ingested) {
    return ingested
        .quarantined()
        .select("_position", "_record", "_reason")
        .orderBy("_position")
        .collectAsList();
  }

  @ParameterizedTest
  @CsvSource({"x.csv, false", "x.csv.gz, false", "x.csv, true"})
  void aLineOfCsvIsBounded(String name, boolean multiLine) throws IOException {
    String longest = "\"" + "y".repeat(15_999_994) + "\"";
    Path file =
        FileWriting.write(
            dir.resolve(name),
            "1,a\n2,\"%s\"\n3,c\n44,%s\n".formatted("x".repeat(16_000_000), longest));
    Ingested ingested = read(file, Sources.CSV, Map.of("multiLine", "" + multiLine));
    assertThat(ids(ingested)).containsExactly(1, 3, 44);
    List<Row> records = quarantined(ingested);
    assertThat(records).hasSize(1);
    assertThat(records.get(0).getLong(0)).isEqualTo(2);
    assertThat(records.get(0).getString(1)).startsWith("2,\"xx").hasSize(1000);
    assertThat(records.get(0).getString(2))
        .isEqualTo("has more than 16,000,000 characters (options.maxCharsPerColumn can raise it)");
  }

  @Test
  void moreIsReadWhereTheOptionsAllowIt() throws IOException {
    Path file =
        FileWriting.write(dir.resolve("x.csv"), "1,%s\n2,b\n".formatted("x".repeat(16_000_000)));
    assertThat(ids(read(file, Sources.CSV, Map.of("maxCharsPerColumn", "17000000"))))
        .containsExactly(1, 2);
  }

  @ParameterizedTest
  @CsvSource({"x.json, 3", "x.json.gz, 3"})
  void aLineOfJsonIsBounded(String name, int last) throws IOException {
    Path file = FileWriting.write(dir.resolve(name), json("x".repeat(200_000)));
    Ingested ingested = read(file, Sources.JSON, Map.of("maxStringLen", "100000"));
    assertThat(ids(ingested)).containsExactly(1, last);
    List<Row> records = quarantined(ingested);
    assertThat(records).hasSize(1);
    assertThat(records.get(0).getLong(0)).isEqualTo(2);
    assertThat(records.get(0).getString(1)).startsWith("{\"id\": 2, ").hasSize(1000);
    assertThat(records.get(0).getString(2))
        .isEqualTo("has more than 100,000 characters (options.maxStringLen can raise it)");
  }

  /** Where records go over lines, nothing tells the next one from it. */
  @Test
  void anElementOfJsonIsBounded() throws IOException {
    Path file = FileWriting.write(dir.resolve("x.json"), json("x".repeat(200_000)));
    Ingested ingested =
        read(
            file,
            Sources.JSON,
            new TreeMap<>(Map.of("maxStringLen", "100000", "multiLine", "true")));
    assertThat(ids(ingested)).containsExactly(1);
    List<Row> records = quarantined(ingested);
    assertThat(records).hasSize(1);
    assertThat(records.get(0).getString(1)).startsWith("{\"id\": 2, ").hasSize(1000);
    assertThat(records.get(0).getString(2))
        .isEqualTo("has more than 100,000 characters (options.maxStringLen can raise it)");
  }

  private static String json(String text) {
    return """
        {"id": 1, "text": "a"}
        {"id": 2, "text": "%s"}
        {"id": 3, "text": "c"}
        """
        .formatted(text);
  }
}
