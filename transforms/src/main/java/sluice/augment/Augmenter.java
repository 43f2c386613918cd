package sluice.augment;

/**
 * What is asked of the train part: a record of parameters, validated in its constructor and named
 * by its type in {@link Augmenters}. It makes new examples from the train rows as they were.
 */
public sealed interface Augmenter permits FeatureAugmenter {

  /** What an augmenter works on. */
  enum On {
    /** Raw rows, before features are made of them. */
    ROWS,
    /** Features. */
    FEATURES
  }

  On on();
}
