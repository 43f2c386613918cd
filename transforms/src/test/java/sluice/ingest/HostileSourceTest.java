package sluice.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.data.Excerpt;
import sluice.data.InvalidInput;
import sluice.testing.FileSettings;
import sluice.testing.Gadget;
import sluice.testing.LocalSpark;

/** Sources that anybody may have written: a record that cannot be read is quarantined as any. */
class HostileSourceTest {
  @TempDir Path dir = Path.of("");

  static Stream<Arguments> records() {
    String deep = "[".repeat(100_000);
    String depth = "not JSON: Depth (1001) exceeds the maximum allowed nesting depth (1000)";
    String gadget = new String(Gadget.serialised(), StandardCharsets.ISO_8859_1).replace("\n", "");
    return Stream.of(
        Arguments.of("deep JSON", "json", Map.of(), "{\"a\": " + deep, depth),
        Arguments.of(
            "a class that is named by the record",
            "json",
            Map.of(),
            "{\"a\": {\"@class\": \"sluice.testing.Gadget\"}}",
            "a: {\"@class\": \"sluice.testing.Gadget\"} is no int"),
        Arguments.of(
            "many fields", "csv", Map.of(), "1" + ",".repeat(19_000), "19001 fields, must be 1"),
        Arguments.of(
            "a serialised object as CSV",
            "csv",
            Map.of("encoding", "ISO-8859-1"),
            gadget,
            "a: %s is no int".formatted(Excerpt.quoted(gadget.strip()))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("records")
  void aRecordThatCannotBeReadIsQuarantined(
      String what, String format, Map<String, String> options, String record, String reason)
      throws IOException {
    String good = format.equals("json") ? "{\"a\": 7}" : "7";
    Files.writeString(
        dir.resolve("data"), good + "\n" + record + "\n", StandardCharsets.ISO_8859_1);
    Ingested ingested = read(format, options, "a INT");
    assertThat(ingested.quarantined().select("_reason").collectAsList())
        .as(what)
        .extracting(row -> row.getString(0))
        .containsExactly(reason);
    assertThat(ingested.rows().select("a").collectAsList())
        .extracting(row -> row.getInt(0))
        .containsExactly(7);
    assertThat(Gadget.runs()).isZero();
  }

  static Stream<Arguments> files() {
    return Stream.of(
        Arguments.of(
            "idx",
            "image BINARY",
            ByteBuffer.allocate(20)
                .put(new byte[] {0, 0, 8, 3})
                .putInt(-1)
                .putInt(Integer.MAX_VALUE - 1)
                .putInt(1)
                .array(),
            "%s: is cut short: its header says 4,294,967,295 x 2,147,483,646 bytes,"
                + " 9,223,372,026,117,357,586 with itself, and there are 20"),
        Arguments.of(
            "idx",
            "image BINARY",
            ByteBuffer.allocate(512).put(new byte[] {0, 0, 8, 127}).putInt(-1).putInt(-1).array(),
            "%s: its header must say 1 item or more of 1 byte to 2 GiB, says 4,294,967,295 of 0"),
        Arguments.of(
            "idx",
            "image BINARY",
            Gadget.serialised(),
            "%s: must begin with the bytes 00 00 08 and the number of dimensions, as an idx file"
                + " of unsigned bytes does, begins with ac ed 00 05"));
  }

  @ParameterizedTest
  @MethodSource("files")
  void aFileThatIsNotWhatItSaysIsRefused(
      String format, String schema, byte[] content, String message) throws IOException {
    Path file = Files.write(dir.resolve("data"), content);
    assertThatThrownBy(() -> read(format, Map.of(), schema))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(message.formatted(file));
    assertThat(Gadget.runs()).isZero();
  }

  @Test
  void aSerialisedObjectIsNoParquet() throws IOException {
    Path file = Files.write(dir.resolve("data"), Gadget.serialised());
    List<Row> quarantined = read("parquet", Map.of(), "a INT").quarantined().collectAsList();
    assertThat(quarantined).hasSize(1);
    assertThat(quarantined.get(0).getString(0)).isEqualTo(file.toString());
    assertThat(quarantined.get(0).getString(3)).startsWith("not a readable Parquet file: ");
    assertThat(Gadget.runs()).isZero();
  }

  @Test
  void whatIsNotJsonIsCutBetweenCharacters() throws IOException {
    String rest = "}" + "a".repeat(998);
    JsonElements records =
        new JsonElements(new JsonFactory(), new StringReader(rest + "\ud83d\ude00"), 10_000, "");
    assertThat(records.next().text()).isEqualTo(rest);
  }

  /** What Spark's plan holds is shown on its pages and kept in its event log. */
  @Test
  void noOptionIsPartOfThePlan() throws IOException {
    Files.writeString(dir.resolve("data"), "{\"a\": /* a comment */ 7}\n");
    Ingested ingested =
        read("json", Map.of("dateFormat", "yyyy'hunter2'", "allowComments", "true"), "a INT");
    assertThat(ingested.rows().queryExecution().toString())
        .doesNotContain("hunter2", "allowComments");
    assertThat(ingested.rows().select("a").first().getInt(0)).isEqualTo(7);
  }

  @Test
  void thePasswordInAnAddressIsNotPartOfItsName() {
    assertThat(SourceFiles.named("ftp://me:hunter2@host/a%20b.csv"))
        .isEqualTo("ftp://host/a b.csv");
    assertThat(SourceFiles.named("abfs://container@account.net/a.csv"))
        .isEqualTo("abfs://container@account.net/a.csv");
    assertThat(SourceFiles.named("file:///tmp/a%20b.csv")).isEqualTo("/tmp/a b.csv");
  }

  private Ingested read(String format, Map<String, String> options, String schema) {
    return Ingest.read(
        LocalSpark.session(),
        FileSettings.of(format, List.of(dir.resolve("data").toString()), options, schema, 1, null));
  }
}
