package sluice.statistics;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import org.apache.spark.sql.Column;

/** Exact order statistics of whole numbers as aggregates of Spark's. */
public final class DiscreteQuantile {
  private DiscreteQuantile() {}

  /**
   * The least number that a share of the numbers does not exceed; 0 of none. An executor holds how
   * often each occurs.
   *
   * @param share from 0 to 1
   * @param column of whole numbers, named so that it needs no quotes
   */
  public static Column of(double share, String column) {
    return coalesce(
            expr("percentile_disc(%s) WITHIN GROUP (ORDER BY %s)".formatted(share, column)), lit(0))
        .cast("long");
  }
}
