package sluice.normalise;

import java.util.Locale;

/** What a network is to predict. */
public enum LabelType {
  /** One of the values that the train rows have. */
  CLASS,
  /** A number. */
  NUMBER,
  /** A tag for each token of a text. */
  TAGS,
  /** A set of names. */
  SET,
  /** A text. */
  TEXT,
  /** Nothing: the rows have no label. */
  NONE;

  /** The type's name in a configuration. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
