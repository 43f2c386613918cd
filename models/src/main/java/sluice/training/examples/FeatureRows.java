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
import sluice.network.ExampleLayout;
import sluice.network.Target;

/**
 * Rows of the feature table as compact arrays. This is the one place that reads Spark's internal
 * rows: their arrays are copied in bulk, where the public rows box every number.
 */
final class FeatureRows implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Takes one example; the arrays are overwritten by the next. */
  interface Sink {
    void take(float[] numbers, int[] indices, float[] labels);
  }

  private final boolean[] indexed;
  private final int[] lengths;
  private final int numbers;
  private final int indices;
  private final String[] names;
  private final List<Target> targets;

  /**
   * @param targets whose labels the rows have
   */
  FeatureRows(ExampleLayout layout, List<Target> targets) {
    this.targets = List.copyOf(targets);
    this.indexed = new boolean[layout.groups()];
    this.lengths = new int[layout.groups()];
    this.names = new String[layout.groups()];
    for (int g = 0; g < names.length; g++) {
      indexed[g] = layout.isIndexed(g);
      lengths[g] = layout.length(g);
      names[g] = layout.name(g);
    }
    this.numbers = layout.numbers();
    this.indices = layout.indices();
  }

  int numbersEach() {
    return numbers;
  }

  int indicesEach() {
    return indices;
  }

  int labelsEach() {
    return targets.size();
  }

  /** A block for such rows. */
  Block block() {
    return new Block(numbers, indices, targets.size());
  }

  /** The columns that {@link #read} expects, labels first. */
  Column[] columns() {
    List<Column> columns = new ArrayList<>();
    LabelColumns.of(targets).forEach(label -> columns.add(label.cast("float")));
    for (String name : names) {
      columns.add(Columns.named(name));
    }
    return columns.toArray(Column[]::new);
  }

  static JavaRDD<InternalRow> internal(Dataset<Row> rows) {
    return rows.queryExecution().toRdd().toJavaRDD();
  }

  void read(InternalRow row, float[] numbersOut, int[] indicesOut, float[] labelsOut, Sink sink) {
    int number = 0;
    int index = 0;
    for (int g = 0; g < names.length; g++) {
      ArrayData values = row.getArray(g + targets.size());
      if (values.numElements() != lengths[g]) {
        throw new IllegalStateException(
            "feature group %s must have %d values, got %d"
                .formatted(names[g], lengths[g], values.numElements()));
      }
      if (indexed[g]) {
        System.arraycopy(values.toIntArray(), 0, indicesOut, index, lengths[g]);
        index += lengths[g];
      } else {
        System.arraycopy(values.toFloatArray(), 0, numbersOut, number, lengths[g]);
        number += lengths[g];
      }
    }
    for (int t = 0; t < labelsOut.length; t++) {
      labelsOut[t] = row.isNullAt(t) ? Float.NaN : row.getFloat(t);
    }
    sink.take(numbersOut, indicesOut, labelsOut);
  }
}
