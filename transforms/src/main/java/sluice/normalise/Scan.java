package sluice.normalise;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.jspecify.annotations.Nullable;

/** One pass over the train rows, for all columns that need one at once. */
final class Scan implements Serializable {
  private static final long serialVersionUID = 1L;

  private final ArrayList<ColumnFit> columns;
  private final @Nullable LabelFit label;
  private final ArrayList<String> names;
  private final int[] places;
  private long rows;

  /** A pass for these columns, and for the label if there is one to fit. */
  Scan(List<ColumnFit> columns, @Nullable LabelFit label) {
    this.columns = new ArrayList<>(columns);
    this.label = label;
    LinkedHashSet<String> distinct = new LinkedHashSet<>();
    columns.forEach(column -> distinct.add(column.column()));
    if (label != null) {
      distinct.add(label.column());
    }
    names = new ArrayList<>(distinct);
    places = columns.stream().mapToInt(column -> names.indexOf(column.column())).toArray();
  }

  /** This pass, having seen every row. One Spark job. */
  Scan over(Dataset<Row> trainRows) {
    Column[] read = names.stream().map(Sql::name).map(functions::col).toArray(Column[]::new);
    JavaRDD<Row> selected = trainRows.select(read).toJavaRDD();
    return selected.treeAggregate(this, Scan::add, Scan::merge);
  }

  private Scan add(Row row) {
    rows++;
    for (int i = 0; i < places.length; i++) {
      columns.get(i).add(row.get(places[i]));
    }
    if (label != null) {
      label.add(row.get(names.indexOf(label.column())));
    }
    return this;
  }

  private Scan merge(Scan other) {
    rows += other.rows;
    for (int i = 0; i < places.length; i++) {
      columns.get(i).merge(other.columns.get(i));
    }
    if (label != null && other.label != null) {
      label.merge(other.label);
    }
    return this;
  }

  long rows() {
    return rows;
  }

  List<ColumnFit> columns() {
    return columns;
  }

  @Nullable LabelFit label() {
    return label;
  }
}
