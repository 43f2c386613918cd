package sluice.boosting;

import java.io.Serializable;
import java.util.Arrays;
import sluice.statistics.Moments;

/**
 * The scale on which numbers are learned: so many standard deviations from the mean of the train
 * labels. What gains are compared with is then independent of the label's unit.
 *
 * @param mean of the labels
 * @param std of the labels; 1 if they are all equal
 */
record Unit(double mean, double std) implements Serializable {
  /** Of classes, which have none. */
  static final Unit NONE = new Unit(0, 1);

  static Unit of(double[] labels) {
    Moments moments = new Moments();
    for (double label : labels) {
      moments.add(label);
    }
    return new Unit(moments.mean(), moments.std() > 0 ? moments.std() : 1);
  }

  Examples scaled(Examples examples) {
    return new Examples(
        examples.cardinalities(),
        examples.columns(),
        Arrays.stream(examples.labels()).map(label -> (label - mean) / std).toArray());
  }

  double unscaled(double value) {
    return value * std + mean;
  }
}
