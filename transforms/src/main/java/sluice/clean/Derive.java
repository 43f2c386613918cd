package sluice.clean;

import static org.apache.spark.sql.functions.expr;

import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.jspecify.annotations.Nullable;
import sluice.data.DatasetContract;
import sluice.data.InvalidInput;
import sluice.data.RawRecord;

/**
 * A column made by a Spark SQL expression of the others, of one row and with no chance in it. Only
 * Spark can compute it: a bundle with this rule cannot score without Spark, and says so. Before
 * that, {@link RowExpression} sees that it does nothing but compute.
 *
 * <p>A row whose value is none of the type, or whose whole numbers overflow in {@code +}, {@code
 * -}, {@code *} or {@code div}, is rejected. What is null for Spark stays a missing value, as is x
 * / 0.
 *
 * @param column the column to add or to replace
 * @param expression as in {@code balance / greatest(age, 1)}
 * @param to the column's type in Spark DDL; the expression's value is cast to it
 */
public record Derive(String column, String expression, String to, At at) implements RowRule {
  public Derive {
    Cast.typeOf(to);
  }

  /** Derives whenever a row is read. */
  public Derive(String column, String expression, String to) {
    this(column, expression, to, At.ALWAYS);
  }

  @Override
  public DatasetContract outputOf(DatasetContract input) {
    return input.with(column, Cast.typeOf(to));
  }

  @Override
  public Optional<Rule> without(String absent) {
    return Optional.of(this);
  }

  @Override
  public Column rejection(DatasetContract input) {
    return SparkFace.rejectUnfit(
        expression, Cast.typeOf(to), column + ": ", " is no " + to, " overflows");
  }

  @Override
  public Map<String, Column> changes(DatasetContract input) {
    return Map.of(column, expr(expression).cast(SparkFace.dataType(Cast.typeOf(to))));
  }

  @Override
  public @Nullable String rejection(RawRecord row) {
    return null;
  }

  @Override
  public RawRecord change(RawRecord row) {
    throw InvalidInput.data(
        "column %s is derived by Spark SQL (%s): this bundle cannot score without Spark"
            .formatted(column, expression));
  }
}
