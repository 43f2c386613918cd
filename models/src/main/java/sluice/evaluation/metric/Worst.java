package sluice.evaluation.metric;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** Finds the rows of the greatest loss without sorting all of them. */
public final class Worst {
  private Worst() {}

  /**
   * The rows of the greatest loss, the greatest first, at a tie the first rows.
   *
   * @param rows how many rows there are
   * @param most how many are found at most
   * @param loss of a row
   */
  public static int[] rows(int rows, int most, IntToDoubleFunction loss) {
    Comparator<Integer> worstFirst =
        Comparator.comparingDouble((Integer row) -> -loss.applyAsDouble(row))
            .thenComparing(Comparator.naturalOrder());
    PriorityQueue<Integer> kept = new PriorityQueue<>(worstFirst.reversed());
    IntStream.range(0, rows)
        .forEach(
            row -> {
              kept.add(row);
              if (kept.size() > most) {
                kept.remove();
              }
            });
    return kept.stream().sorted(worstFirst).mapToInt(Integer::intValue).toArray();
  }
}
