package sluice.stages;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import sluice.bundle.BundleTarget;
import sluice.bundle.ModelBundle;
import sluice.bundle.SentBundle;
import sluice.config.PipelineConfig;
import sluice.data.Decimal;
import sluice.data.Task;
import sluice.evaluation.Metrics;
import sluice.evaluation.MetricsReport;
import sluice.evaluation.baselines.Baselines;
import sluice.evaluation.baselines.FittedBaseline;
import sluice.evaluation.metric.Direction;
import sluice.evaluation.predictions.Model;
import sluice.explanation.Importances;
import sluice.explanation.LeaveOneOut;
import sluice.explanation.LeaveOneOutSettings;
import sluice.explanation.PermutationImportance;
import sluice.explanation.RawSample;
import sluice.explanation.TokenEffects;
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
  private static final int SHOWN = 3;

  @Override
  public Stage stage() {
    return Stage.EXPLANATIONS;
  }

  @Override
  public String purpose() {
    return "Measures on the test part how much the network owes to each raw column, and to the tokens of texts.";
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
    return context.config().explain().baselines().isEmpty()
        ? context.fingerprints(Stage.SPLIT, Stage.MODEL)
        : context.fingerprints(Stage.SPLIT, Stage.FEATURES, Stage.MODEL);
  }

  @Override
  public StageResult make(JobContext context, Attempt attempt) {
    PipelineConfig config = context.config();
    ModelBundle bundle = context.bundle();
    if (bundle.targets().stream().anyMatch(target -> target.label().task() == Task.TAGS)) {
      Explanations.NONE.write(context, attempt.path());
      return new StageResult(
          List.of(StageOutput.of(Stage.EXPLANATIONS, Map.of("rows", 0L))),
          List.of("not measured: there is no importance of columns or tokens for tags"));
    }
    LeaveOneOutSettings leaving = config.explain().leaveOneOut();
    int left = bundle.preprocessing().texts().isEmpty() ? 0 : leaving.rows();
    int most = config.explain().maxRows();
    RawSample drawn =
        RawSample.of(
            bundle,
            Split.rows(context.read(Stage.SPLIT), config.split(), Part.TEST),
            Math.max(most, left),
            config.pipeline().seed());
    RawSample sample = drawn.first(most);
    Optional<LeaveOneOut> texts =
        left == 0 ? Optional.empty() : Optional.of(new LeaveOneOut(drawn.first(left), leaving));
    List<Importances> network;
    List<Explanations.OfBaseline> baselines = new ArrayList<>();
    List<Explanations.OfTokens> tokens = new ArrayList<>();
    Map<String, Long> rows = new LinkedHashMap<>();
    // Of several labels the counts of rows that have them overlap.
    rows.put("rows", (long) sample.size());
    List<String> notes = new ArrayList<>();
    try (PermutationImportance explainer =
        new PermutationImportance(
            sample,
            config.explain().repeats(),
            config.explain().confidence(),
            config.pipeline().seed())) {
      Model model = new SentBundle(bundle).model();
      network = explainer.explain(model);
      texts.ifPresent(leave -> tokens.addAll(tokens(leave, MetricsReport.NETWORK, model)));
      for (BundleTarget target : bundle.targets()) {
        Importances own = network.get(target.index());
        rows.put(target.rows(), own.rows());
        note(own).ifPresent(note -> notes.add(target.prefix() + note));
        for (FittedBaseline baseline : baselines(context, target)) {
          Importances importances = explainer.explain(baseline.model()).get(0);
          baselines.add(
              new Explanations.OfBaseline(target.fitted().column(), baseline.name(), importances));
          note(importances)
              .ifPresent(note -> notes.add(target.prefix() + baseline.name() + ": " + note));
          texts.ifPresent(leave -> tokens.addAll(tokens(leave, baseline.name(), baseline.model())));
        }
      }
    }
    new Explanations(network, baselines, tokens).write(context, attempt.path());
    return new StageResult(List.of(StageOutput.of(Stage.EXPLANATIONS, rows)), notes);
  }

  /** What tokens say to a model of each of its labels. */
  private static List<Explanations.OfTokens> tokens(
      LeaveOneOut explainer, String name, Model model) {
    List<TokenEffects> effects = explainer.explain(model);
    List<Explanations.OfTokens> tokens = new ArrayList<>();
    for (int i = 0; i < effects.size(); i++) {
      String label = model.labels().get(i).column();
      tokens.add(new Explanations.OfTokens(label, name, effects.get(i)));
    }
    return tokens;
  }

  /** The baselines that are asked for: of several labels those that suit this one. */
  private static List<FittedBaseline> baselines(JobContext context, BundleTarget target) {
    List<String> asked = context.config().explain().baselines();
    return asked.isEmpty()
        ? List.of()
        : Baselines.fitted(
            "explain.baselines",
            target.isOnly() ? asked : Baselines.suiting(asked, target.label()),
            LabelJudgement.baselineRows(context, target, LedgerReader.ledger(context)),
            context.config().pipeline().seed());
  }

  private static Optional<String> note(Importances importances) {
    return importances
        .notMeasured()
        .map("not measured: "::concat)
        .or(
            () ->
                importances.columns().isEmpty()
                    ? Optional.empty()
                    : Optional.of(figures(importances)));
  }

  private static String figures(Importances importances) {
    String worse =
        Metrics.named(importances.metric()).better() == Direction.HIGHER ? "falls" : "rises";
    return importances.columns().stream()
        .limit(SHOWN)
        .map(column -> Decimal.rounded(column.loss()) + " without " + column.column())
        .collect(Collectors.joining(", ", "%s %s by ".formatted(importances.metric(), worse), ""));
  }
}
