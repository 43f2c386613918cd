package sluice.evaluation;

import sluice.data.ShortForm;

/**
 * A raw column by which results are told apart.
 *
 * @param column the column
 * @param by what of it
 */
@ShortForm("column")
public record SliceSettings(String column, By by) {
  /** What of a column tells rows apart. */
  public enum By {
    /** Its value. */
    VALUE,
    /** The length of its text in characters, in quarters of the train rows. */
    LENGTH,
    /** The language of its text. */
    LANGUAGE
  }

  /** What the slices are called. */
  public String name() {
    return switch (by) {
      case VALUE -> column;
      case LENGTH -> "length of " + column;
      case LANGUAGE -> "language of " + column;
    };
  }
}
