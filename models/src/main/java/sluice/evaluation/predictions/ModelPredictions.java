package sluice.evaluation.predictions;

import org.jspecify.annotations.Nullable;
import sluice.decision.Decision;
import sluice.decision.FittedDecision;
import sluice.evaluation.metric.Predictions;

/**
 * What a model says of the rows that it is judged on.
 *
 * @param test of the test part, calibrated, with the model's threshold
 * @param validation of the validation part, likewise; null if there is none
 * @param uncalibrated of the test part before calibration; null if nothing was calibrated
 * @param decided what makes classes of its probabilities
 */
public record ModelPredictions(
    Predictions test,
    @Nullable Predictions validation,
    @Nullable Predictions uncalibrated,
    FittedDecision decided) {

  /**
   * Predictions as a model makes them.
   *
   * @param test of the test part, neither calibrated nor with a threshold
   * @param validation of the validation part, likewise; null if there is none
   * @param about the index of the class that the decision is about, or -1
   */
  public static ModelPredictions of(
      Predictions test, @Nullable Predictions validation, FittedDecision decided, int about) {
    boolean calibrated =
        !decided.decision().calibration().equals(FittedDecision.NONE.decision().calibration());
    return new ModelPredictions(
        test.decided(decided.decision(), about),
        validation == null ? null : validation.decided(decided.decision(), about),
        calibrated ? test : null,
        decided);
  }

  /**
   * Predictions of which the calibration is known to have been done.
   *
   * @param test with calibrated probabilities, without a threshold
   * @param decided how they were calibrated, and the threshold to decide by
   * @param about the index of the class that the decision is about, or -1
   */
  public static ModelPredictions ofCalibrated(Predictions test, FittedDecision decided, int about) {
    Decision left = new Decision(Decision.NONE.calibration(), decided.decision().threshold());
    return new ModelPredictions(test.decided(left, about), null, null, decided);
  }

  /** Predictions that stay as they are. */
  public static ModelPredictions of(Predictions test, @Nullable Predictions validation) {
    return new ModelPredictions(test, validation, null, FittedDecision.NONE);
  }
}
