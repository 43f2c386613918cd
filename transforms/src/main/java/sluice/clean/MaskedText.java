package sluice.clean;

import static org.apache.spark.sql.functions.udf;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
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
 * @param changes up to the last mask, in order; none if nothing is masked
 */
record MaskedText(List<TextChange> changes) implements Serializable {

  /**
   * A column of the input.
   *
   * @param rules fit the input
   */
  static MaskedText of(String column, DatasetContract input, List<Rule> rules) {
    List<TextChange> changes = new ArrayList<>();
    List<TextChange> masking = List.of();
    String name = column;
    for (Rule rule : input.type(column) == FieldType.STRING ? rules : List.<Rule>of()) {
      if (rule instanceof Rename rename && rename.from().equals(name)) {
        name = rename.to();
      } else if (rule instanceof TextChange change
          && (change.columns().isEmpty() || change.columns().contains(name))) {
        changes.add(change);
        masking = change instanceof MaskPersonal ? List.copyOf(changes) : masking;
      }
    }
    return new MaskedText(masking);
  }

  /** What is shown of a column. */
  Column shown(Column read) {
    if (changes.isEmpty()) {
      return read;
    }
    UDF1<@Nullable String, @Nullable String> shown = this::shown;
    return udf(shown, DataTypes.StringType).apply(read);
  }

  private @Nullable String shown(@Nullable String text) {
    String shown = text;
    for (TextChange change : changes) {
      shown = shown == null ? null : change.changed(shown);
    }
    return shown;
  }
}
