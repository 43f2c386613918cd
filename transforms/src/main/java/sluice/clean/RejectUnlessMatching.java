package sluice.clean;

import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.udf;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.data.RawRecord;

/**
 * Rejects a row whose text does not match a pattern from its first to its last character; a missing
 * one is kept.
 *
 * @param column a column of strings
 * @param pattern a regular expression of {@link Pattern}
 */
public record RejectUnlessMatching(String column, String pattern, At at) implements RowRule {
  public RejectUnlessMatching {
    try {
      Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw InvalidInput.configuration(
          "pattern must be a regular expression, got %s: %s"
              .formatted(pattern, e.getDescription()));
    }
  }

  /** Rejects whenever a row is read. */
  public RejectUnlessMatching(String column, String pattern) {
    this(column, pattern, At.ALWAYS);
  }

  @Override
  public DatasetContract outputOf(DatasetContract input) {
    if (input.type(column) != FieldType.STRING) {
      throw InvalidInput.data(
          "column %s must be a string to be matched, is %s"
              .formatted(column, input.type(column).ddl()));
    }
    return input;
  }

  @Override
  public Optional<Rule> without(String absent) {
    return column.equals(absent) ? Optional.empty() : Optional.of(this);
  }

  @Override
  public Column rejection(DatasetContract input) {
    Pattern compiled = Pattern.compile(pattern);
    UDF1<String, Boolean> matches = text -> text == null || compiled.matcher(text).matches();
    Column value = Columns.named(column);
    return SparkFace.reject(
        not(udf(matches, DataTypes.BooleanType).apply(value)), value, before(), after());
  }

  @Override
  public Map<String, Column> changes(DatasetContract input) {
    return Map.of();
  }

  @Override
  public @Nullable String rejection(RawRecord row) {
    return row.value(column) instanceof String text && !Pattern.matches(pattern, text)
        ? before() + Values.words(text) + after()
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
    return " does not match " + pattern;
  }
}
