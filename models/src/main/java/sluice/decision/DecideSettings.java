package sluice.decision;

import java.util.ArrayList;
import java.util.List;

/**
 * How probabilities become decisions: they are calibrated first, then the threshold is found, both
 * on the validation part.
 *
 * @param threshold from which probability of the positive class of two on a row counts as positive
 * @param calibrate how probabilities are calibrated
 */
public record DecideSettings(ThresholdRule threshold, Calibrate calibrate) {

  /** The most probable class, as the network says it. */
  public static final DecideSettings NONE =
      new DecideSettings(new ThresholdRule.Fixed(Decision.NONE.threshold()), Calibrate.NONE);

  /** Whether anything is learned from the validation part. */
  public boolean isFitted() {
    return threshold instanceof ThresholdRule.Chosen || calibrate != Calibrate.NONE;
  }

  /** Whether the threshold is another than the most probable class has. */
  private boolean hasThreshold() {
    return !threshold.equals(NONE.threshold());
  }

  /** What cannot be had without classes; each problem begins with its key. */
  public List<String> problemsWithoutClasses(String got) {
    List<String> problems = new ArrayList<>();
    if (hasThreshold()) {
      problems.add(
          "threshold must be 0.5 without a label of two classes, got %s with %s"
              .formatted(threshold.text(), got));
    }
    if (calibrate != Calibrate.NONE) {
      problems.add(
          "calibrate must be none without a label of classes, got %s with %s"
              .formatted(calibrate.text(), got));
    }
    return problems;
  }

  /** What cannot be had without a validation part; each problem begins with its key. */
  public List<String> problemsWithoutValidation(String got) {
    List<String> problems = new ArrayList<>();
    if (threshold instanceof ThresholdRule.Chosen) {
      problems.add(
          "threshold must be a number without a validation part, got %s with %s"
              .formatted(threshold.text(), got));
    }
    if (calibrate != Calibrate.NONE) {
      problems.add(
          "calibrate must be none without a validation part, got %s with %s"
              .formatted(calibrate.text(), got));
    }
    return problems;
  }

  /**
   * These settings as far as they suit a label, which is one of several.
   *
   * @param classes how many it has; 0 for a number
   */
  public DecideSettings suiting(int classes) {
    if (classes == 2) {
      return this;
    }
    return new DecideSettings(
        NONE.threshold(),
        classes == 0 || calibrate == Calibrate.ISOTONIC ? Calibrate.NONE : calibrate);
  }

  /**
   * What of these settings does not suit a label, without {@code decide.} before it.
   *
   * @param column the label's
   * @param classes how many it has; 0 for a number
   */
  public List<String> misfits(String column, int classes) {
    List<String> problems = new ArrayList<>();
    if (classes == 0) {
      problems.addAll(problemsWithoutClasses("numbers of " + column));
    } else if (classes > 2) {
      String label = "a label of %d classes (%s)".formatted(classes, column);
      if (hasThreshold()) {
        problems.add(
            "threshold must be 0.5 for %s, got %s: a threshold is for two classes"
                .formatted(label, threshold.text()));
      }
      if (calibrate == Calibrate.ISOTONIC) {
        problems.add(
            "calibrate must be none or temperature for %s, got isotonic: that is for two classes"
                .formatted(label));
      }
    }
    return problems;
  }
}
