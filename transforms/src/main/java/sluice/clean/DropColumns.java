package sluice.clean;

import static org.apache.spark.sql.functions.lit;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;
import sluice.data.DatasetContract;
import sluice.data.RawRecord;

/**
 * Drops columns.
 *
 * @param columns at least one
 */
public record DropColumns(List<String> columns, At at) implements RowRule {
  public DropColumns {
    columns = List.copyOf(columns);
    Rules.require(Rules.emptyList("columns", columns));
  }

  /** Drops whenever a row is read. */
  public DropColumns(List<String> columns) {
    this(columns, At.ALWAYS);
  }

  @Override
  public DatasetContract outputOf(DatasetContract input) {
    DatasetContract output = input;
    for (String column : columns) {
      input.type(column);
      output = output.without(column);
    }
    return output;
  }

  @Override
  public Optional<Rule> without(String column) {
    return Rules.without(column, columns, this, left -> new DropColumns(left, at));
  }

  @Override
  public Column rejection(DatasetContract input) {
    return lit(null).cast(DataTypes.StringType);
  }

  @Override
  public Map<String, Column> changes(DatasetContract input) {
    return Map.of();
  }

  @Override
  public @Nullable String rejection(RawRecord row) {
    return null;
  }

  @Override
  public RawRecord change(RawRecord row) {
    RawRecord changed = row;
    for (String column : columns) {
      changed = changed.without(column);
    }
    return changed;
  }
}
