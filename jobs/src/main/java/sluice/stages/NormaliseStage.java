package sluice.stages;

import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import sluice.config.PipelineConfig;
import sluice.data.AcceptedRejected;
import sluice.data.InvalidInput;
import sluice.data.Json;
import sluice.data.SparkSchema;
import sluice.jobs.JobContext;
import sluice.jobs.StageResult;
import sluice.jobs.StageWork;
import sluice.normalise.ClassLabel;
import sluice.normalise.FeatureColumns;
import sluice.normalise.FeatureGroup;
import sluice.normalise.FittedLabel;
import sluice.normalise.FittedPreprocessing;
import sluice.normalise.Normalise;
import sluice.quality.FeatureScale;
import sluice.quality.Finding;
import sluice.quality.Sufficiency;
import sluice.run.Attempt;
import sluice.run.Stage;
import sluice.run.StageOutput;
import sluice.split.Part;
import sluice.split.Split;

/** {@code split} to {@code features}, with the fitted preprocessing beside them. */
public final class NormaliseStage implements StageWork {
  /** The file in the attempt that holds the {@link FittedPreprocessing}. */

  /** The manifest's fact that says whether there is enough data. */
  static final String FINDINGS = "findings";

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
    return List.of(config.normalise(), config.sufficiency(), config.split());
  }

  @Override
  public Map<String, String> inputs(JobContext context) {
    return context.fingerprints(Stage.SPLIT);
  }

  @Override
  public StageResult make(JobContext context, Attempt attempt) {
    PipelineConfig config = context.config();
    Dataset<Row> split = context.read(Stage.SPLIT);
    Dataset<Row> train = Split.rows(split, config.split(), Part.TRAIN);
    FittedPreprocessing fitted =
        Normalise.fit(
            train.drop(Split.PART),
            SparkSchema.contract(train.drop(Split.PART).schema()),
            config.normalise());
    List<Finding> findings =
        new ArrayList<>(findings(fitted, context.rows(Stage.SPLIT, "train"), config));
    Sufficiency.requireNoFailure(findings);
    Normalise.checkLabels(
        fitted, split.filter(col(Split.PART).notEqual(Part.TRAIN.text())), "validation or test");
    AcceptedRejected features = Normalise.apply(fitted, split);
    requireNone(features.rejected());
    context.write(features.accepted(), attempt.path());
    context.writeFile(attempt.path(), JobContext.PREPROCESSING, Json.write(fitted));
    Dataset<Row> written = context.read(attempt.path());
    Map<String, Long> rows = new LinkedHashMap<>();
    for (Row part :
        written.groupBy(FeatureColumns.PART).agg(functions.count("*")).collectAsList()) {
      rows.put(part.getString(0), part.getLong(1));
    }
    findings.addAll(
        FeatureScale.findings(
            written.filter(col(FeatureColumns.PART).equalTo(Part.TRAIN.text())), fitted.groups()));
    List<String> lines = new ArrayList<>();
    lines.add(
        "%d features in %d groups"
            .formatted(
                fitted.groups().stream().mapToInt(NormaliseStage::width).sum(),
                fitted.groups().size()));
    findings.forEach(finding -> lines.add("warning: " + finding.text()));
    return new StageResult(
        List.of(StageOutput.of(Stage.FEATURES, rows).withFact(FINDINGS, JobContext.fact(findings))),
        lines);
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
    long features =
        fitted.groups().stream()
            .mapToLong(group -> group.shape().stream().reduce(1, Math::multiplyExact))
            .sum();
    return Sufficiency.findings(config.sufficiency(), trainRows, classRows, features);
  }

  private static int width(FeatureGroup group) {
    return group.encoding() == FeatureGroup.Encoding.ONE_HOT
        ? group.cardinalities().stream().mapToInt(Integer::intValue).sum()
        : group.shape().stream().reduce(1, Math::multiplyExact);
  }

  /** Train rows all give features, or the fit had failed; others may lack what train has. */
  private static void requireNone(Dataset<Row> rejected) {
    List<Row> reasons =
        rejected
            .groupBy(col("_reason"))
            .agg(functions.count("*").as("rows"))
            .orderBy(col("rows").desc(), col("_reason"))
            .limit(10)
            .collectAsList();
    if (!reasons.isEmpty()) {
      throw InvalidInput.data(
          reasons.stream()
              .map(
                  row ->
                      "normalise: %,d validation or test rows give no features: %s"
                          .formatted(row.getLong(1), row.getString(0)))
              .toList());
    }
  }
}
