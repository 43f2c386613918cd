package sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.ingest.IngestSettings;
import sluice.ingest.Source;
import sluice.ingest.SourcePaths;
import sluice.ingest.SourceRows;

/** What is told of rows to score that are not in files. */
class SchemaFitTest {
  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  private Path directory;

  /** A table of a database. */
  private record Table(String table, boolean hasPositions) implements Source {
    @Override
    public List<String> problems(@Nullable SourcePaths path, Map<String, String> options) {
      return List.of();
    }

    @Override
    public String where(IngestSettings settings) {
      return "table " + table;
    }

    @Override
    public List<String> dateable(IngestSettings settings) {
      return List.of(table);
    }

    @Override
    public Map<String, String> fingerprints(SparkSession spark, IngestSettings settings) {
      throw new UnsupportedOperationException();
    }

    @Override
    public SourceRows read(SparkSession spark, IngestSettings settings) {
      throw new UnsupportedOperationException();
    }
  }

  private List<String> problems(Table toScore, String... overrides) throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("x.conf"),
            """
            pipeline { name = run }
            ingest { format = csv, path = "x.csv", schema = "age INT, y INT" }
            normalise { label { column = y }, features = [{ columns = [age], steps = [standardise] }] }
            """);
    PipelineConfig read = ConfigReader.ofPipelines().read(file, List.of(overrides)).value();
    PredictSettings predict = read.predict();
    return SchemaFit.problems(
        new PipelineConfig(
            read.pipeline(),
            read.ingest(),
            read.clean(),
            read.split(),
            read.normalise(),
            read.sufficiency(),
            read.augment(),
            read.model(),
            read.train(),
            read.decide(),
            read.evaluate(),
            new PredictSettings(
                new PredictSettings.SourceSettings(toScore, null, Map.of()),
                predict.bundle(),
                predict.keep(),
                predict.prefix(),
                predict.format(),
                predict.measure(),
                predict.maxUnscored()),
            read.explain(),
            read.spark()));
  }

  @Test
  void aSourceWithAPlaceForADateNeedsADate() throws IOException {
    assertThat(problems(new Table("t", true))).isEmpty();
    assertThat(problems(new Table("t_{date}", true)))
        .containsExactly(
            "pipeline.date must be given for predict.source.format = [t_{date}], as by --set"
                + " pipeline.date=2026-11-01");
    assertThat(
            problems(
                new Table("t_{date}", true),
                "pipeline.date=2026-11-01",
                "ingest.path=\"{date}.csv\""))
        .isEmpty();
  }

  @Test
  void rowsWithoutPositionsNeedAKey() throws IOException {
    assertThat(problems(new Table("t", false)))
        .containsExactly(
            "ingest.key must be given: the rows of predict.source, table t, have no position that"
                + " tells them apart");
    assertThat(problems(new Table("t", false), "ingest.key=age")).isEmpty();
  }
}
