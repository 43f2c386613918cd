package sluice.clean.text;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import sluice.data.RawRecord;

/**
 * A rule that makes another text of each text. Both faces run the same code, but where Spark has an
 * exact expression.
 */
public interface TextChange extends RowRule, Serializable {

  /** Columns of strings; all of them when empty. */
  List<String> columns();

  /** What takes the place of a text; null if nothing is left of it. */
  @Nullable String changed(String text);

  /** The same rule on these columns. */
  Rule on(List<String> columns);

  @Override
  default DatasetContract outputOf(DatasetContract input) {
    return TextColumns.require(columns(), input);
  }

  @Override
  default Optional<Rule> without(String absent) {
    return Rules.<Rule>without(absent, columns(), this, this::on);
  }

  @Override
  default Column rejection(DatasetContract input) {
    return lit(null).cast(DataTypes.StringType);
  }

  @Override
  default Map<String, Column> changes(DatasetContract input) {
    UDF1<@Nullable String, @Nullable String> change = text -> text == null ? null : changed(text);
    Map<String, Column> changes = new LinkedHashMap<>();
    for (String column : Rules.columnsOrAll(columns(), input)) {
      if (input.type(column) == FieldType.STRING) {
        changes.put(column, udf(change, DataTypes.StringType).apply(Columns.named(column)));
      }
    }
    return changes;
  }

  @Override
  default @Nullable String rejection(RawRecord row) {
    return null;
  }

  @Override
  default RawRecord change(RawRecord row) {
    RawRecord changed = row;
    for (String column : columns().isEmpty() ? row.columns() : columns()) {
      if (row.value(column) instanceof String text) {
        changed = changed.with(column, changed(text));
      }
    }
    return changed;
  }
}
