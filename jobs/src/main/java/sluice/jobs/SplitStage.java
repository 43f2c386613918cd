package sluice.jobs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import sluice.config.PipelineConfig;
import sluice.data.Columns;
import sluice.data.SparkSchema;
import sluice.run.Attempt;
import sluice.run.Outcome;
import sluice.run.Stage;
import sluice.split.Part;
import sluice.split.Split;
import sluice.split.SplitSettings;

/** {@code clean} to {@code split}: every row with its part. */
final class SplitStage implements StageWork {

  @Override
  public Stage stage() {
    return Stage.SPLIT;
  }

  @Override
  public String purpose() {
    return "Divides the rows into train, validation and test.";
  }

  @Override
  public List<String> plan(PipelineConfig config) {
    return List.of("divide by " + config.split().by().text());
  }

  @Override
  public List<Object> settings(PipelineConfig config) {
    return List.of(config.split());
  }

  @Override
  public Map<String, String> inputs(JobContext context) {
    return context.windowFingerprints(Stage.CLEAN);
  }

  @Override
  public Made make(JobContext context, Attempt attempt) {
    Dataset<Row> clean = context.readWindow(Stage.CLEAN);
    Dataset<Row> split =
        Split.apply(
            clean,
            SparkSchema.contract(clean.schema()),
            context.config().split(),
            context.config().pipeline().seed());
    context.write(split, attempt.path());
    Map<Part, Long> counts = Split.counts(context.read(attempt.path()));
    Map<String, Long> rows = new LinkedHashMap<>();
    counts.forEach((part, count) -> rows.put(part.text(), count));
    SplitSettings settings = context.config().split();
    List<String> notes = new ArrayList<>();
    notes.add(
        settings.sameRows()
            ? "train and test are the same rows"
            : "train %,d, validation %,d, test %,d"
                .formatted(rows.get("train"), rows.get("validation"), rows.get("test")));
    Shares.inexact(settings, counts, () -> strata(context.read(attempt.path()), settings))
        .ifPresent(notes::add);
    return new Made(List.of(Outcome.of(Stage.SPLIT, rows)), notes);
  }

  private static long strata(Dataset<Row> split, SplitSettings settings) {
    @Nullable String column = settings.stratifyBy();
    return column == null ? 1 : split.select(Columns.named(column)).distinct().count();
  }
}
