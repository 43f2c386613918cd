package sluice.stages;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import sluice.bundle.ModelBundle;
import sluice.config.PipelineConfig;
import sluice.evaluation.MetricsFile;
import sluice.jobs.JobContext;
import sluice.jobs.RunFormatting;
import sluice.jobs.StageResult;
import sluice.jobs.StageWork;
import sluice.run.Attempt;
import sluice.run.Ledger;
import sluice.run.Published;
import sluice.run.Stage;
import sluice.run.StageOutput;

/** {@code model} and {@code features} to {@code metrics}: the judgement, beside baselines. */
public final class EvaluateStage implements StageWork {
  /** What holds the metrics. */
  public static final String METRICS_FILE = "metrics.json";

  /** The page. */
  private static final String REPORT_FILE = "report.html";

  @Override
  public Stage stage() {
    return Stage.METRICS;
  }

  @Override
  public String purpose() {
    return "Judges the network beside baselines: metrics.json, metrics.parquet, report.html.";
  }

  @Override
  public List<String> plan(PipelineConfig config) {
    return List.of("compare with %s".formatted(config.evaluate().baselines()));
  }

  @Override
  public List<Object> settings(PipelineConfig config) {
    return List.of(config.evaluate().withoutGate(), config.decide(), config.split());
  }

  @Override
  public Map<String, String> inputs(JobContext context) {
    Map<String, String> inputs =
        new LinkedHashMap<>(
            context.fingerprints(Stage.SPLIT, Stage.FEATURES, Stage.AUGMENTED, Stage.MODEL));
    if (Explanations.current(context).isPresent()) {
      inputs.putAll(context.fingerprints(Stage.EXPLANATIONS));
    }
    Champion.version(context, PublishedMetrics.bundle(context.published(Stage.MODEL)))
        .ifPresent(version -> inputs.put(Champion.NAME, version.bundle()));
    return inputs;
  }

  @Override
  public StageResult make(JobContext context, Attempt attempt) {
    ModelBundle bundle = context.bundle();
    Ledger ledger = LedgerReader.ledger(context);
    ledger.check();
    List<LabelJudgement> labels =
        LabelJudgement.of(
            context,
            bundle,
            TrainStage.decided(context, bundle),
            ledger,
            Explanations.current(context).orElse(Explanations.NONE));
    MetricsFile metrics =
        new MetricsFile(labels.stream().map(label -> label.evaluation().report()).toList());
    context.writeFile(attempt.path(), METRICS_FILE, metrics.json());
    context.write(
        metrics.metricsTable(context.spark()).coalesce(1),
        new Path(attempt.path(), "metrics.parquet"));
    if (context.config().evaluate().predictions()) {
      new RowPredictions(context, attempt.path()).write(bundle, labels);
    }
    context.writeFile(
        attempt.path(), REPORT_FILE, new EvaluationPage(context, bundle, labels, ledger).html());
    List<String> notes = new ArrayList<>();
    Map<String, Long> rows = new LinkedHashMap<>();
    // Of several labels the counts of rows that have them overlap.
    String part = LabelJudgement.part(context).text();
    rows.put("rows", context.rows(Stage.FEATURES, part));
    for (LabelJudgement label : labels) {
      LabelJudgement.leftOut(context.config(), label.target())
          .forEach(note -> notes.add(label.target().prefix() + note));
      rows.put(label.target().rows(), label.evaluation().report().test().rows());
    }
    StageOutput outcome = StageOutput.of(Stage.METRICS, rows);
    Optional<Champion.Fact> inUse = inUse(labels);
    if (inUse.isPresent()) {
      notes.add(
          "in-use is version %d%s"
              .formatted(
                  inUse.get().version(),
                  inUse.get().notCompared() == null
                      ? ""
                      : ", not compared: " + inUse.get().notCompared()));
      outcome = outcome.withFact(Champion.NAME, JobContext.fact(inUse.get()));
    }
    return new StageResult(List.of(outcome), notes);
  }

  /** What was compared with, and for which labels it was not. */
  private static Optional<Champion.Fact> inUse(List<LabelJudgement> labels) {
    List<String> reasons = new ArrayList<>();
    Champion.@Nullable Fact fact = null;
    for (LabelJudgement label : labels) {
      if (label.inUse() != null) {
        fact = label.inUse().fact();
        if (fact.notCompared() != null && !reasons.contains(fact.notCompared())) {
          reasons.add(fact.notCompared());
        }
      }
    }
    return fact == null
        ? Optional.empty()
        : Optional.of(
            new Champion.Fact(
                fact.version(),
                fact.bundle(),
                reasons.isEmpty() ? null : String.join("; ", reasons)));
  }

  /** The metrics beside those of the baselines, and where the page is. */
  @Override
  public List<String> findings(JobContext context, Published published) {
    Path file = new Path(published.path(), METRICS_FILE);
    MetricsFile metrics =
        MetricsFile.read(
            new String(context.readFile(file), StandardCharsets.UTF_8), file.toString());
    List<String> lines = new ArrayList<>(metrics.lines());
    lines.add("report " + RunFormatting.here(new Path(published.path(), REPORT_FILE)));
    return lines;
  }
}
