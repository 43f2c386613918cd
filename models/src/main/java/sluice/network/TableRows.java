package sluice.network;

/**
 * Some rows of the large tables of a network.
 *
 * @param numbers of the rows as {@link RowTables} counts them, ascending
 * @param values of each row, one row behind the other
 */
@SuppressWarnings("ArrayRecordComponent") // handed over in bulk and never compared
public record TableRows(int[] numbers, float[] values) {
  /** No row. */
  public static final TableRows NONE = new TableRows(new int[0], new float[0]);
}
