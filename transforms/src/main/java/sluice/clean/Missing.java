package sluice.clean;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.data.RawRecord;

/**
 * Values that stand for a missing one become null: a word in a column of strings, a number in a
 * column of numbers.
 *
 * @param values the values, as text; one that a column's type cannot have does not concern it
 * @param columns the columns; all when empty
 */
public record Missing(List<String> values, List<String> columns, At at) implements RowRule {
  public Missing {
    values = List.copyOf(values);
    columns = List.copyOf(columns);
    Rules.require(Rules.emptyList("values", values));
  }

  /** Applies whenever a row is read. */
  public Missing(List<String> values, List<String> columns) {
    this(values, columns, At.ALWAYS);
  }

  @Override
  public DatasetContract outputOf(DatasetContract input) {
    for (String column : columns) {
      if (Values.parsed(values, input.type(column)).isEmpty()) {
        throw InvalidInput.data(
            "column %s is %s, which none of %s is"
                .formatted(column, input.type(column).ddl(), values));
      }
    }
    return input;
  }

  @Override
  public Optional<Rule> without(String column) {
    return Rules.without(column, columns, this, left -> new Missing(values, left, at));
  }

  @Override
  public Column rejection(DatasetContract input) {
    return lit(null).cast(DataTypes.StringType);
  }

  @Override
  public Map<String, Column> changes(DatasetContract input) {
    Map<String, Column> changes = new LinkedHashMap<>();
    for (String column : Rules.columnsOrAll(columns, input)) {
      FieldType type = input.type(column);
      if (!Values.parsed(values, type).isEmpty()) {
        Column value = Columns.named(column);
        changes.put(column, when(not(SparkFace.among(value, type, values)), value));
      }
    }
    return changes;
  }

  @Override
  public @Nullable String rejection(RawRecord row) {
    return null;
  }

  @Override
  public RawRecord change(RawRecord row) {
    RawRecord changed = row;
    for (String column : columns.isEmpty() ? row.columns() : columns) {
      if (Values.among(row.value(column), values)) {
        changed = changed.with(column, null);
      }
    }
    return changed;
  }
}
