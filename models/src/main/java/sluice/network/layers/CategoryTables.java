package sluice.network.layers;

import sluice.data.InvalidInput;

/** A layer that has a table of a row for each category, one for each column of categories. */
public interface CategoryTables {
  /** The number of categories of each column. */
  int[] getCardinalities();

  /** Overwrites them. */
  void setCardinalities(int[] cardinalities);

  /** The name of a column's table among the layer's parameters, [categories, width] by rows. */
  String tableName(int column);

  /** Parameters of a row of a column's table. */
  int width(int column);

  /**
   * The row of a column's table that an index means.
   *
   * @throws InvalidInput (data) if it means none
   */
  int row(int column, double index);
}
