package sluice.clean;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.InvalidInput;
import sluice.data.RawRecord;

/**
 * Rejects a row whose number lies outside a range. Null and NaN are missing values, and kept; an
 * infinite number is compared like any other.
 *
 * @param column a column of numbers
 * @param min the least value that is kept; none if null
 * @param max the greatest value that is kept; none if null, but not both
 */
public record RejectOutside(String column, @Nullable Double min, @Nullable Double max, At at)
    implements RowRule {
  public RejectOutside {
    List<String> problems = new ArrayList<>();
    if (min == null && max == null) {
      problems.add("min or max must be given");
    }
    if (min != null && min.isNaN()) {
      problems.add("min must be a number, got NaN");
    }
    if (max != null && max.isNaN()) {
      problems.add("max must be a number, got NaN");
    }
    if (min != null && max != null && min > max) {
      problems.add("min must be at most max, got " + min + " and " + max);
    }
    Rules.require(problems);
  }

  /** Rejects whenever a row is read. */
  public RejectOutside(String column, @Nullable Double min, @Nullable Double max) {
    this(column, min, max, At.ALWAYS);
  }

  @Override
  public DatasetContract outputOf(DatasetContract input) {
    if (!input.type(column).isNumber()) {
      throw InvalidInput.data(
          "column %s must be a number, is %s".formatted(column, input.type(column).ddl()));
    }
    return input;
  }

  @Override
  public List<String> judged(DatasetContract input) {
    return List.of(column);
  }

  @Override
  public Optional<Rule> without(String absent) {
    return column.equals(absent) ? Optional.empty() : Optional.of(this);
  }

  @Override
  public Column rejection(DatasetContract input) {
    Column value = Columns.named(column);
    Column number = value.cast(DataTypes.DoubleType);
    Column outside = lit(false);
    if (min != null) {
      outside = outside.or(number.lt(lit(min)));
    }
    if (max != null) {
      outside = outside.or(number.gt(lit(max)));
    }
    return SparkFace.reject(not(number.isNaN()).and(outside), value, before(), after());
  }

  @Override
  public Map<String, Column> changes(DatasetContract input) {
    return Map.of();
  }

  @Override
  public @Nullable String rejection(RawRecord row) {
    if (!(row.value(column) instanceof Number value)) {
      return null;
    }
    double number = value.doubleValue();
    return (min != null && number < min) || (max != null && number > max)
        ? before() + Values.words(value) + after()
        : null;
  }

  @Override
  public RawRecord change(RawRecord row) {
    return row;
  }

  private String before() {
    return column + ": ";
  }

  private String after() {
    if (min == null) {
      return " is above " + bound(max);
    }
    return max == null
        ? " is below " + bound(min)
        : " is outside %s to %s".formatted(bound(min), bound(max));
  }

  private static String bound(@Nullable Double bound) {
    return bound == null || bound.isInfinite()
        ? String.valueOf(bound)
        : new BigDecimal(bound.toString()).stripTrailingZeros().toPlainString();
  }
}
