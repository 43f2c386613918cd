package sluice.clean;

import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.jspecify.annotations.Nullable;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.RawRecord;

/**
 * Rejects a row with a missing value: null, or a number that is NaN or infinite.
 *
 * @param columns the columns that must have a value; all when empty
 */
public record RejectMissing(List<String> columns, At at) implements RowRule {
  static final String BEFORE = "missing: ";

  public RejectMissing {
    columns = List.copyOf(columns);
  }

  /** Rejects whenever a row is read. */
  public RejectMissing(List<String> columns) {
    this(columns, At.ALWAYS);
  }

  @Override
  public DatasetContract outputOf(DatasetContract input) {
    columns.forEach(input::type);
    return input;
  }

  @Override
  public List<String> judged(DatasetContract input) {
    return Rules.columnsOrAll(columns, input);
  }

  @Override
  public Optional<Rule> without(String column) {
    return Rules.without(column, columns, this, left -> new RejectMissing(left, at));
  }

  @Override
  public Column rejection(DatasetContract input) {
    Column names =
        concat_ws(
            ", ",
            Rules.columnsOrAll(columns, input).stream()
                .map(
                    name ->
                        when(SparkFace.missing(Columns.named(name), input.type(name)), lit(name)))
                .toArray(Column[]::new));
    return when(names.notEqual(lit("")), concat(lit(BEFORE), names));
  }

  @Override
  public Map<String, Column> changes(DatasetContract input) {
    return Map.of();
  }

  @Override
  public @Nullable String rejection(RawRecord row) {
    String names =
        (columns.isEmpty() ? row.columns() : columns)
            .stream()
                .filter(column -> Values.isMissing(row.value(column)))
                .collect(Collectors.joining(", "));
    return names.isEmpty() ? null : BEFORE + names;
  }

  @Override
  public RawRecord change(RawRecord row) {
    return row;
  }
}
