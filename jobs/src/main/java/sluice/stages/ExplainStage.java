package sluice.stages;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import sluice.bundle.BundleTarget;
import sluice.config.PipelineConfig;
import sluice.data.Decimal;
import sluice.data.Json;
import sluice.evaluation.Metrics;
import sluice.evaluation.metric.Direction;
import sluice.explanation.Importances;
import sluice.explanation.PermutationImportance;
import sluice.jobs.JobContext;
import sluice.jobs.StageResult;
import sluice.jobs.StageWork;
import sluice.run.Attempt;
import sluice.run.Stage;
import sluice.run.StageOutput;
import sluice.split.Part;
import sluice.split.Split;

/** {@code model} and {@code split} to {@code explanations}. */
public final class ExplainStage implements StageWork {
  /** The file in the attempt that holds the {@link Importances}, of several labels a list. */
  static final String IMPORTANCES = "importances.json";

  private static final int SHOWN = 3;

  @Override
  public Stage stage() {
    return Stage.EXPLANATIONS;
  }

  @Override
  public String purpose() {
    return "Measures on the test part how much the network owes to each raw column.";
  }

  @Override
  public List<String> plan(PipelineConfig config) {
    return List.of(
        "permute each column %d times on at most %,d test rows"
            .formatted(config.explain().repeats(), config.explain().maxRows()));
  }

  @Override
  public List<Object> settings(PipelineConfig config) {
    return List.of(config.explain());
  }

  @Override
  public Map<String, String> inputs(JobContext context) {
    return context.fingerprints(Stage.SPLIT, Stage.MODEL);
  }

  @Override
  public StageResult make(JobContext context, Attempt attempt) {
    PipelineConfig config = context.config();
    Dataset<Row> test = Split.rows(context.read(Stage.SPLIT), config.split(), Part.TEST);
    List<Importances> labels = new ArrayList<>();
    Map<String, Long> rows = new LinkedHashMap<>();
    List<String> notes = new ArrayList<>();
    for (BundleTarget target : context.bundle().targets()) {
      Importances importances =
          PermutationImportance.of(
              target,
              test,
              config.explain().maxRows(),
              config.explain().repeats(),
              config.explain().confidence(),
              config.pipeline().seed());
      String column = target.fitted().column();
      String prefix = target.isOnly() ? "" : column + ": ";
      labels.add(importances);
      rows.put(target.isOnly() ? "rows" : "rows with " + column, importances.rows());
      importances
          .notMeasured()
          .ifPresentOrElse(
              reason -> notes.add(prefix + "not measured: " + reason),
              () -> {
                if (!importances.columns().isEmpty()) {
                  notes.add(prefix + note(importances));
                }
              });
    }
    context.writeFile(
        attempt.path(), IMPORTANCES, Json.write(labels.size() == 1 ? labels.get(0) : labels));
    return new StageResult(List.of(StageOutput.of(Stage.EXPLANATIONS, rows)), notes);
  }

  /** The importances of each label, of one or of a list. */
  static List<Importances> read(String json, String where) {
    return Json.tree(json, where).isArray()
        ? List.of(Json.read(json, Importances[].class, where))
        : List.of(Json.read(json, Importances.class, where));
  }

  private static String note(Importances importances) {
    String worse =
        Metrics.named(importances.metric()).better() == Direction.HIGHER ? "falls" : "rises";
    return importances.columns().stream()
        .limit(SHOWN)
        .map(column -> Decimal.rounded(column.loss()) + " without " + column.column())
        .collect(Collectors.joining(", ", "%s %s by ".formatted(importances.metric(), worse), ""));
  }
}
