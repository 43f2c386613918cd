package sluice.clean;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.jspecify.annotations.Nullable;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.RawRecord;

/**
 * Rejects rows without any label, which nothing can be learnt from or judged by.
 *
 * @param labels the columns, at least one
 */
public record RejectUnlabelled(List<String> labels) implements LabelRule {
  /** Where a rejection by this rule is said to come from. */
  public static final String PLACE = "normalise.label";

  public RejectUnlabelled {
    labels = List.copyOf(labels);
  }

  @Override
  public String place() {
    return PLACE;
  }

  @Override
  public DatasetContract outputOf(DatasetContract input) {
    labels.forEach(input::type);
    return input;
  }

  @Override
  public List<String> judged(DatasetContract input) {
    return labels;
  }

  @Override
  public Optional<Rule> without(String column) {
    return Rules.without(column, labels, this, RejectUnlabelled::new);
  }

  @Override
  public Column rejection(DatasetContract input) {
    Column missing =
        labels.stream()
            .map(name -> SparkFace.missing(Columns.named(name), input.type(name)))
            .reduce(Column::and)
            .orElse(lit(false));
    return when(missing, lit(reason()));
  }

  @Override
  public Map<String, Column> changes(DatasetContract input) {
    return Map.of();
  }

  @Override
  public @Nullable String rejection(RawRecord row) {
    return labels.stream().allMatch(label -> Values.isMissing(row.value(label))) ? reason() : null;
  }

  @Override
  public RawRecord change(RawRecord row) {
    return row;
  }

  private String reason() {
    return RejectMissing.BEFORE + String.join(", ", labels);
  }
}
