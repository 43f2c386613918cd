package sluice.evaluation.metric;

import java.io.Serializable;
import java.util.Optional;

/**
 * What metrics of a table's predictions need, gathered in parts on executors. Counts are integers
 * and sums exact, so that a figure is the same to the bit in whatever order rows are added and
 * parts merged. The figures are those of metrics.json.
 */
public interface Tally extends Serializable {

  /**
   * Adds all that the other holds.
   *
   * @throws IllegalArgumentException if the other is of another kind
   */
  void merge(Tally other);

  /**
   * A metric of all rows; NaN if they do not define it.
   *
   * @param metric its name in metrics.json
   * @throws IllegalArgumentException if it is not one that this gathers for
   */
  double value(String metric);

  /** What must be known of the metric's value: always there when it is undefined. */
  Optional<String> note(String metric);
}
