package sluice.clean;

import static org.apache.spark.sql.functions.not;

import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.jspecify.annotations.Nullable;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.data.RawRecord;

/**
 * A column as another type; a row whose value is none of that type is rejected. A missing value
 * stays missing.
 *
 * <p>Blanks around text do not count. A whole number may be written as {@code 3}, {@code 3.0} or
 * {@code 3e2}; 3.5 is none, and neither is one out of range. A real number is a decimal, {@code
 * NaN} or {@code Infinity}, and one that overflows is none. A boolean is true, t, yes, y or 1,
 * false, f, no, n or 0. Dates and times are ISO 8601, the latter with T or a space; a time without
 * a zone is in UTC. Between numbers precision may be lost, never a fraction or the range.
 *
 * @param to the type in Spark DDL, as in {@code int}
 */
public record Cast(String column, String to, At at) implements RowRule {
  public Cast {
    typeOf(to);
  }

  /** Casts whenever a row is read. */
  public Cast(String column, String to) {
    this(column, to, At.ALWAYS);
  }

  @Override
  public DatasetContract outputOf(DatasetContract input) {
    FieldType from = input.type(column);
    if (!Values.convertible(from, typeOf(to))) {
      throw InvalidInput.data("column %s is %s, which has no %s".formatted(column, from.ddl(), to));
    }
    return input.with(column, typeOf(to));
  }

  @Override
  public Optional<Rule> without(String absent) {
    return column.equals(absent) ? Optional.empty() : Optional.of(this);
  }

  @Override
  public Column rejection(DatasetContract input) {
    Column value = Columns.named(column);
    Column converted = SparkFace.convert(value, typeOf(to));
    return SparkFace.reject(not(value.isNull()).and(converted.isNull()), value, before(), after());
  }

  @Override
  public Map<String, Column> changes(DatasetContract input) {
    return Map.of(column, SparkFace.convert(Columns.named(column), typeOf(to)));
  }

  @Override
  public @Nullable String rejection(RawRecord row) {
    Object value = row.value(column);
    return value == null || Values.convert(value, typeOf(to)) != null
        ? null
        : before() + Values.words(value) + after();
  }

  @Override
  public RawRecord change(RawRecord row) {
    Object value = row.value(column);
    return value == null ? row : row.with(column, Values.convert(value, typeOf(to)));
  }

  private String before() {
    return column + ": ";
  }

  private String after() {
    return " is no " + to;
  }

  /** The type of this name. */
  static FieldType typeOf(String ddl) {
    return FieldType.ofDdl(ddl)
        .orElseThrow(
            () ->
                InvalidInput.configuration(
                    "to must be one of %s, got %s".formatted(FieldType.names(), ddl)));
  }
}
