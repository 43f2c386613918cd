package sluice.normalise;

import java.util.List;

/**
 * A category as the share of the train rows that have it, among those with a category; 0 for one
 * that none has.
 */
public record Frequency() implements TextStep {
  private static final long serialVersionUID = 1L;

  @Override
  public Kind gives(Kind input) {
    return Kind.NUMBER;
  }

  @Override
  public Fit fit(Kind input) {
    return new CountFit<>(
        String.class,
        counts -> {
          List<String> categories =
              counts.keySet().stream().sorted(CodePointOrder.INSTANCE).toList();
          return new FrequencyEncoder(
              categories,
              categories.stream().map(counts::get).toList(),
              counts.values().stream().mapToLong(count -> count).sum());
        });
  }
}
