package sluice.training.examples;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import sluice.network.Target;

/** Where the labels stand in a feature table. */
public final class LabelColumns {
  private LabelColumns() {}

  /**
   * The column of each target: {@code label} itself of one, of several its field of the target's
   * name.
   */
  public static List<Column> of(List<Target> targets) {
    Column label = functions.col("label");
    return targets.size() == 1
        ? List.of(label)
        : targets.stream().map(target -> label.getField(target.name())).toList();
  }
}
