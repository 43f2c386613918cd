package sluice.evaluation.metric;

/** One of the rows that a model predicts worst. */
public sealed interface RowError {

  /** {@link Predictions#keyHash(int)} of the row. */
  long keyHash();

  /**
   * Of classes.
   *
   * @param truth the true class
   * @param decision the class that is decided on
   * @param probability of the true class
   */
  record OfClasses(long keyHash, String truth, String decision, double probability)
      implements RowError {}

  /**
   * Of numbers.
   *
   * @param truth the true number
   * @param prediction the predicted number
   */
  record OfNumbers(long keyHash, double truth, double prediction) implements RowError {}
}
