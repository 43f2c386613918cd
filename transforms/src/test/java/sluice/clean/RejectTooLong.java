package sluice.clean;

import static org.apache.spark.sql.functions.length;

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
import sluice.data.Require;

/** The rule that {@code transforms/README.md} adds: rejects a row whose text is too long. */
public record RejectTooLong(String column, int most, At at) implements RowRule {
  public RejectTooLong {
    new Require().atLeast("most", most, 1).hold();
  }

  @Override
  public DatasetContract outputOf(DatasetContract input) {
    if (input.type(column) != FieldType.STRING) {
      throw InvalidInput.data(
          "column %s must be a string, is %s".formatted(column, input.type(column).ddl()));
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
    Column text = Columns.named(column);
    return SparkFace.reject(length(text).gt(most), text, column + ": ", ending());
  }

  @Override
  public Map<String, Column> changes(DatasetContract input) {
    return Map.of();
  }

  @Override
  public @Nullable String rejection(RawRecord row) {
    return row.value(column) instanceof String text && text.codePointCount(0, text.length()) > most
        ? column + ": " + Values.words(text) + ending()
        : null;
  }

  @Override
  public RawRecord change(RawRecord row) {
    return row;
  }

  private String ending() {
    return " has more than " + most + " characters";
  }
}
