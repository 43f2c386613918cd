package sluice.augment;

import java.util.Map;

/** The augmenters there are, by the type that a configuration names. */
public final class Augmenters {
  public static final Map<String, Class<? extends Augmenter>> TYPES =
      Map.of("oversample", Oversample.class, "smote", Smote.class, "jitter", Jitter.class);

  private Augmenters() {}

  /** The type of an augmenter. */
  public static String type(Augmenter augmenter) {
    return TYPES.entrySet().stream()
        .filter(type -> type.getValue().isInstance(augmenter))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(augmenter.getClass() + " is not registered"))
        .getKey();
  }
}
