package sluice.stages;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import sluice.bundle.BundleTarget;
import sluice.bundle.ModelBundle;
import sluice.bundle.SentBundle;
import sluice.data.AcceptedRejected;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.InvalidInput;
import sluice.decision.FittedDecision;
import sluice.evaluation.metric.Label;
import sluice.evaluation.metric.Predictions;
import sluice.evaluation.predictions.ModelPredictions;
import sluice.evaluation.predictions.ModelRows;
import sluice.jobs.JobContext;
import sluice.normalise.FeatureColumns;
import sluice.normalise.Normalise;
import sluice.run.ModelRegistry;
import sluice.run.ModelVersion;
import sluice.run.Stage;
import sluice.split.Part;

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
   * Measures a version on each label of a new bundle. It sees each row once.
   *
   * @param judged the new bundle
   * @param network what it says of the part's rows, by label
   */
  static List<Champion> of(
      JobContext context,
      ModelVersion version,
      ModelBundle judged,
      Part part,
      List<Predictions> network) {
    ModelBundle bundle = bundle(context, version);
    List<Optional<String>> objections =
        judged.targets().stream().map(target -> objection(version, bundle, target)).toList();
    List<BundleTarget> comparable =
        judged.targets().stream()
            .filter(target -> objections.get(target.index()).isEmpty())
            .toList();
    @Nullable String unreadable = null;
    Iterator<Predictions> scored = Collections.emptyIterator();
    if (!comparable.isEmpty()) {
      Dataset<Row> raw = context.readWindow(Stage.RAW);
      unreadable = missing(version, bundle, raw);
      if (unreadable == null) {
        try {
          Dataset<Row> truths = PartPredictions.truths(context, judged, part);
          scored = scored(bundle, raw, truths, comparable).iterator();
        } catch (InvalidInput fault) {
          unreadable =
              "version %d cannot read the rows: %s"
                  .formatted(version.version(), String.join("; ", fault.problems()));
        }
      }
    }
    List<Champion> champions = new ArrayList<>();
    for (BundleTarget target : judged.targets()) {
      @Nullable String reason = objections.get(target.index()).orElse(unreadable);
      champions.add(
          reason == null
              ? compared(
                  version,
                  target.counterpart(bundle).orElseThrow(),
                  target.label(),
                  scored.next(),
                  network.get(target.index()).rows())
              : new Champion(version, null, reason));
    }
    return champions;
  }

  /** Why a version cannot be compared on a label. */
  private static Optional<String> objection(
      ModelVersion version, ModelBundle bundle, BundleTarget judged) {
    Label label = judged.label();
    Optional<BundleTarget> counterpart = judged.counterpart(bundle);
    if (counterpart.isEmpty()) {
      return Optional.of(
          "version %d does not predict %s".formatted(version.version(), label.column()));
    }
    Label own = counterpart.get().label();
    return own.task() == label.task()
            && Set.copyOf(own.classes()).equals(Set.copyOf(label.classes()))
            && Objects.equals(own.tagging(), label.tagging())
        ? Optional.empty()
        : Optional.of(
            "version %d predicts %s, which is not %s"
                .formatted(version.version(), described(own), described(label)));
  }

  /** What a version lacks of the rows; null if nothing. */
  private static @Nullable String missing(
      ModelVersion version, ModelBundle bundle, Dataset<Row> raw) {
    List<String> missing = new ArrayList<>(bundle.needed().input().names());
    missing.removeAll(List.of(raw.columns()));
    return missing.isEmpty()
        ? null
        : "version %d reads columns that are not there any more: %s"
            .formatted(version.version(), String.join(", ", missing));
  }

  /**
   * What a bundle says of each label.
   *
   * @param truths of the rows, see {@link PartPredictions#truths}
   * @param labels of the new bundle
   */
  private static List<Predictions> scored(
      ModelBundle bundle, Dataset<Row> raw, Dataset<Row> truths, List<BundleTarget> labels) {
    Set<String> read = new HashSet<>(bundle.needed().input().names());
    List<Column> columns = new ArrayList<>();
    for (String column : raw.columns()) {
      if (read.contains(column) || column.startsWith("_")) {
        columns.add(Columns.named(column));
      }
    }
    AcceptedRejected cleaned =
        bundle
            .needed()
            .apply(
                raw.select(columns.toArray(Column[]::new))
                    .join(truths.select(DatasetContract.KEY), DatasetContract.KEY));
    AcceptedRejected features = Normalise.apply(bundle.preprocessing(), cleaned.accepted());
    return ModelRows.score(
        features.accepted(),
        List.of(col(FeatureColumns.KEY).as(DatasetContract.KEY)),
        new SentBundle(bundle.undecided()).model(),
        scored ->
            PartPredictions.of(
                scored.join(truths, DatasetContract.KEY),
                labels,
                target -> output(target.counterpart(bundle).orElseThrow(), target.label()),
                List.of()));
  }

  /**
   * The comparison on a label.
   *
   * @param rows that it must be about
   */
  private static Champion compared(
      ModelVersion version, BundleTarget own, Label label, Predictions said, int rows) {
    @Nullable String positive = own.label().positive();
    return said.rows() == rows
        ? new Champion(
            version,
            ModelPredictions.of(
                said,
                null,
                new FittedDecision(own.decision(), List.of()),
                positive == null ? -1 : label.classes().indexOf(positive)),
            null)
        : new Champion(
            version,
            null,
            "version %d can score %,d of the %,d rows only"
                .formatted(version.version(), said.rows(), rows));
  }

  /** What the version says, with its classes in the order of another label. */
  private static Column output(BundleTarget target, Label label) {
    Column output = ModelRows.outputs(target.index());
    List<String> classes = target.label().classes();
    return label.task().isOfClasses()
        ? array(
            label.classes().stream()
                .map(name -> output.getItem(classes.indexOf(name)))
                .toArray(Column[]::new))
        : output;
  }

  private static String described(Label label) {
    return switch (label.task()) {
      case REGRESSION -> "numbers of " + label.column();
      case BINARY, MULTICLASS -> "the classes %s of %s".formatted(label.classes(), label.column());
      case MULTILABEL -> "sets of the names %s of %s".formatted(label.classes(), label.column());
      case TAGS -> "the tags %s of %s".formatted(label.classes(), label.tagging());
    };
  }
}
