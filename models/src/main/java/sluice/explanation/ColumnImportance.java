package sluice.explanation;

/**
 * How much worse a model becomes when a raw column is permuted among the rows.
 *
 * @param column the raw column
 * @param loss by how much the metric became worse, the mean of the repeats; around 0 for a column
 *     that the model does not use
 * @param low the lower end of the interval that the repeats span
 * @param high its upper end
 */
public record ColumnImportance(String column, double loss, double low, double high) {}
