package sluice.normalise;

import java.util.Set;

/** Puts the mean of the train rows, exact and rounded once, where a number is missing. */
public record ImputeMean() implements Step {
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
    return new MomentsFit(moments -> new FillNumber(moments.mean()));
  }
}
