package sluice.stages;

import static org.apache.spark.sql.functions.col;

import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import sluice.augment.Augment;
import sluice.augment.Augmenters;
import sluice.augment.TrainFeatures;
import sluice.augment.TrainRows;
import sluice.config.PipelineConfig;
import sluice.jobs.JobContext;
import sluice.jobs.StageResult;
import sluice.jobs.StageWork;
import sluice.normalise.FeatureColumns;
import sluice.normalise.FittedPreprocessing;
import sluice.run.Attempt;
import sluice.run.Stage;
import sluice.run.StageOutput;
import sluice.split.Part;
import sluice.split.Split;

/**
 * {@code features}, and {@code split} where texts are to be changed, to {@code augmented}: added
 * train examples only.
 */
public final class AugmentStage implements StageWork {

  @Override
  public Stage stage() {
    return Stage.AUGMENTED;
  }

  @Override
  public String purpose() {
    return "Adds examples to the train part.";
  }

  @Override
  public List<String> plan(PipelineConfig config) {
    return List.of(
        "add by %s"
            .formatted(config.augment().steps().stream().map(Augmenters.TYPES::name).toList()));
  }

  @Override
  public List<Object> settings(PipelineConfig config) {
    return List.of(config.augment());
  }

  @Override
  public Map<String, String> inputs(JobContext context) {
    return context.config().augment().changesRows()
        ? context.fingerprints(Stage.SPLIT, Stage.FEATURES)
        : context.fingerprints(Stage.FEATURES);
  }

  @Override
  public StageResult make(JobContext context, Attempt attempt) {
    PipelineConfig config = context.config();
    FittedPreprocessing fitted = context.preprocessing();
    Dataset<Row> train =
        context.read(Stage.FEATURES).filter(col(FeatureColumns.PART).equalTo(Part.TRAIN.text()));
    Dataset<Row> added =
        Augment.apply(
            new TrainFeatures(train, fitted.schema()),
            config.augment().changesRows()
                ? new TrainRows(
                    Split.rows(context.read(Stage.SPLIT), config.split(), Part.TRAIN), fitted)
                : null,
            config.augment(),
            config.pipeline().seed());
    context.write(added, attempt.path());
    long rows = context.read(attempt.path()).count();
    return new StageResult(
        List.of(StageOutput.of(Stage.AUGMENTED, Map.of("added", rows))),
        List.of(config.augment().steps().isEmpty() ? "no augmenters" : "added to the train part"));
  }
}
