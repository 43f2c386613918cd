package sluice.normalise;

import java.time.LocalDateTime;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;

/**
 * Puts the most frequent value of the train rows where one is missing: a number, a text or a time.
 * Among equals it is the least number, the first text by code point, or the earliest time.
 */
public record ImputeMode() implements Step {
  private static final long serialVersionUID = 1L;

  @Override
  public Set<Kind> accepts() {
    return Set.of(Kind.NUMBER, Kind.TEXT, Kind.TIME);
  }

  @Override
  public Kind gives(Kind input) {
    return input;
  }

  @Override
  public Fit fit(Kind input) {
    return switch (input) {
      case NUMBER ->
          new CountFit<>(
              Double.class, counts -> new FillNumber(mode(counts, Comparator.naturalOrder())));
      case TIME ->
          new CountFit<>(
              LocalDateTime.class,
              counts -> new FillTime(mode(counts, Comparator.naturalOrder()).toString()));
      default ->
          new CountFit<>(
              String.class, counts -> new FillText(mode(counts, CodePointOrder.INSTANCE)));
    };
  }

  private static <T> T mode(Map<T, Long> counts, Comparator<? super T> order) {
    return counts.entrySet().stream()
        .min(
            Map.Entry.<T, Long>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey(order)))
        .orElseThrow()
        .getKey();
  }
}
