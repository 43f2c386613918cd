package sluice.evaluation;

import sluice.evaluation.metric.Interval;
import sluice.evaluation.metric.Metric;

/**
 * How one model compares with another, by the interval of their difference on the same resamples.
 */
public enum PairedComparison {
  /** The interval lies on the good side of zero. */
  BETTER("better than"),
  /** The interval holds zero. */
  LEVEL("level with"),
  /** The interval lies on the bad side of zero. */
  WORSE("worse than");

  private final String text;

  PairedComparison(String text) {
    this.text = text;
  }

  /** The words before the other's name. */
  public String text() {
    return text;
  }

  /**
   * The comparison.
   *
   * @param difference of one model's metric less the other's
   */
  public static PairedComparison of(Interval difference, Metric<?> metric) {
    if (difference.low() <= 0 && difference.high() >= 0) {
      return LEVEL;
    }
    return metric.gain(difference.low(), 0) > 0 ? BETTER : WORSE;
  }
}
