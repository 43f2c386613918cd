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
 * @param name its type in {@link Baselines}
 * @param parameters what it was fitted with, as the report shows it
 * @param trainRows how many rows it was fitted to
 * @param fitSeconds how long the rows took to read and the fit
 * @param predictions of the judged part, and of the validation part where a decision is learned of
 *     it, by part
 */
public record BaselineResult(
    String name,
    Map<String, Object> parameters,
    long trainRows,
    double fitSeconds,
    Map<String, Predictions> predictions) {
  public BaselineResult {
    parameters = Map.copyOf(parameters);
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
    FittedDecision fitted =
        judged instanceof LabelledRows
            ? FittedDecision.of(settings, held instanceof LabelledRows rows ? rows : null, positive)
            : FittedDecision.NONE;
    return ModelPredictions.of(judged, held, fitted, positive);
  }
}
