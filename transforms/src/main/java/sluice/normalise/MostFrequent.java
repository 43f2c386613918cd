package sluice.normalise;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The values that a step gives an index of their own. */
final class MostFrequent {
  private MostFrequent() {}

  /**
   * The most frequent values with their counts, the most frequent first, at a tie the first by code
   * point.
   *
   * @param counts how often each value occurs
   * @param minCount a value that occurs less often is none of them
   * @param most how many there are at most
   */
  static List<Map.Entry<String, Long>> of(Map<String, Long> counts, long minCount, int most) {
    return counts.entrySet().stream()
        .filter(entry -> entry.getValue() >= minCount)
        .sorted(
            Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey(CodePointOrder.INSTANCE)))
        .limit(most)
        .toList();
  }
}
