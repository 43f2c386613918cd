package sluice.augment;

import java.io.Serializable;
import java.util.Arrays;
import java.util.stream.Stream;
import sluice.statistics.Moments;

/**
 * The population standard deviation of each of several numbers: the same to the bit whatever the
 * order of adding and merging. Not thread-safe.
 */
final class Deviations implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Moments[] moments;

  Deviations(int numbers) {
    moments = Stream.generate(Moments::new).limit(numbers).toArray(Moments[]::new);
  }

  void add(float[] values) {
    for (int i = 0; i < moments.length; i++) {
      moments[i].add(values[i]);
    }
  }

  void merge(Deviations other) {
    for (int i = 0; i < moments.length; i++) {
      moments[i].merge(other.moments[i]);
    }
  }

  /** The deviations of the numbers in order; 0 of nothing. */
  double[] values() {
    return Arrays.stream(moments).mapToDouble(m -> m.count() == 0 ? 0 : m.std()).toArray();
  }
}
