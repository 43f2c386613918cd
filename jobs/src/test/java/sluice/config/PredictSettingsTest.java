package sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sluice.ingest.IngestSettings;

/** How the rows to score are read: as those that were ingested, but for what is said of them. */
final class PredictSettingsTest {
  private static final IngestSettings INGEST =
      new IngestSettings(
          "csv", List.of("x.csv"), Map.of("header", "true", "sep", ";"), "a INT", 0.5, "a");

  private static IngestSettings over(@Nullable String format, Map<String, String> options) {
    return new PredictSettings.Source(format, List.of("new"), options)
        .over(INGEST, List.of("new"), "a INT, b INT");
  }

  @Test
  void withoutAFormatItsOptionsLieOverThoseOfIngest() {
    IngestSettings read = over(null, Map.of("encoding", "ISO-8859-1", "SEP", "|"));
    assertThat(read.format()).isEqualTo("csv");
    assertThat(read.options())
        .hasSize(3)
        .containsEntry("header", "true")
        .containsEntry("encoding", "ISO-8859-1")
        .containsValue("|");
    assertThat(read.path().files()).containsExactly("new");
    assertThat(read.contract().names()).containsExactly("a", "b");
    assertThat(read.key()).isNull();
    assertThat(read.maxQuarantined()).isEqualTo(0.5);
    assertThat(over(null, Map.of()).options()).isEqualTo(INGEST.options());
  }

  @Test
  void aFormatOfTheirOwnHasOptionsOfItsOwn() {
    assertThat(over("json", Map.of("encoding", "UTF-16")).options())
        .isEqualTo(Map.of("encoding", "UTF-16"));
    assertThat(over("csv", Map.of()).options()).isEmpty();
  }
}
