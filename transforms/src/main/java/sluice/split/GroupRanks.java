package sluice.split;

import java.util.Map;
import java.util.function.Function;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import sluice.statistics.GroupedSelection;

/**
 * Exact order statistics within groups of rows, without sorting: one scan that counts and keeps a
 * sketch of each group, and a further one only while a large group's ranks are not settled.
 */
public final class GroupRanks {
  private GroupRanks() {}

  /**
   * Finds the values at some ranks of each group.
   *
   * @param group a string column, never null
   * @param value a long column, never null, that the ranks go by
   * @param maxGroups how many groups there may be; with more, the result is {@link
   *     GroupedSelection#overflowed} and holds nothing
   * @param ranks the zero-based ranks wanted of each group, from the rows of each group
   */
  public static GroupedSelection select(
      Dataset<Row> rows,
      Column group,
      Column value,
      int maxGroups,
      Function<Map<String, Long>, Map<String, long[]>> ranks) {
    JavaRDD<Row> values = rows.select(group, value).javaRDD();
    GroupedSelection selection = scan(values, new GroupedSelection(maxGroups));
    boolean more = selection.select(ranks.apply(selection.counts()));
    while (more) {
      selection = scan(values, selection);
      more = selection.endScan();
    }
    return selection;
  }

  private static GroupedSelection scan(JavaRDD<Row> values, GroupedSelection start) {
    return values.treeAggregate(
        start,
        (selection, row) -> {
          selection.add(row.getString(0), row.getLong(1));
          return selection;
        },
        (left, right) -> {
          left.merge(right);
          return left;
        });
  }
}
