package sluice.normalise;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import sluice.data.InvalidInput;

/**
 * How often each value occurs; at most {@value #MAX_DISTINCT} distinct values.
 *
 * @param <T> the class of the values
 */
final class CountFit<T> implements Fit {
  private static final long serialVersionUID = 1L;

  /** More would fill a driver of ordinary size. */
  static final int MAX_DISTINCT = 5_000_000;

  /** What the counts amount to. */
  interface Finish<T> extends Serializable {
    FittedStep of(Map<T, Long> counts);
  }

  private final Class<T> type;
  private final Finish<T> finish;
  private final HashMap<T, Long> counts = new HashMap<>();
  private boolean tooMany;

  CountFit(Class<T> type, Finish<T> finish) {
    this.type = type;
    this.finish = finish;
  }

  @Override
  public void add(Object value) {
    count(type.cast(value), 1);
  }

  @Override
  public void merge(Fit other) {
    CountFit<?> that = (CountFit<?>) other;
    tooMany |= that.tooMany;
    that.counts.forEach((value, count) -> count(type.cast(value), count));
  }

  private void count(T value, long times) {
    if (!tooMany) {
      counts.merge(value, times, Long::sum);
      tooMany = counts.size() > MAX_DISTINCT;
    }
    if (tooMany) {
      counts.clear();
    }
  }

  @Override
  public boolean endScan() {
    return false;
  }

  @Override
  public FittedStep finish(String where) {
    if (tooMany) {
      throw InvalidInput.data(
          "%s: takes at most %,d distinct values, and the train rows have more; hashing takes any number"
              .formatted(where, MAX_DISTINCT));
    }
    return finish.of(counts);
  }
}
