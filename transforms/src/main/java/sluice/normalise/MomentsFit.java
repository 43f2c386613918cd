package sluice.normalise;

import java.io.Serializable;
import sluice.statistics.Moments;

/** Mean and standard deviation of numbers. */
final class MomentsFit implements Fit {
  private static final long serialVersionUID = 1L;

  /** What the moments amount to. */
  interface Finish extends Serializable {
    FittedStep of(Moments moments);
  }

  private final Moments moments = new Moments();
  private final Finish finish;

  MomentsFit(Finish finish) {
    this.finish = finish;
  }

  @Override
  public void add(Object value) {
    moments.add((Double) value);
  }

  @Override
  public void merge(Fit other) {
    moments.merge(((MomentsFit) other).moments);
  }

  @Override
  public boolean endScan() {
    return false;
  }

  @Override
  public FittedStep finish(String where) {
    return finish.of(moments);
  }
}
