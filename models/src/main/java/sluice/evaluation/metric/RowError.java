package sluice.evaluation.metric;

import java.util.List;

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

  /**
   * Of tags.
   *
   * @param truth the true tag of each token
   * @param predicted likewise, of the first tokens alone if not all were read
   * @param wrong how many tokens have another tag than they should, or none
   */
  record OfTags(long keyHash, List<String> truth, List<String> predicted, int wrong)
      implements RowError {
    public OfTags {
      truth = List.copyOf(truth);
      predicted = List.copyOf(predicted);
    }
  }

  /**
   * Of sets.
   *
   * @param truth the names that are true
   * @param predicted the names that are predicted
   * @param wrong how many are one but not the other
   */
  record OfSets(long keyHash, List<String> truth, List<String> predicted, int wrong)
      implements RowError {
    public OfSets {
      truth = List.copyOf(truth);
      predicted = List.copyOf(predicted);
    }
  }
}
