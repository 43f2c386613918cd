package sluice.clean;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.jspecify.annotations.Nullable;
import sluice.data.DatasetContract;
import sluice.data.RawRecord;

/**
 * Rejects rows without a label, which nothing can be learnt from or judged by. It is no rule of a
 * configuration's list: a label that is named brings it along, and it stands behind the others.
 *
 * @param label the column
 */
public record RejectUnlabelled(String label) implements RowRule {
  /** What the rejects name as the rule: the key that asks for it. */
  static final String PLACE = "normalise.label";

  @Override
  public At at() {
    return At.TRAINING;
  }

  @Override
  public DatasetContract outputOf(DatasetContract input) {
    return missing().outputOf(input);
  }

  @Override
  public List<String> judged(DatasetContract input) {
    return List.of(label);
  }

  @Override
  public Optional<Rule> without(String column) {
    return column.equals(label) ? Optional.empty() : Optional.of(this);
  }

  @Override
  public Column rejection(DatasetContract input) {
    return missing().rejection(input);
  }

  @Override
  public Map<String, Column> changes(DatasetContract input) {
    return missing().changes(input);
  }

  @Override
  public @Nullable String rejection(RawRecord row) {
    return missing().rejection(row);
  }

  @Override
  public RawRecord change(RawRecord row) {
    return row;
  }

  private RejectMissing missing() {
    return new RejectMissing(List.of(label), At.TRAINING);
  }
}
