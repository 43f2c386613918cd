package sluice.normalise;

import java.util.Set;

/** Puts the median of the train rows where a number is missing; see {@link QuantileFit}. */
public record ImputeMedian() implements Step {
  private static final long serialVersionUID = 1L;

  @Override
  public Set<Kind> accepts() {
    return Set.of(Kind.NUMBER);
  }

  @Override
  public Kind gives(Kind input) {
    return input;
  }

  @Override
  public Fit fit(Kind input) {
    return new QuantileFit((quantiles, where) -> new FillNumber(quantiles[0]), 0.5);
  }
}
