package sluice.augment;

import java.util.List;

/**
 * What is added to the train part.
 *
 * @param steps each adds to the train rows as they were, not to what another step added; none by
 *     default
 */
public record AugmentSettings(List<Augmenter> steps) {
  public AugmentSettings {
    steps = List.copyOf(steps);
  }

  /** Whether a step changes the raw values of rows, before they become features. */
  public boolean changesRows() {
    return steps.stream().anyMatch(RowAugmenter.class::isInstance);
  }
}
