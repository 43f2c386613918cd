package sluice.clean;

import java.util.List;
import java.util.Optional;
import sluice.data.DatasetContract;

/**
 * Keeps one row of each set of equal rows, the least by key; the others are rejected and name it.
 * Where files are given for parts, a row of the test part stays before one of the validation part,
 * and that before one of the train part, so that nothing is trained on what is judged on. It
 * belongs to the making of a training set: a record that is scored is never a duplicate.
 *
 * @param columns the columns that must be equal; all when empty
 */
public record DropDuplicates(List<String> columns) implements Rule {
  public DropDuplicates {
    columns = List.copyOf(columns);
  }

  @Override
  public At at() {
    return At.TRAINING;
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
    return Rules.without(column, columns, this, DropDuplicates::new);
  }
}
