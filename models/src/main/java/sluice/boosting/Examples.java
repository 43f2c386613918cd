package sluice.boosting;

/**
 * Rows to learn from or to measure on, column by column.
 *
 * @param cardinalities by column, the number of categories; 0 for a column of numbers
 * @param columns by column, the value of each row: a number, or a category's index
 * @param labels a class's index, or the number to predict
 */
@SuppressWarnings("ArrayRecordComponent") // handed over in bulk and never compared
public record Examples(int[] cardinalities, float[][] columns, double[] labels) {

  /** How many rows there are. */
  public int rows() {
    return labels.length;
  }

  /** The values of a row. */
  float[] row(int row) {
    float[] values = new float[columns.length];
    for (int column = 0; column < values.length; column++) {
      values[column] = columns[column][row];
    }
    return values;
  }
}
