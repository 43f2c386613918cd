package sluice.stages;

import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import sluice.bundle.BundleTarget;
import sluice.bundle.ModelBundle;
import sluice.bundle.SentBundle;
import sluice.data.DatasetContract;
import sluice.evaluation.metric.Predictions;
import sluice.evaluation.predictions.ModelRows;
import sluice.evaluation.predictions.PredictionRows;
import sluice.jobs.JobContext;
import sluice.normalise.FeatureColumns;
import sluice.normalise.NumberLabel;
import sluice.run.Stage;
import sluice.split.Part;
import sluice.training.examples.LabelColumns;

/** What the network of a bundle says of the run's features. */
final class PartPredictions {
  private PartPredictions() {}

  /**
   * Predictions of each label for the rows of a part that have it, neither calibrated nor with a
   * threshold. The network sees each row once.
   *
   * @param slices of the cleaned rows to tell results apart by
   */
  static List<Predictions> of(
      JobContext context, ModelBundle bundle, Part part, SliceColumns slices) {
    return ModelRows.score(
        features(context, part),
        truths(bundle),
        new SentBundle(bundle.undecided()).model(),
        scored ->
            of(
                slices.joined(scored, context.read(Stage.SPLIT), DatasetContract.KEY),
                bundle.targets(),
                target -> ModelRows.outputs(target.index()),
                slices.names()));
  }

  /**
   * Predictions of each label for scored rows.
   *
   * @param scored rows with their key and {@link #truth} of each label
   * @param outputs the column of a label's probabilities, or of its number
   * @param slices columns to tell results apart by
   */
  static List<Predictions> of(
      Dataset<Row> scored,
      List<BundleTarget> targets,
      Function<BundleTarget, Column> outputs,
      List<String> slices) {
    return PredictionRows.of(
        scored,
        targets.stream()
            .map(
                target ->
                    new PredictionRows.Labelled(
                        target.label(),
                        new PredictionRows.Shape(
                            DatasetContract.KEY, truth(target), outputs.apply(target), slices)))
            .toList());
  }

  /** The keys of a part's rows as raw rows have them, and {@link #truth} of each label. */
  static Dataset<Row> truths(JobContext context, ModelBundle bundle, Part part) {
    return features(context, part).select(truths(bundle).toArray(Column[]::new));
  }

  private static List<Column> truths(ModelBundle bundle) {
    List<Column> columns = new ArrayList<>();
    columns.add(col(FeatureColumns.KEY).as(DatasetContract.KEY));
    bundle.targets().forEach(target -> columns.add(read(target).as(truth(target))));
    return columns;
  }

  /** The name of the column of a label's truth, which is null in rows that do not have it. */
  static String truth(BundleTarget target) {
    return "_truth" + target.index();
  }

  private static Dataset<Row> features(JobContext context, Part part) {
    return context.read(Stage.FEATURES).filter(col(FeatureColumns.PART).equalTo(part.text()));
  }

  /** The column of a label in a feature table. */
  static Column label(BundleTarget target) {
    return LabelColumns.of(target.bundle().definition().targets()).get(target.index());
  }

  /** The label in a feature table as predictions are measured against it. */
  private static Column read(BundleTarget target) {
    if (!(target.fitted() instanceof NumberLabel)) {
      return label(target);
    }
    Column truth = col(FeatureColumns.TRUTH);
    return target.isOnly() ? truth : truth.getField("_" + target.index());
  }

  /** The feature rows that have a label, with it alone, as it was read, as their label. */
  static Dataset<Row> labelled(Dataset<Row> features, BundleTarget target) {
    return (target.isOnly() ? features : features.filter(label(target).isNotNull()))
        .withColumn(FeatureColumns.LABEL, read(target));
  }
}
