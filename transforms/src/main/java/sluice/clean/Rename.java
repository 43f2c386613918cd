package sluice.clean;

import static org.apache.spark.sql.functions.lit;

import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.InvalidInput;
import sluice.data.RawRecord;

/** A column under a new name, in its old place. */
public record Rename(String from, String to, At at) implements RowRule {

  /** Renames whenever a row is read. */
  public Rename(String from, String to) {
    this(from, to, At.ALWAYS);
  }

  @Override
  public DatasetContract outputOf(DatasetContract input) {
    input.type(from);
    if (input.has(to)) {
      throw InvalidInput.data(
          "column %s cannot be renamed to %s, which is there already".formatted(from, to));
    }
    return input.renamed(from, to);
  }

  @Override
  public Optional<Rule> without(String column) {
    return from.equals(column) ? Optional.empty() : Optional.of(this);
  }

  @Override
  public Column rejection(DatasetContract input) {
    return lit(null).cast(DataTypes.StringType);
  }

  @Override
  public Map<String, Column> changes(DatasetContract input) {
    return Map.of(to, Columns.named(from));
  }

  @Override
  public @Nullable String rejection(RawRecord row) {
    return null;
  }

  @Override
  public RawRecord change(RawRecord row) {
    return row.renamed(from, to);
  }
}
