package sluice.network;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Which steps of a series of weighted indices are read, of which there may be too many. */
final class Heaviest {
  private Heaviest() {}

  /**
   * The steps of the greatest weights in absolute value, of equal ones the first, in their order.
   *
   * @param weights of the series and of others
   * @param from where those of the series begin
   * @param count of them
   * @param most how many steps there are at most
   */
  static int[] of(float[] weights, int from, int count, int most) {
    if (count <= most) {
      return IntStream.range(0, count).toArray();
    }
    float[] sizes = new float[count];
    for (int step = 0; step < count; step++) {
      sizes[step] = Math.abs(weights[from + step]);
    }
    float[] sorted = sizes.clone();
    Arrays.sort(sorted);
    float least = sorted[count - most];
    int equal = most;
    for (float size : sizes) {
      equal -= size > least ? 1 : 0;
    }
    int[] steps = new int[most];
    int filled = 0;
    for (int step = 0; step < count; step++) {
      if (sizes[step] > least || (sizes[step] == least && equal-- > 0)) {
        steps[filled++] = step;
      }
    }
    return steps;
  }
}
