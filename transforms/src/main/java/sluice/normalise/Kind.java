package sluice.normalise;

/**
 * What flows between two steps of a column, and the Java class of a value that is there. Missing is
 * null in every kind; a number that is NaN or infinite counts as missing.
 */
public enum Kind {
  /** A number: {@link Double}, finite. */
  NUMBER("numbers"),
  /** A category or text: {@link String}. */
  TEXT("text"),
  /**
   * A point in time without a zone: {@link java.time.LocalDateTime}; an instant is taken in UTC.
   */
  TIME("times"),
  /** Bytes, as of a picture: {@code byte[]}. */
  BYTES("bytes"),
  /** A category's index below the step's cardinality: {@link Integer}. */
  INDEX("category indices"),
  /** Several finite numbers of a fixed length: {@code double[]}, an array of doubles in Spark. */
  VECTOR("number vectors");

  private final String text;

  Kind(String text) {
    this.text = text;
  }

  /** What the values are called in messages. */
  public String text() {
    return text;
  }
}
