package sluice.clean.text;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;
import sluice.clean.RowRule;
import sluice.clean.Rule;
import sluice.clean.Rules;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.data.RawRecord;

/**
 * A rule that makes another text of each text. Both faces run the same code, but where Spark has an
 * exact expression.
 */
public interface TextChange extends RowRule, Serializable {

  /** Columns of strings; all of them when empty. */
  List<String> columns();

  /** The column of booleans that is true where texts are changed; null if they are everywhere. */
  default @Nullable String where() {
    return null;
  }

  /** What takes the place of a text; null if nothing is left of it. */
  @Nullable String changed(String text);

  /** The same rule on these columns. */
  Rule on(List<String> columns);

  @Override
  default DatasetContract outputOf(DatasetContract input) {
    TextColumns.require(columns(), input);
    String where = where();
    if (where != null && input.type(where) != FieldType.BOOLEAN) {
      throw InvalidInput.data(
          "where: column %s must be a boolean, is %s".formatted(where, input.type(where).ddl()));
    }
    return input;
  }

  @Override
  default Set<String> consulted(Set<String> outputs) {
    String where = where();
    boolean changes = columns().isEmpty() || columns().stream().anyMatch(outputs::contains);
    return where != null && changes ? Set.of(where) : Set.of();
  }

  @Override
  default Optional<Rule> without(String absent) {
    // Where no row says that it is to be changed, none is.
    return absent.equals(where())
        ? Optional.empty()
        : Rules.<Rule>without(absent, columns(), this, this::on);
  }

  @Override
  default Column rejection(DatasetContract input) {
    return lit(null).cast(DataTypes.StringType);
  }

  @Override
  default Map<String, Column> changes(DatasetContract input) {
    String where = where();
    Map<String, Column> changes = new LinkedHashMap<>();
    for (String column : Rules.columnsOrAll(columns(), input)) {
      if (input.type(column) == FieldType.STRING) {
        Column text = Columns.named(column);
        changes.put(column, where == null ? changed(text) : changed(text, Columns.named(where)));
      }
    }
    return changes;
  }

  /** What takes the place of each text of a column. */
  default Column changed(Column text) {
    UDF1<@Nullable String, @Nullable String> change = each -> each == null ? null : changed(each);
    return udf(change, DataTypes.StringType).apply(text);
  }

  /** The same where a column is true. */
  default Column changed(Column text, Column where) {
    return when(coalesce(where, lit(false)), changed(text)).otherwise(text);
  }

  @Override
  default @Nullable String rejection(RawRecord row) {
    return null;
  }

  @Override
  default RawRecord change(RawRecord row) {
    String where = where();
    if (where != null && !Boolean.TRUE.equals(row.value(where))) {
      return row;
    }
    RawRecord changed = row;
    for (String column : columns().isEmpty() ? row.columns() : columns()) {
      if (row.value(column) instanceof String text) {
        changed = changed.with(column, changed(text));
      }
    }
    return changed;
  }
}
