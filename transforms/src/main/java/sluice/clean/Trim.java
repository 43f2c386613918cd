package sluice.clean;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.jspecify.annotations.Nullable;
import sluice.clean.text.TextChange;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.data.ValueParser;

/**
 * Takes the blanks off both ends of text; text that is then empty is missing. Blanks are all that
 * Unicode calls white space, no-break spaces and the byte order mark among them.
 *
 * @param columns columns of strings; all of them when empty
 */
public record Trim(List<String> columns, At at) implements TextChange {
  public Trim {
    columns = List.copyOf(columns);
  }

  /** Trims whenever a row is read. */
  public Trim(List<String> columns) {
    this(columns, At.ALWAYS);
  }

  @Override
  public DatasetContract outputOf(DatasetContract input) {
    for (String column : columns) {
      if (input.type(column) != FieldType.STRING) {
        throw InvalidInput.data(
            "column %s must be a string to be trimmed, is %s"
                .formatted(column, input.type(column).ddl()));
      }
    }
    return input;
  }

  @Override
  public Rule on(List<String> others) {
    return new Trim(others, at);
  }

  @Override
  public @Nullable String changed(String text) {
    String trimmed = ValueParser.strip(text);
    return trimmed.isEmpty() ? null : trimmed;
  }

  /** Of this one Spark has an exact expression. */
  @Override
  public Map<String, Column> changes(DatasetContract input) {
    Map<String, Column> changes = new LinkedHashMap<>();
    for (String column : Rules.columnsOrAll(columns, input)) {
      if (input.type(column) == FieldType.STRING) {
        Column trimmed = trim(Columns.named(column), ValueParser.BLANKS);
        changes.put(column, when(trimmed.notEqual(lit("")), trimmed));
      }
    }
    return changes;
  }
}
