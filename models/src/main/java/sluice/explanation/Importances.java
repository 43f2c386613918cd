package sluice.explanation;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The importance of every raw column that a model reads.
 *
 * @param metric the metric whose loss is measured
 * @param unpermuted its value on the rows as they are; null if it was not measured, see {@link
 *     #notMeasured}
 * @param rows how many rows of the test part were used
 * @param repeats how often each column was permuted
 * @param confidence the share of the repeats that an interval spans
 * @param columns the most important first, equal ones by name; none if nothing was measured
 */
public record Importances(
    String metric,
    @Nullable Double unpermuted,
    long rows,
    int repeats,
    double confidence,
    List<ColumnImportance> columns) {
  /** With one row a permutation changes nothing. */
  static final int LEAST_ROWS = 2;

  public Importances {
    columns = List.copyOf(columns);
  }

  /** Why nothing could be measured; nothing if it was. */
  public Optional<String> notMeasured() {
    if (unpermuted != null) {
      return Optional.empty();
    }
    if (rows < LEAST_ROWS) {
      return Optional.of(
          "permuting takes at least %s rows of the test part, got %s".formatted(LEAST_ROWS, rows));
    }
    return Optional.of(
        "%s is undefined on %s rows of the test part%s"
            .formatted(
                metric, rows, metric.equals("rocAuc") ? ", which are all of one class" : ""));
  }
}
