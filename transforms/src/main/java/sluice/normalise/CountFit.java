package sluice.normalise;

import java.io.Serializable;
import java.util.Map;

/**
 * How often each value occurs, as {@link DistinctCounts} has it.
 *
 * @param <T> the class of the values
 */
final class CountFit<T> implements Fit {
  private static final long serialVersionUID = 1L;

  /** What the counts amount to. */
  interface Finish<T> extends Serializable {
    FittedStep of(Map<T, Long> counts);
  }

  private final Finish<T> finish;
  private final DistinctCounts<T> counts;

  CountFit(Class<T> type, Finish<T> finish) {
    this(type, "hashing takes any number", finish);
  }

  /**
   * @param advice what to do about too many values, for the message
   */
  CountFit(Class<T> type, String advice, Finish<T> finish) {
    this.finish = finish;
    counts = new DistinctCounts<>(type, advice);
  }

  @Override
  public void add(Object value) {
    counts.add(value);
  }

  @Override
  public void merge(Fit other) {
    counts.merge(((CountFit<?>) other).counts);
  }

  @Override
  public boolean endScan() {
    return false;
  }

  @Override
  public FittedStep finish(String where) {
    return finish.of(counts.all(where));
  }
}
