package sluice.stages;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import sluice.bundle.BatchScorer;
import sluice.bundle.BundleTarget;
import sluice.bundle.ModelBundle;
import sluice.data.AcceptedRejected;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.InvalidInput;
import sluice.data.Task;
import sluice.decision.FittedDecision;
import sluice.evaluation.metric.Label;
import sluice.evaluation.metric.Predictions;
import sluice.evaluation.predictions.ModelPredictions;
import sluice.evaluation.predictions.PredictionRows;
import sluice.jobs.JobContext;
import sluice.normalise.FeatureColumns;
import sluice.normalise.Normalise;
import sluice.run.ModelRegistry;
import sluice.run.ModelVersion;
import sluice.run.Stage;

/**
 * The bundle that is in use, on the rows that a new one is judged on. It reads them as they were
 * ingested, with its own rules and its own preprocessing, as it does when it is used.
 *
 * @param version of the registry
 * @param predictions of the test part, decided as it decides where it is used; null if it cannot be
 *     compared
 * @param notCompared why not; null if it can
 */
record Champion(
    ModelVersion version, @Nullable ModelPredictions predictions, @Nullable String notCompared) {
  private static final String TRUTH = "_truth";

  /** The manifest's input and fact that say what was compared with, or scored with. */
  static final String NAME = "inUse";

  /**
   * The fact.
   *
   * @param version of the registry
   * @param bundle its id
   * @param notCompared why it was not measured; null if it was
   */
  record Fact(int version, String bundle, @Nullable String notCompared) {}

  Fact fact() {
    return new Fact(version.version(), version.bundle(), notCompared);
  }

  /** What a bundle of this run is to be compared with, if anything was in use before. */
  static Optional<ModelVersion> version(JobContext context, String bundle) {
    return registry(context).before(bundle, context.run().directory().date().orElse(null));
  }

  /**
   * The version in use.
   *
   * @throws InvalidInput (configuration) if there is none
   */
  static ModelVersion version(JobContext context) {
    ModelRegistry registry = registry(context);
    return registry
        .inUse()
        .orElseThrow(
            () ->
                InvalidInput.configuration(
                    "predict.bundle = in-use needs a version of %s in use, none is; run the job promote first"
                        .formatted(registry.name())));
  }

  /** The bundle of a version. */
  static ModelBundle bundle(JobContext context, ModelVersion version) {
    ModelRegistry registry = registry(context);
    return ModelBundle.of(
        (name, most) -> registry.read(version, name, most),
        registry.path(version.version()).toString());
  }

  private static ModelRegistry registry(JobContext context) {
    return ModelRegistry.of(context.run().directory(), context.hadoop());
  }

  /**
   * Measures a version.
   *
   * @param truth the features of the part: key and label, numbers as they were read
   * @param rows how many they are
   * @param label of the new bundle
   */
  static Champion of(
      JobContext context, ModelVersion version, Dataset<Row> truth, int rows, Label label) {
    ModelBundle bundle = bundle(context, version);
    @Nullable BundleTarget target = target(bundle, label);
    if (target == null) {
      return new Champion(
          version,
          null,
          "version %d does not predict %s".formatted(version.version(), label.column()));
    }
    Label own = target.label();
    if (own.task() != label.task()
        || !Set.copyOf(own.classes()).equals(Set.copyOf(label.classes()))) {
      return new Champion(
          version,
          null,
          "version %d predicts %s, which is not %s"
              .formatted(version.version(), described(own), described(label)));
    }
    Dataset<Row> raw = context.readWindow(Stage.RAW);
    List<String> missing = new ArrayList<>(bundle.needed().input().names());
    missing.removeAll(List.of(raw.columns()));
    if (!missing.isEmpty()) {
      return new Champion(
          version,
          null,
          "version %d reads columns that are not there any more: %s"
              .formatted(version.version(), String.join(", ", missing)));
    }
    try {
      return scored(version, target, raw, truth, rows, label);
    } catch (InvalidInput fault) {
      return new Champion(
          version,
          null,
          "version %d cannot read the rows: %s"
              .formatted(version.version(), String.join("; ", fault.problems())));
    }
  }

  /** What a version says of a label: of one alone whatever its column is called. */
  private static @Nullable BundleTarget target(ModelBundle bundle, Label label) {
    List<BundleTarget> targets = bundle.targets();
    return targets.stream()
        .filter(target -> target.isOnly() || target.label().column().equals(label.column()))
        .findFirst()
        .orElse(null);
  }

  private static Champion scored(
      ModelVersion version,
      BundleTarget target,
      Dataset<Row> raw,
      Dataset<Row> truth,
      int rows,
      Label label) {
    ModelBundle bundle = target.bundle();
    Label own = target.label();
    Set<String> read = new HashSet<>(bundle.needed().input().names());
    List<Column> columns = new ArrayList<>();
    for (String column : raw.columns()) {
      if (read.contains(column) || column.startsWith("_")) {
        columns.add(Columns.named(column));
      }
    }
    Dataset<Row> keys =
        truth.select(
            col(FeatureColumns.KEY).as(DatasetContract.KEY), col(FeatureColumns.LABEL).as(TRUTH));
    AcceptedRejected cleaned =
        bundle
            .needed()
            .apply(
                raw.select(columns.toArray(Column[]::new))
                    .join(keys.select(DatasetContract.KEY), DatasetContract.KEY));
    AcceptedRejected features = Normalise.apply(bundle.preprocessing(), cleaned.accepted());
    Dataset<Row> scored =
        BatchScorer.score(features.accepted().drop(FeatureColumns.LABEL), bundle.undecided())
            .withColumnRenamed(FeatureColumns.KEY, DatasetContract.KEY)
            .join(keys, DatasetContract.KEY);
    Predictions predictions =
        PredictionRows.of(
            label,
            scored,
            new PredictionRows.Shape(DatasetContract.KEY, TRUTH, output(target, label), List.of()));
    return predictions.rows() == rows
        ? new Champion(
            version,
            ModelPredictions.of(
                predictions,
                null,
                new FittedDecision(target.decision(), List.of()),
                own.positive() == null ? -1 : label.classes().indexOf(own.positive())),
            null)
        : new Champion(
            version,
            null,
            "version %d can score %,d of the %,d rows only"
                .formatted(version.version(), predictions.rows(), rows));
  }

  /** What the version says, with its classes in the order of another label. */
  private static Column output(BundleTarget target, Label label) {
    List<String> classes = target.label().classes();
    return label.task().isOfClasses()
        ? array(
            label.classes().stream()
                .map(name -> BatchScorer.output(target).getItem(classes.indexOf(name)))
                .toArray(Column[]::new))
        : BatchScorer.output(target);
  }

  private static String described(Label label) {
    return label.task() == Task.REGRESSION
        ? "numbers of " + label.column()
        : "the classes %s of %s".formatted(label.classes(), label.column());
  }
}
