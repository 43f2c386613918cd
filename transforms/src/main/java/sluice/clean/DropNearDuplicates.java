package sluice.clean;

import java.util.List;
import java.util.Optional;
import sluice.clean.text.TextColumns;
import sluice.data.DatasetContract;
import sluice.data.Require;

/**
 * Rejects a row whose text is nearly that of a row that is less by key, and names it; where files
 * are given for parts, a row of the test part comes before one of the validation part, and that
 * before one of the train part. No two rows that are kept are near duplicates, but for pairs that
 * are missed, see {@link NearDuplicates}; the least of each cluster is kept. Like {@link
 * DropDuplicates} it belongs to the making of a training set. A missing text, and one without a
 * word, is compared with none.
 *
 * @param column a column of strings
 * @param similarity from which share of common shingles on texts are near duplicates, see {@link
 *     sluice.clean.text.Shingles}
 */
public record DropNearDuplicates(String column, double similarity) implements Rule {
  private static final double LEAST = 0.5;

  public DropNearDuplicates {
    new Require().within("similarity", similarity, LEAST, 1).hold();
  }

  @Override
  public At at() {
    return At.TRAINING;
  }

  @Override
  public DatasetContract outputOf(DatasetContract input) {
    return TextColumns.require(List.of(column), input);
  }

  @Override
  public List<String> judged(DatasetContract input) {
    return List.of(column);
  }

  @Override
  public Optional<Rule> without(String absent) {
    return column.equals(absent) ? Optional.empty() : Optional.of(this);
  }
}
