package sluice.training.examples;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import sluice.data.Columns;
import sluice.network.Example;
import sluice.network.ExampleLayout;
import sluice.network.Target;

/**
 * Rows of the feature table as compact arrays. This is the one place that reads Spark's internal
 * rows: their arrays are copied in bulk, where the public rows box every number.
 */
final class FeatureRows implements Serializable {
  private static final long serialVersionUID = 1L;

  private final ExampleLayout layout;
  private final List<Target> targets;

  /**
   * @param targets whose labels the rows have
   */
  FeatureRows(ExampleLayout layout, List<Target> targets) {
    this.layout = layout;
    this.targets = List.copyOf(targets);
  }

  int labelsEach() {
    return targets.size();
  }

  ExampleLayout layout() {
    return layout;
  }

  /** A block for such rows. */
  Block block() {
    return new Block(layout, targets.size());
  }

  /** The columns that {@link #read} expects, labels first. */
  Column[] columns() {
    List<Column> columns = new ArrayList<>();
    LabelColumns.of(targets).forEach(label -> columns.add(label.cast("float")));
    for (int g = 0; g < layout.groups(); g++) {
      columns.add(Columns.named(layout.name(g)));
    }
    return columns.toArray(Column[]::new);
  }

  static JavaRDD<InternalRow> internal(Dataset<Row> rows) {
    return rows.queryExecution().toRdd().toJavaRDD();
  }

  /** Overwrites an example and its labels by those of a row. */
  void read(InternalRow row, Example example, float[] labels) {
    example.clear();
    for (int g = 0; g < layout.groups(); g++) {
      ArrayData values = row.getArray(g + targets.size());
      if (layout.isIndexed(g)) {
        example.put(g, values.toIntArray());
      } else {
        example.put(g, values.toFloatArray());
      }
    }
    for (int t = 0; t < labels.length; t++) {
      labels[t] = row.isNullAt(t) ? Float.NaN : row.getFloat(t);
    }
  }
}
