package sluice.evaluation.baselines;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import sluice.decision.DecideSettings;
import sluice.decision.FittedDecision;
import sluice.decision.LabelledRows;
import sluice.evaluation.metric.Predictions;
import sluice.evaluation.predictions.ModelPredictions;

/**
 * A fitted baseline's predictions.
 *
 * @param fitted the baseline
 * @param predictions of the judged part, and of the validation part where a decision is learned of
 *     it, by part
 */
public record BaselineResult(FittedBaseline fitted, Map<String, Predictions> predictions) {
  public BaselineResult {
    predictions = Map.copyOf(predictions);
  }

  /**
   * Its predictions with calibration and threshold as the settings ask, learned on its own
   * predictions of the validation part.
   *
   * @param test the part that it is judged on
   * @param validation the validation part; null if there is none
   * @param positive the index of the positive class of two, or -1
   */
  public ModelPredictions decided(
      DecideSettings settings, String test, @Nullable String validation, int positive) {
    Predictions judged = Objects.requireNonNull(predictions.get(test), test);
    @Nullable Predictions held = validation == null ? null : predictions.get(validation);
    FittedDecision decision =
        judged instanceof LabelledRows
            ? FittedDecision.of(settings, held instanceof LabelledRows rows ? rows : null, positive)
            : FittedDecision.NONE;
    return ModelPredictions.of(judged, held, decision, positive);
  }
}
