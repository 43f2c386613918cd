package sluice.stages;

import static org.apache.spark.sql.functions.col;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.bundle.BundleTarget;
import sluice.config.PipelineConfig;
import sluice.decision.DecideSettings;
import sluice.decision.FittedDecision;
import sluice.evaluation.Evaluation;
import sluice.evaluation.Gate;
import sluice.evaluation.MeasuredOn;
import sluice.evaluation.baselines.BaselineInput;
import sluice.evaluation.baselines.BaselineResult;
import sluice.evaluation.baselines.Baselines;
import sluice.evaluation.metric.Label;
import sluice.evaluation.predictions.ModelPredictions;
import sluice.explanation.Importances;
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
 * @param importances what explains the predictions, if it was measured
 */
record LabelJudgement(
    BundleTarget target,
    Evaluation evaluation,
    List<BaselineResult> baselines,
    @Nullable Champion inUse,
    Optional<Importances> importances) {

  /** Judges the network beside baselines and the bundle in use. */
  static LabelJudgement of(
      JobContext context,
      BundleTarget target,
      FittedDecision decided,
      Ledger ledger,
      Optional<Importances> importances) {
    PipelineConfig config = context.config();
    Label label = target.label();
    Part testPart = config.split().sameRows() ? Part.TRAIN : Part.TEST;
    boolean validated = ledger.validation() > 0;
    @Nullable String validation = validated ? Part.VALIDATION.text() : null;
    ModelPredictions network =
        ModelPredictions.of(
            PartPredictions.of(context, target, testPart, config.evaluate().slices()),
            validated
                ? PartPredictions.of(context, target, Part.VALIDATION, config.evaluate().slices())
                : null,
            new FittedDecision(target.decision(), decided.notes()),
            target.positiveIndex());
    DecideSettings decide = DecisionFit.settings(context, target);
    List<BaselineResult> baselines =
        Baselines.fit(
            asked(config, target),
            new Baselines.Rows(
                new BaselineInput(
                    PartPredictions.labelled(context.read(Stage.FEATURES), target),
                    FeatureColumns.KEY,
                    FeatureColumns.PART,
                    FeatureColumns.LABEL,
                    target.bundle().preprocessing().groups(),
                    label),
                Part.TRAIN.text(),
                validation,
                testPart.text()),
            decide,
            config.pipeline().seed());
    Map<String, ModelPredictions> models = new LinkedHashMap<>();
    for (BaselineResult baseline : baselines) {
      models.put(
          baseline.name(),
          baseline.decided(decide, testPart.text(), validation, target.positiveIndex()));
    }
    @Nullable Champion inUse = inUse(context, target, testPart, network.test().rows());
    if (inUse != null && inUse.predictions() != null) {
      models.put(Gate.IN_USE, inUse.predictions());
    }
    Evaluation evaluation =
        Evaluation.of(
            label,
            network,
            models,
            config.evaluate(),
            LedgerReader.byName(ledger),
            config.split().sameRows() ? MeasuredOn.TRAINING_ROWS : MeasuredOn.HELD_OUT_ROWS,
            config.pipeline().seed());
    return new LabelJudgement(target, evaluation, baselines, inUse, importances);
  }

  /** The baselines that are asked for: of several labels those that suit this one. */
  private static List<String> asked(PipelineConfig config, BundleTarget target) {
    List<String> asked = config.evaluate().baselines();
    return target.isOnly() ? asked : Baselines.suiting(asked, target.label());
  }

  /** The baselines that {@code auto} would compare with, but for the size of the data. */
  static List<String> leftOut(PipelineConfig config, BundleTarget target) {
    return Baselines.leftOut(
        asked(config, target), target.label(), target.bundle().preprocessing().groups());
  }

  /** The bundle that is in use, on the same rows. */
  private static @Nullable Champion inUse(
      JobContext context, BundleTarget target, Part part, int rows) {
    return Champion.version(context, target.bundle().id())
        .map(
            version ->
                Champion.of(
                    context,
                    version,
                    PartPredictions.labelled(
                            context
                                .read(Stage.FEATURES)
                                .filter(col(FeatureColumns.PART).equalTo(part.text())),
                            target)
                        .select(FeatureColumns.KEY, FeatureColumns.LABEL),
                    rows,
                    target.label()))
        .orElse(null);
  }
}
