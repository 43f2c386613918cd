package sluice.normalise;

import sluice.data.InvalidInput;

/**
 * Median 0 and interquartile range 1 on the train rows; see {@link QuantileFit}. Where the
 * quartiles are equal, the median is taken off and nothing divided; a constant column becomes 0,
 * see {@link Scale}.
 */
public record Robust() implements NumberStep {
  private static final long serialVersionUID = 1L;

  @Override
  public Fit fit(Kind input) {
    return new QuantileFit(
        (q, where) -> {
          double range = q[3] - q[1];
          if (range == Double.POSITIVE_INFINITY) {
            throw InvalidInput.data(
                "%s: the quartiles are %s and %s, further apart than a double holds; clip them first"
                    .formatted(where, q[1], q[3]));
          }
          return q[0] == q[4] ? Scale.constant(q[2]) : Scale.of(q[2], range > 0 ? range : 1);
        },
        0,
        0.25,
        0.5,
        0.75,
        1);
  }
}
