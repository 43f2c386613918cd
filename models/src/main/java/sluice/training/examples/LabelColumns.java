package sluice.training.examples;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import sluice.network.Target;

/** Where the labels stand in a feature table. */
public final class LabelColumns {
  private LabelColumns() {}

  /**
   * The column of each target: {@code label} itself of one, of several its field, which is named by
   * its place.
   */
  public static List<Column> of(List<Target> targets) {
    Column label = functions.col("label");
    return targets.size() == 1
        ? List.of(label)
        : IntStream.range(0, targets.size()).mapToObj(t -> label.getField("_" + t)).toList();
  }
}
