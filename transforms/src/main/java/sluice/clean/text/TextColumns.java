package sluice.clean.text;

import java.util.List;
import sluice.data.DatasetContract;
import sluice.data.FieldType;
import sluice.data.InvalidInput;

/** The columns that rules for texts take. */
public final class TextColumns {
  private TextColumns() {}

  /**
   * The columns of a table, of which these must be there and hold strings.
   *
   * @throws InvalidInput (data) that names every one that does not
   */
  public static DatasetContract require(List<String> columns, DatasetContract input) {
    List<String> problems =
        columns.stream()
            .filter(column -> input.type(column) != FieldType.STRING)
            .map(
                column ->
                    "column %s must be a string, is %s".formatted(column, input.type(column).ddl()))
            .toList();
    if (!problems.isEmpty()) {
      throw InvalidInput.data(problems);
    }
    return input;
  }
}
