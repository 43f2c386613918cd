package sluice.clean;

import static org.apache.spark.sql.functions.not;

import java.util.List;
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
 * Rejects a row whose value is none of these; a missing one is kept.
 *
 * @param values the values that are kept, as text
 */
public record RejectUnlessIn(String column, List<String> values, At at) implements RowRule {
  public RejectUnlessIn {
    values = List.copyOf(values);
    Rules.require(Rules.emptyList("values", values));
  }

  /** Rejects whenever a row is read. */
  public RejectUnlessIn(String column, List<String> values) {
    this(column, values, At.ALWAYS);
  }

  @Override
  public DatasetContract outputOf(DatasetContract input) {
    FieldType type = input.type(column);
    List<String> foreign =
        values.stream().filter(value -> Values.convert(value, type) == null).toList();
    if (!foreign.isEmpty()) {
      throw InvalidInput.data(
          "column %s is %s, which %s is not".formatted(column, type.ddl(), foreign));
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
    return SparkFace.reject(
        value.isNotNull().and(not(SparkFace.among(value, input.type(column), values))),
        value,
        before(),
        after());
  }

  @Override
  public Map<String, Column> changes(DatasetContract input) {
    return Map.of();
  }

  @Override
  public @Nullable String rejection(RawRecord row) {
    Object value = row.value(column);
    return value == null || Values.among(value, values)
        ? null
        : before() + Values.words(value) + after();
  }

  @Override
  public RawRecord change(RawRecord row) {
    return row;
  }

  private String before() {
    return column + ": ";
  }

  private String after() {
    return values.size() <= 10
        ? " is none of " + values
        : " is none of the %s values from %s to %s"
            .formatted(values.size(), values.get(0), values.get(values.size() - 1));
  }
}
