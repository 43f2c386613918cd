package sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sluice.data.FieldType;
import sluice.ingest.IngestSettings;
import sluice.ingest.Source;
import sluice.ingest.SourcePaths;
import sluice.ingest.Sources;
import sluice.testing.FileSettings;

/** How the rows to score are read: as those that were ingested, but for what is said of them. */
final class PredictSettingsTest {
  private static final IngestSettings INGEST =
      FileSettings.of(
          "csv", List.of("x.csv"), Map.of("header", "true", "sep", ";"), "a INT", 0.5, "a");

  private static IngestSettings over(@Nullable Source format, Map<String, String> options) {
    return new PredictSettings.SourceSettings(format, List.of("new"), options)
        .over(INGEST, INGEST.contract().with("b", FieldType.INT));
  }

  @Test
  void withoutAFormatItsOptionsLieOverThoseOfIngest() {
    IngestSettings read = over(null, Map.of("encoding", "ISO-8859-1", "SEP", "|"));
    assertThat(read.format()).isEqualTo(Sources.CSV);
    assertThat(read.options())
        .hasSize(3)
        .containsEntry("header", "true")
        .containsEntry("encoding", "ISO-8859-1")
        .containsValue("|");
    assertThat(read.path()).isEqualTo(SourcePaths.of(List.of("new")));
    assertThat(read.contract().names()).containsExactly("a", "b");
    assertThat(read.key()).isNull();
    assertThat(read.maxQuarantined()).isEqualTo(0.5);
    assertThat(over(null, Map.of()).options()).isEqualTo(INGEST.options());
  }

  /** So that the hash of a configuration is that of a time when a format was a text. */
  @Test
  void aFormatWithoutParametersIsShownByItsName() {
    assertThat(Rendering.of(INGEST, PipelineConfig.FAMILIES, key -> true))
        .containsEntry("format", "\"csv\"")
        .doesNotContainKey("format.type");
  }

  @Test
  void aFormatOfTheirOwnHasOptionsOfItsOwn() {
    assertThat(over(Sources.JSON, Map.of("encoding", "UTF-16")).options())
        .isEqualTo(Map.of("encoding", "UTF-16"));
    assertThat(over(Sources.CSV, Map.of()).options()).isEmpty();
  }
}
