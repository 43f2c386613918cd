package sluice.clean.text;

import java.util.List;
import java.util.Optional;
import sluice.clean.Rule;

/** A rule that judges the texts of one column. */
interface ColumnJudgement extends TextJudgement {
  /** The column. */
  String column();

  @Override
  default List<String> texts() {
    return List.of(column());
  }

  @Override
  default Optional<Rule> without(String absent) {
    return column().equals(absent) ? Optional.empty() : Optional.of(this);
  }
}
