package sluice.clean;

import static org.apache.spark.sql.functions.udf;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
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
 * Rejects a row whose text does not match a pattern from its first to its last character, or for
 * which {@link BoundedPattern} cannot tell; a missing one is kept.
 *
 * @param column a column of strings
 * @param pattern a regular expression of {@link Pattern}
 */
public record RejectUnlessMatching(String column, String pattern, At at) implements RowRule {
  public RejectUnlessMatching {
    new BoundedPattern(pattern);
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
  public List<String> judged(DatasetContract input) {
    return List.of(column);
  }

  @Override
  public Optional<Rule> without(String absent) {
    return column.equals(absent) ? Optional.empty() : Optional.of(this);
  }

  @Override
  public Column rejection(DatasetContract input) {
    BoundedPattern compiled = new BoundedPattern(pattern);
    String name = column;
    UDF1<String, @Nullable String> reason = text -> reason(compiled, name, text);
    return udf(reason, DataTypes.StringType).apply(Columns.named(column));
  }

  @Override
  public Map<String, Column> changes(DatasetContract input) {
    return Map.of();
  }

  @Override
  public @Nullable String rejection(RawRecord row) {
    return reason(
        new BoundedPattern(pattern),
        column,
        row.value(column) instanceof String text ? text : null);
  }

  @Override
  public RawRecord change(RawRecord row) {
    return row;
  }

  private static @Nullable String reason(
      BoundedPattern pattern, String column, @Nullable String text) {
    if (text == null) {
      return null;
    }
    String words = column + ": " + Values.words(text);
    return switch (pattern.of(text)) {
      case MATCHES -> null;
      case DIFFERS -> words + " does not match " + pattern;
      case UNDECIDED -> words + " takes too many steps to match with " + pattern;
    };
  }
}
