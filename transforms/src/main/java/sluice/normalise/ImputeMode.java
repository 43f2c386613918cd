package sluice.normalise;

import java.util.Comparator;
import java.util.Map;
import java.util.Set;

/**
 * Puts the most frequent value of the train rows where one is missing: a number or a text. Among
 * equals it is the least number, or the first text by code point.
 */
public record ImputeMode() implements Step {
  private static final long serialVersionUID = 1L;

  @Override
  public Set<Kind> accepts() {
    return Set.of(Kind.NUMBER, Kind.TEXT);
  }

  @Override
  public Kind gives(Kind input) {
    return input;
  }

  @Override
  public Fit fit(Kind input) {
    return input == Kind.NUMBER
        ? new CountFit<>(
            Double.class, counts -> new FillNumber(mode(counts, Comparator.naturalOrder())))
        : new CountFit<>(
            String.class, counts -> new FillText(mode(counts, CodePointOrder.INSTANCE)));
  }

  private static <T> T mode(Map<T, Long> counts, Comparator<T> order) {
    return counts.entrySet().stream()
        .min(
            Map.Entry.<T, Long>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey(order)))
        .orElseThrow()
        .getKey();
  }
}
