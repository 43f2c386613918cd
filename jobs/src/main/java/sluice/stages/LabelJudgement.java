package sluice.stages;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.bundle.BundleTarget;
import sluice.bundle.ModelBundle;
import sluice.config.PipelineConfig;
import sluice.decision.DecideSettings;
import sluice.decision.FittedDecision;
import sluice.evaluation.Evaluation;
import sluice.evaluation.Gate;
import sluice.evaluation.MeasuredOn;
import sluice.evaluation.baselines.BaselineInput;
import sluice.evaluation.baselines.BaselineResult;
import sluice.evaluation.baselines.Baselines;
import sluice.evaluation.metric.Predictions;
import sluice.evaluation.predictions.ModelPredictions;
import sluice.explanation.Importances;
import sluice.explanation.TokenEffects;
import sluice.jobs.JobContext;
import sluice.normalise.FeatureColumns;
import sluice.run.Ledger;
import sluice.run.Stage;
import sluice.split.Part;

/**
 * How well a label of a bundle is predicted.
 *
 * @param target the label
 * @param evaluation the judgement
 * @param baselines what it was compared with
 * @param inUse the bundle that is in use, on the same rows; null if none is
 * @param importances what explains the predictions, by model, as far as it was measured
 * @param tokens what the tokens of texts say, likewise
 */
record LabelJudgement(
    BundleTarget target,
    Evaluation evaluation,
    List<BaselineResult> baselines,
    @Nullable Champion inUse,
    Map<String, Importances> importances,
    Map<String, TokenEffects> tokens) {

  /**
   * Judges the network on each label, beside baselines and the bundle in use.
   *
   * @param decided what decides on each label
   * @param explanations of the bundle
   */
  static List<LabelJudgement> of(
      JobContext context,
      ModelBundle bundle,
      List<FittedDecision> decided,
      Ledger ledger,
      Explanations explanations) {
    SliceColumns slices = SliceColumns.of(context);
    Part part = part(context);
    List<Predictions> test = PartPredictions.of(context, bundle, part, slices);
    List<Predictions> validation =
        ledger.validation() > 0
            ? PartPredictions.of(context, bundle, Part.VALIDATION, slices)
            : List.of();
    List<Champion> inUse =
        Champion.version(context, bundle.id())
            .map(version -> Champion.of(context, version, bundle, part, test))
            .orElse(List.of());
    List<LabelJudgement> judgements = new ArrayList<>();
    for (BundleTarget target : bundle.targets()) {
      int index = target.index();
      ModelPredictions network =
          ModelPredictions.of(
              test.get(index),
              validation.isEmpty() ? null : validation.get(index),
              new FittedDecision(target.decision(), decided.get(index).notes()),
              target.positiveIndex());
      judgements.add(
          of(
              context,
              target,
              network,
              inUse.isEmpty() ? null : inUse.get(index),
              ledger,
              explanations));
    }
    return judgements;
  }

  /** The part that is judged. */
  static Part part(JobContext context) {
    return context.config().split().sameRows() ? Part.TRAIN : Part.TEST;
  }

  private static LabelJudgement of(
      JobContext context,
      BundleTarget target,
      ModelPredictions network,
      @Nullable Champion inUse,
      Ledger ledger,
      Explanations explanations) {
    PipelineConfig config = context.config();
    DecideSettings decide = DecisionFit.settings(context, target);
    Baselines.Rows rows = baselineRows(context, target, ledger);
    List<BaselineResult> baselines =
        Baselines.fit(asked(config, target), rows, decide, config.pipeline().seed());
    Map<String, ModelPredictions> models = new LinkedHashMap<>();
    for (BaselineResult baseline : baselines) {
      models.put(
          baseline.fitted().name(),
          baseline.decided(decide, rows.judged(), rows.validation(), target.positiveIndex()));
    }
    if (inUse != null && inUse.predictions() != null) {
      models.put(Gate.IN_USE, inUse.predictions());
    }
    Evaluation evaluation =
        Evaluation.of(
            target.label(),
            network,
            models,
            config.evaluate(),
            LedgerReader.byName(ledger),
            config.split().sameRows() ? MeasuredOn.TRAINING_ROWS : MeasuredOn.HELD_OUT_ROWS,
            config.pipeline().seed());
    return new LabelJudgement(
        target, evaluation, baselines, inUse, explanations.of(target), explanations.tokens(target));
  }

  /** What baselines of a label are fitted to and judged on. */
  static Baselines.Rows baselineRows(JobContext context, BundleTarget target, Ledger ledger) {
    return new Baselines.Rows(
        new BaselineInput(
            PartPredictions.labelled(context.read(Stage.FEATURES), target),
            FeatureColumns.KEY,
            FeatureColumns.PART,
            FeatureColumns.LABEL,
            target.bundle().preprocessing().schema().inputs(),
            target.label()),
        Part.TRAIN.text(),
        ledger.validation() > 0 ? Part.VALIDATION.text() : null,
        part(context).text());
  }

  /** The baselines that are asked for: of several labels those that suit this one. */
  private static List<String> asked(PipelineConfig config, BundleTarget target) {
    List<String> asked = config.evaluate().baselines();
    return target.isOnly() ? asked : Baselines.suiting(asked, target.label());
  }

  /** The baselines that {@code auto} would compare with, but for the size of the data. */
  static List<String> leftOut(PipelineConfig config, BundleTarget target) {
    return Baselines.leftOut(
        asked(config, target), target.label(), target.bundle().preprocessing().schema().inputs());
  }
}
