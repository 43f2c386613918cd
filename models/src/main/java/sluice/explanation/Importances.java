package sluice.explanation;

import java.util.List;

/**
 * The importance of every raw column that a network reads.
 *
 * @param metric the metric whose loss is measured
 * @param unpermuted its value on the rows as they are
 * @param rows how many rows of the test part were used
 * @param repeats how often each column was permuted
 * @param confidence the share of the repeats that an interval spans
 * @param columns the most important first, equal ones by name
 */
public record Importances(
    String metric,
    double unpermuted,
    long rows,
    int repeats,
    double confidence,
    List<ColumnImportance> columns) {
  public Importances {
    columns = List.copyOf(columns);
  }
}
