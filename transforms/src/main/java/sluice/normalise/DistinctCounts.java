package sluice.normalise;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import sluice.data.InvalidInput;

/**
 * How often each value occurs; at most {@value #MAX_DISTINCT} distinct values. Copies are merged in
 * any order. Not thread-safe.
 *
 * @param <T> the class of the values
 */
final class DistinctCounts<T> implements Serializable {
  private static final long serialVersionUID = 1L;

  /** More would fill a driver of ordinary size. */
  static final int MAX_DISTINCT = 5_000_000;

  private final Class<T> type;
  private final String advice;
  private final HashMap<T, Long> counts = new HashMap<>();
  private boolean tooMany;

  /**
   * @param advice what to do about too many values, for the message
   */
  DistinctCounts(Class<T> type, String advice) {
    this.type = type;
    this.advice = advice;
  }

  void add(Object value) {
    count(type.cast(value), 1);
  }

  void merge(DistinctCounts<?> other) {
    tooMany |= other.tooMany;
    other.counts.forEach((value, count) -> count(type.cast(value), count));
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

  /**
   * The counts.
   *
   * @param where the column and the step, for messages
   * @throws InvalidInput (data) if there are too many values
   */
  Map<T, Long> all(String where) {
    if (tooMany) {
      throw InvalidInput.data(
          String.format(
              Locale.ROOT,
              "%s: takes at most %,d distinct values, and the train rows have more; %s",
              where,
              MAX_DISTINCT,
              advice));
    }
    return counts;
  }
}
