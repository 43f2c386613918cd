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
}
