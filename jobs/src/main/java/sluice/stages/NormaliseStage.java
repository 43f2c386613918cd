package sluice.stages;

import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.jspecify.annotations.Nullable;
import sluice.adaptation.TakenFeatures;
import sluice.bundle.PredictionColumns;
import sluice.config.PipelineConfig;
import sluice.data.AcceptedRejected;
import sluice.data.DatasetContract;
import sluice.data.Excerpt;
import sluice.data.InvalidInput;
import sluice.data.Json;
import sluice.data.SparkSchema;
import sluice.features.TensorSpec;
import sluice.jobs.JobContext;
import sluice.jobs.StageResult;
import sluice.jobs.StageWork;
import sluice.normalise.ClassLabel;
import sluice.normalise.FeatureColumns;
import sluice.normalise.FileStep;
import sluice.normalise.FittedLabel;
import sluice.normalise.FittedPreprocessing;
import sluice.normalise.Normalise;
import sluice.normalise.SetLabel;
import sluice.normalise.TextFeature;
import sluice.quality.FeatureScale;
import sluice.quality.Finding;
import sluice.quality.SharedTexts;
import sluice.quality.Sufficiency;
import sluice.run.Attempt;
import sluice.run.Stage;
import sluice.run.StageOutput;
import sluice.split.Part;
import sluice.split.Split;

/** {@code split} to {@code features}, with the fitted preprocessing beside them. */
public final class NormaliseStage implements StageWork {
  /** The manifest's fact that says whether there is enough data. */
  static final String FINDINGS = "findings";

  /** The manifest's fact that holds which feature groups keep fitted steps of a bundle. */
  static final String KEPT = "keptSteps";

  /**
   * Whose fitted steps were kept.
   *
   * @param sha256 of the bundle
   * @param groups that keep them
   * @param others the groups that were fitted anew, each with the reason
   */
  record KeptSteps(String sha256, List<String> groups, Map<String, String> others) {}

  /** The manifest's fact that says how many held-out rows have a text of a train row. */
  static final String SHARED_TEXTS = "sharedTexts";

  /** The fact of the columns that neither a feature nor a label is made of. */
  static final String UNUSED = "unused";

  /** Of unused columns as many are named on screen. */
  private static final int NAMED = 8;

  @Override
  public Stage stage() {
    return Stage.FEATURES;
  }

  @Override
  public String purpose() {
    return "Fits the steps on the train rows and makes the features of all rows.";
  }

  @Override
  public List<String> plan(PipelineConfig config) {
    return List.of(
        "fit %d feature groups on the train rows".formatted(config.normalise().features().size()));
  }

  @Override
  public List<Object> settings(PipelineConfig config) {
    List<Object> settings =
        new ArrayList<>(List.of(config.normalise(), config.sufficiency(), config.split()));
    if (config.train().adapt().from() != null) {
      settings.add(config.train().adapt().ofFeatures());
    }
    return settings;
  }

  @Override
  public void check(JobContext context) {
    fileSteps(context.config()).forEach(step -> step.read(context.hadoop()));
    NamedPretrained.sha256(context);
  }

  @Override
  public Map<String, String> inputs(JobContext context) {
    Map<String, String> inputs = new LinkedHashMap<>(context.fingerprints(Stage.SPLIT));
    fileSteps(context.config()).forEach(step -> inputs.putAll(step.fingerprints(context.hadoop())));
    NamedPretrained.withFeatures(context)
        .ifPresent(from -> inputs.put(TrainStage.ADAPTED, from.bundle().sha256()));
    return inputs;
  }

  private static Stream<FileStep> fileSteps(PipelineConfig config) {
    return config.normalise().features().stream()
        .flatMap(group -> group.steps().stream())
        .filter(FileStep.class::isInstance)
        .map(FileStep.class::cast);
  }

  @Override
  public StageResult make(JobContext context, Attempt attempt) {
    PipelineConfig config = context.config();
    Dataset<Row> split = context.read(Stage.SPLIT);
    Dataset<Row> train = Split.rows(split, config.split(), Part.TRAIN);
    DatasetContract contract = SparkSchema.contract(train.drop(Split.PART).schema());
    @Nullable NamedBundle from = NamedPretrained.withFeatures(context).orElse(null);
    TakenFeatures taken =
        from == null
            ? TakenFeatures.none()
            : from.bundle()
                .taken(config.normalise(), contract, config.train().adapt().inputs(), from.where());
    FittedPreprocessing fitted =
        Normalise.fit(train.drop(Split.PART), contract, config.normalise(), taken.groups());
    List<Finding> findings =
        new ArrayList<>(findings(fitted, context.rows(Stage.SPLIT, "train"), config));
    Sufficiency.requireNoFailure(findings);
    requireDistinctPredictions(fitted);
    Normalise.checkLabels(
        fitted, split.filter(col(Split.PART).notEqual(Part.TRAIN.text())), "validation or test");
    findings.addAll(unlearnt(fitted, split, config));
    AcceptedRejected features = Normalise.apply(fitted, split);
    context.write(features.accepted(), attempt.path());
    context.writeFile(attempt.path(), JobContext.PREPROCESSING, Json.write(fitted));
    Dataset<Row> written = context.read(attempt.path());
    Map<String, Long> rows = new LinkedHashMap<>();
    for (Row part :
        written.groupBy(FeatureColumns.PART).agg(functions.count("*")).collectAsList()) {
      rows.put(part.getString(0), part.getLong(1));
    }
    if (total(rows) < total(context.published(Stage.SPLIT).manifest().rows())) {
      requireNone(features.rejected());
    }
    findings.addAll(
        FeatureScale.findings(
            written.filter(col(FeatureColumns.PART).equalTo(Part.TRAIN.text())),
            fitted.schema().inputs()));
    List<SharedTexts> shared = shared(fitted, split, config);
    shared.forEach(each -> each.finding().ifPresent(findings::add));
    List<String> lines = new ArrayList<>();
    lines.add(described(fitted.schema().inputs()));
    List<String> unused = unused(contract, fitted, config);
    if (!unused.isEmpty()) {
      lines.add("neither features nor labels: " + Excerpt.list(unused, NAMED));
    }
    findings.forEach(finding -> lines.add("warning: " + finding.text()));
    StageOutput output =
        StageOutput.of(Stage.FEATURES, rows)
            .withFact(FINDINGS, JobContext.fact(findings))
            .withFact(SHARED_TEXTS, JobContext.fact(shared))
            .withFact(UNUSED, JobContext.fact(unused));
    if (from != null) {
      KeptSteps kept = new KeptSteps(from.bundle().sha256(), taken.names(), taken.others());
      output = output.withFact(KEPT, JobContext.fact(kept));
      lines.add(
          "%s as fitted for %s".formatted(String.join(", ", taken.names()), from.bundle().title()));
    }
    return new StageResult(List.of(output), lines);
  }

  /** Of each column of texts, how many held-out rows have a text of a train row. */
  private static List<SharedTexts> shared(
      FittedPreprocessing fitted, Dataset<Row> split, PipelineConfig config) {
    return config.split().sameRows()
        ? List.of()
        : fitted.texts().stream()
            .map(TextFeature::column)
            .distinct()
            .map(column -> SharedTexts.of(split, column))
            .toList();
  }

  /** The columns that neither features nor labels are made of, nor the split goes by. */
  private static List<String> unused(
      DatasetContract rows, FittedPreprocessing fitted, PipelineConfig config) {
    Set<String> used = new HashSet<>(fitted.input().names());
    fitted.labels().forEach(label -> used.add(label.column()));
    if (config.split().column() != null) {
      used.add(config.split().column());
    }
    return rows.names().stream().filter(column -> !used.contains(column)).toList();
  }

  /** How many features there are, and which series. */
  private static String described(List<TensorSpec> inputs) {
    List<String> texts = new ArrayList<>();
    List<TensorSpec> columns = inputs.stream().filter(input -> !input.isSeries()).toList();
    if (!columns.isEmpty()) {
      texts.add(
          "%d features in %d %s"
              .formatted(
                  columns.stream().mapToLong(TensorSpec::width).sum(),
                  columns.size(),
                  columns.size() == 1 ? "group" : "groups"));
    }
    inputs.stream()
        .filter(TensorSpec::isSeries)
        .map(
            input ->
                String.format(
                    Locale.ROOT,
                    "%s a series of %,d %sindices",
                    input.name(),
                    input.cardinalities().get(0),
                    input.isWeighted() ? "weighted " : ""))
        .forEach(texts::add);
    return String.join(", ", texts);
  }

  /** Two columns of predictions with one name would be found out only behind the training. */
  private static void requireDistinctPredictions(FittedPreprocessing fitted) {
    Map<String, List<String>> labels = new LinkedHashMap<>();
    for (FittedLabel label : fitted.labels()) {
      labels.put(label.column(), names(label));
    }
    List<String> problems = PredictionColumns.problems(labels);
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
  }

  /** What has a probability of its own. */
  private static List<String> names(FittedLabel label) {
    if (label instanceof SetLabel sets) {
      return sets.names();
    }
    return label instanceof ClassLabel classes ? classes.classes() : List.of();
  }

  /** Names of sets that are left out, of all parts. */
  private static List<Finding> unlearnt(
      FittedPreprocessing fitted, Dataset<Row> split, PipelineConfig config) {
    List<Finding> findings = new ArrayList<>();
    for (int i = 0; i < fitted.labels().size(); i++) {
      if (fitted.labels().get(i) instanceof SetLabel sets) {
        int minCount = config.normalise().label().get(i).minCount();
        Normalise.unlearnt(sets, split)
            .ifPresent(
                names ->
                    findings.add(
                        new Finding(
                            Finding.Level.WARNING,
                            "label %s: sets are without the names that fewer than %,d train rows have (normalise.label.min-count); with their rows in all parts: %s"
                                .formatted(sets.column(), minCount, names))));
      }
    }
    return findings;
  }

  private static List<Finding> findings(
      FittedPreprocessing fitted, long trainRows, PipelineConfig config) {
    Map<String, Long> classRows = new LinkedHashMap<>();
    for (FittedLabel fittedLabel : fitted.labels()) {
      if (fittedLabel instanceof ClassLabel label) {
        String prefix = fitted.labels().size() == 1 ? "" : label.column() + " = ";
        for (int i = 0; i < label.classes().size(); i++) {
          classRows.put(prefix + label.classes().get(i), label.counts().get(i));
        }
      }
    }
    return Sufficiency.findings(
        config.sufficiency(), trainRows, classRows, fitted.schema().values());
  }

  private static long total(Map<String, Long> rows) {
    return rows.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Train rows all give features, or the fit had failed; others may lack what train has. */
  private static void requireNone(Dataset<Row> rejected) {
    List<String> problems = new ArrayList<>();
    Normalise.reasons(rejected)
        .forEach(
            (reason, rows) ->
                problems.add(
                    "normalise: %,d validation or test rows give no features: %s"
                        .formatted(rows, reason)));
    if (!problems.isEmpty()) {
      throw InvalidInput.data(problems);
    }
  }
}
