package sluice.normalise;

/**
 * Mean 0 and standard deviation 1 on the train rows. It is the population standard deviation, with
 * the count as the divisor. A constant column becomes 0; see {@link Scale}.
 */
public record Standardise() implements NumberStep {
  private static final long serialVersionUID = 1L;

  @Override
  public Fit fit(Kind input) {
    return new MomentsFit(
        moments -> {
          double std = moments.std();
          return std > 0 ? Scale.of(moments.mean(), std) : Scale.constant(moments.mean());
        });
  }
}
