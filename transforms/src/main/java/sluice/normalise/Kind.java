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
  VECTOR("number vectors"),
  /**
   * Category indices of any number, none included, each below the step's cardinality: {@code
   * int[]}, an array of ints in Spark.
   */
  SERIES("series of indices"),
  /**
   * Category indices, each below the step's cardinality, with a weight each: {@link
   * WeightedIndices}, in Spark a struct of {@code indices}, an array of ints, and {@code weights},
   * one of floats.
   */
  WEIGHTED_SERIES("series of weighted indices");

  private final String text;

  Kind(String text) {
    this.text = text;
  }

  /** What the values are called in messages. */
  public String text() {
    return text;
  }

  /** Whether each row has a number of values of its own. */
  public boolean isSeries() {
    return this == SERIES || this == WEIGHTED_SERIES;
  }
}
