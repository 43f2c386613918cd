package sluice.clean;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.jspecify.annotations.Nullable;
import sluice.clean.text.MaskPersonal;
import sluice.clean.text.TextChange;
import sluice.data.DatasetContract;
import sluice.data.FieldType;

/**
 * A column as rejects show it: as it was read, unless a rule masks personal data in it. Then it is
 * shown as the rules for texts up to that one leave it, since some of them bring to light what they
 * mask: a number with an invisible character in it, or in entities of HTML. A column that a rule
 * renames is followed; one that is derived of it is another column.
 *
 * @param column as it was read
 * @param steps up to the last mask, in order; none if nothing is masked
 */
record MaskedText(String column, List<Step> steps) {
  /**
   * A change of the text.
   *
   * @param where the column, as it was read, that is true in the rows that are changed; null if all
   *     are, as where a rule makes it
   */
  private record Step(TextChange change, @Nullable String where) {}

  /**
   * A column of the input.
   *
   * @param rules fit the input
   */
  static MaskedText of(String column, DatasetContract input, List<Rule> rules) {
    List<Step> steps = new ArrayList<>();
    List<Step> masking = List.of();
    String name = column;
    for (int i = 0; i < rules.size() && input.type(column) == FieldType.STRING; i++) {
      Rule rule = rules.get(i);
      if (rule instanceof Rename rename && rename.from().equals(name)) {
        name = rename.to();
      } else if (rule instanceof TextChange change
          && (change.columns().isEmpty() || change.columns().contains(name))) {
        steps.add(new Step(change, asRead(change.where(), input, rules.subList(0, i))));
        masking = change instanceof MaskPersonal ? List.copyOf(steps) : masking;
      }
    }
    return new MaskedText(column, masking);
  }

  /** The booleans of the input that a column is behind some rules; null if they make it. */
  private static @Nullable String asRead(
      @Nullable String column, DatasetContract input, List<Rule> rules) {
    String name = column;
    for (int i = rules.size() - 1; i >= 0 && name != null; i--) {
      if (rules.get(i) instanceof Rename rename && rename.to().equals(name)) {
        name = rename.from();
      } else if (rules.get(i) instanceof Derive derive && derive.column().equals(name)) {
        name = null;
      }
    }
    return name != null && input.type(name) == FieldType.BOOLEAN ? name : null;
  }

  /**
   * What is shown of the column.
   *
   * @param read the row as it was read
   */
  Column shown(Column read) {
    Column shown = read.getField(column);
    for (Step step : steps) {
      shown =
          step.where() == null
              ? step.change().changed(shown)
              : step.change().changed(shown, read.getField(step.where()));
    }
    return shown;
  }
}
