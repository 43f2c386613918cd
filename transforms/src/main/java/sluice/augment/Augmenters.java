package sluice.augment;

import sluice.augment.text.Eda;
import sluice.data.NamedTypes;

/** The augmenters there are, by the type that a configuration names. */
public final class Augmenters {
  public static final NamedTypes<Augmenter> TYPES =
      NamedTypes.of(Augmenter.class)
          .with("oversample", Oversample.class)
          .with("smote", Smote.class)
          .with("jitter", Jitter.class)
          .with("eda", Eda.class)
          .withExtensions();

  private Augmenters() {}
}
