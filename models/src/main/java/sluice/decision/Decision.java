package sluice.decision;

import sluice.data.Decimal;
import sluice.data.Require;

/**
 * What makes of a model's probabilities those that are told, and of them a class: they are
 * calibrated first, then compared with the threshold.
 *
 * @param calibration of the probabilities
 * @param threshold in 0..1: of two classes the positive one is decided on if its probability is at
 *     least this, 0.5 like any other. Of more classes it is the most probable one, of equals the
 *     first
 */
public record Decision(Calibration calibration, double threshold) {
  private static final double MOST_PROBABLE = 0.5;

  /** The most probable class by probabilities as they are, of two equals the positive one. */
  public static final Decision NONE = new Decision(new Calibration.Uncalibrated(), MOST_PROBABLE);

  public Decision {
    new Require().within("threshold", threshold, 0, 1).hold();
  }

  /**
   * Whether it can be made of so many classes; 0 for a number.
   *
   * @return the problem; empty if it can
   */
  public String misfit(int classes) {
    if (classes != 2 && threshold != MOST_PROBABLE) {
      return "a threshold other than 0.5 is for two classes";
    }
    if (classes != 2 && calibration instanceof Calibration.Isotonic) {
      return "isotonic calibration is for two classes";
    }
    if (classes == 0 && !(calibration instanceof Calibration.Uncalibrated)) {
      return "calibration is for classes";
    }
    return "";
  }

  /**
   * Calibrated probabilities.
   *
   * @param outputs of a model, one a class
   * @param positive the index of the positive class of two, or -1
   */
  public float[] calibrated(float[] outputs, int positive) {
    return calibration.apply(outputs, positive);
  }

  /**
   * The class that is decided on.
   *
   * @param probabilities calibrated
   * @param positive the index of the positive class of two, or -1
   * @return its index
   */
  public int decide(float[] probabilities, int positive) {
    return decide(probabilities, 0, probabilities.length, positive, threshold);
  }

  /** The same of probabilities within an array of many. */
  public static int decide(
      float[] probabilities, int from, int classes, int positive, double threshold) {
    if (positive < 0) {
      return mostProbable(probabilities, from, classes);
    }
    return probabilities[from + positive] >= threshold ? positive : 1 - positive;
  }

  /** The index of the most probable class, the first of equals. */
  public static int mostProbable(float[] probabilities, int from, int classes) {
    int best = 0;
    for (int c = 1; c < classes; c++) {
      best = probabilities[from + c] > probabilities[from + best] ? c : best;
    }
    return best;
  }

  /** For people: what was done to the probabilities, and where the threshold lies. */
  @Override
  public String toString() {
    return "%s, threshold %s".formatted(calibration.text(), Decimal.rounded(threshold));
  }
}
