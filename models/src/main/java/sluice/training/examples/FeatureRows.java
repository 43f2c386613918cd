package sluice.training.examples;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.when;

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
    List<Column> labels = LabelColumns.of(targets);
    for (int t = 0; t < labels.size(); t++) {
      Column label = labels.get(t);
      columns.add((targets.get(t).task().isOfIndices() ? count(label) : label).cast("float"));
    }
    for (int g = 0; g < layout.groups(); g++) {
      int target = layout.target(g);
      columns.add(
          target < 0
              ? Columns.named(layout.name(g))
              : coalesce(labels.get(target), array().cast("array<int>")));
    }
    return columns.toArray(Column[]::new);
  }

  /** How many tags or names there are; null where they are missing. */
  private static Column count(Column indices) {
    return when(indices.isNotNull(), size(indices));
  }

  static JavaRDD<InternalRow> internal(Dataset<Row> rows) {
    return rows.queryExecution().toRdd().toJavaRDD();
  }

  /** The bytes of the values of a row and its labels. */
  long bytes(InternalRow row) {
    long values = (long) layout.numbers() + layout.indices() + targets.size();
    for (int g = 0; layout.series() > 0 && g < layout.groups(); g++) {
      if (layout.series(g) >= 0) {
        int column = targets.size() + g;
        values +=
            layout.isWeighted(g)
                ? 2L * row.getStruct(column, 2).getArray(0).numElements()
                : row.getArray(column).numElements();
      }
    }
    return Float.BYTES * values + layout.bytes();
  }

  /** Overwrites an example and its labels by those of a row. */
  void read(InternalRow row, Example example, float[] labels) {
    example.set(new RowValues(row, targets.size(), layout));
    for (int t = 0; t < labels.length; t++) {
      labels[t] = row.isNullAt(t) ? Float.NaN : row.getFloat(t);
    }
  }

  /**
   * The values of a row.
   *
   * @param first the position of the first group
   */
  private record RowValues(InternalRow row, int first, ExampleLayout layout)
      implements Example.GroupValues {
    @Override
    public float[] numbers(int group) {
      return array(group, 1).toFloatArray();
    }

    @Override
    public int[] indices(int group) {
      return array(group, 0).toIntArray();
    }

    /** A column, or of weighted indices one of its two fields. */
    private ArrayData array(int group, int field) {
      return layout.isWeighted(group)
          ? row.getStruct(first + group, 2).getArray(field)
          : row.getArray(first + group);
    }

    @Override
    public byte[] bytes(int group) {
      return row.getBinary(first + group);
    }
  }
}
