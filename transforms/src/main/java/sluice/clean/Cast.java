package sluice.clean;

import static org.apache.spark.sql.functions.not;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.jspecify.annotations.Nullable;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.data.NumberNotation;
import sluice.data.RawRecord;
import sluice.data.TimeNotation;
import sluice.data.ValueParser;

/**
 * A column as another type; a row whose value is none of that type is rejected. A missing value
 * stays missing.
 *
 * <p>Text is read by {@link ValueParser}, as it is in files. Between numbers precision may be lost,
 * never a fraction or the range.
 *
 * @param to the type in Spark DDL, as in {@code int}
 * @param decimal stands before the fraction of a number in text; null for a point
 * @param thousands stands between groups of exactly three digits before the fraction, in none or
 *     all of them, as {@link NumberNotation#thousands} says; null where nothing may
 */
public record Cast(
    String column, String to, @Nullable String decimal, @Nullable String thousands, At at)
    implements RowRule {
  private static final String POINT = ".";

  public Cast {
    FieldType type = typeOf(to);
    List<String> problems = new ArrayList<>();
    if (!type.isNumber() && (decimal != null || thousands != null)) {
      problems.add(
          (decimal == null ? "thousands" : "decimal") + " is for numbers, which no " + to + " is");
    }
    checkSign("decimal", decimal, problems);
    checkSign("thousands", thousands, problems);
    if (problems.isEmpty()) {
      parser(decimal, thousands);
    }
    Rules.require(problems);
  }

  /** Casts whenever a row is read, numbers with a decimal point. */
  public Cast(String column, String to) {
    this(column, to, null, null, At.ALWAYS);
  }

  private static void checkSign(String key, @Nullable String sign, List<String> problems) {
    if (sign != null && sign.length() != 1) {
      problems.add(key + " must be one character, got \"" + sign + "\"");
    }
  }

  private static ValueParser parser(@Nullable String decimal, @Nullable String thousands) {
    return new ValueParser(
        new NumberNotation(
            (decimal == null ? POINT : decimal).charAt(0),
            thousands == null ? null : thousands.charAt(0),
            Map.of()),
        TimeNotation.STANDARD);
  }

  @Override
  public DatasetContract outputOf(DatasetContract input) {
    FieldType from = input.type(column);
    if (!Values.convertible(from, typeOf(to))) {
      throw InvalidInput.data("column %s is %s, which has no %s".formatted(column, from.ddl(), to));
    }
    if (from != FieldType.STRING && (decimal != null || thousands != null)) {
      throw InvalidInput.data(
          "column %s must be a string to have its own signs in numbers, is %s"
              .formatted(column, from.ddl()));
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
    Column converted = SparkFace.convert(value, typeOf(to), parser(decimal, thousands));
    return SparkFace.reject(not(value.isNull()).and(converted.isNull()), value, before(), after());
  }

  @Override
  public Map<String, Column> changes(DatasetContract input) {
    return Map.of(
        column, SparkFace.convert(Columns.named(column), typeOf(to), parser(decimal, thousands)));
  }

  @Override
  public @Nullable String rejection(RawRecord row) {
    Object value = row.value(column);
    return value == null || converted(value) != null
        ? null
        : before() + Values.words(value) + after();
  }

  @Override
  public RawRecord change(RawRecord row) {
    Object value = row.value(column);
    return value == null ? row : row.with(column, converted(value));
  }

  private @Nullable Object converted(Object value) {
    return Values.convert(value, typeOf(to), parser(decimal, thousands));
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
