package sluice.quality;

import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import sluice.data.Excerpt;
import sluice.features.TensorSpec;
import sluice.quality.Finding.Level;

/**
 * Whether the numbers that a network gets are of a size that it learns from. Its first weights are
 * drawn for inputs around 1 (Glorot and Bengio 2010, He et al. 2015): a year, which is 2,000 more
 * or less, drowns all other features, and steps that suit the others make its weights jump.
 */
public final class FeatureScale {
  /** A standardised number is hardly ever as large, nor is the logarithm of a count. */
  private static final float FAR = 10;

  private static final int SHOWN = 10;

  private FeatureScale() {}

  /**
   * A warning that names the numbers of which more than half of the rows are beyond 10 in size.
   * Pictures have their own step for that.
   *
   * @param rows train rows of the feature table
   * @return empty if there are none
   */
  public static List<Finding> findings(Dataset<Row> rows, List<TensorSpec> groups) {
    List<TensorSpec> numbers =
        groups.stream()
            .filter(group -> group.element().isNumber() && group.axes().size() == 1)
            .toList();
    List<String> names = numbers.stream().flatMap(group -> group.names().stream()).toList();
    if (names.isEmpty()) {
      return List.of();
    }
    Column[] columns = numbers.stream().map(group -> col(group.name())).toArray(Column[]::new);
    int width = names.size();
    // The first count is that of the rows.
    long[] counts =
        rows.select(columns)
            .toJavaRDD()
            .mapPartitions(part -> List.of(count(part, width)).iterator())
            .treeReduce(FeatureScale::sum);
    List<String> far = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      if (counts[i + 1] > counts[0] / 2) {
        far.add(names.get(i));
      }
    }
    if (far.isEmpty()) {
      return List.of();
    }
    return List.of(
        new Finding(
            Level.WARNING,
            "features that no step has brought near 0, which a network learns badly from: %s: more than half of the train rows are beyond 10 in size (a last step standardise mends it)"
                .formatted(Excerpt.list(far, SHOWN))));
  }

  private static long[] count(Iterator<Row> rows, int width) {
    long[] counts = new long[width + 1];
    while (rows.hasNext()) {
      Row row = rows.next();
      counts[0]++;
      int position = 1;
      for (int group = 0; group < row.size(); group++) {
        for (Float value : row.<Float>getList(group)) {
          if (Math.abs(value) > FAR) {
            counts[position]++;
          }
          position++;
        }
      }
    }
    return counts;
  }

  private static long[] sum(long[] one, long[] other) {
    long[] sum = new long[one.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = one[i] + other[i];
    }
    return sum;
  }
}
