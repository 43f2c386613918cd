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
  private final ArrayList<LabelFit> labels;
  private final ArrayList<String> names;
  private final int[] places;
  private final int[] labelPlaces;
  private long rows;
  private long unlabelled;

  /** A pass for these columns and the labels that are to be fitted. */
  Scan(List<ColumnFit> columns, List<LabelFit> labels) {
    this.columns = new ArrayList<>(columns);
    this.labels = new ArrayList<>(labels);
    LinkedHashSet<String> distinct = new LinkedHashSet<>();
    columns.forEach(column -> distinct.add(column.column()));
    labels.forEach(label -> distinct.add(label.column()));
    names = new ArrayList<>(distinct);
    labelPlaces = labels.stream().mapToInt(label -> names.indexOf(label.column())).toArray();
    places = columns.stream().mapToInt(column -> names.indexOf(column.column())).toArray();
  }

  /** This pass, having seen every row. One Spark job. */
  Scan over(Dataset<Row> trainRows) {
    Column[] read = names.stream().map(Sql::name).map(functions::col).toArray(Column[]::new);
    Dataset<Row> selected = trainRows.select(read);
    boolean inBatches = columns.stream().anyMatch(ColumnFit::inBatches);
    JavaRDD<Row> spread = (inBatches ? BatchPass.spread(selected) : selected).toJavaRDD();
    int atOnce = inBatches ? BatchPass.ROWS : 1;
    return spread
        .mapPartitions(partition -> new Batches(partition, atOnce))
        .treeAggregate(this, Scan::add, Scan::merge);
  }

  private Scan add(List<Row> batch) {
    rows += batch.size();
    for (int i = 0; i < places.length; i++) {
      @Nullable Object[] values = new @Nullable Object[batch.size()];
      for (int row = 0; row < values.length; row++) {
        values[row] = batch.get(row).get(places[i]);
      }
      columns.get(i).add(values);
    }
    for (Row row : batch) {
      boolean labelled = labelPlaces.length == 0;
      for (int i = 0; i < labelPlaces.length; i++) {
        labelled |= labels.get(i).add(row.get(labelPlaces[i]));
      }
      unlabelled += labelled ? 0 : 1;
    }
    return this;
  }

  private Scan merge(Scan other) {
    rows += other.rows;
    for (int i = 0; i < places.length; i++) {
      columns.get(i).merge(other.columns.get(i));
    }
    for (int i = 0; i < labelPlaces.length; i++) {
      labels.get(i).merge(other.labels.get(i));
    }
    unlabelled += other.unlabelled;
    return this;
  }

  long rows() {
    return rows;
  }

  List<ColumnFit> columns() {
    return columns;
  }

  List<LabelFit> labels() {
    return labels;
  }

  /** Rows without any of the labels. */
  long unlabelled() {
    return unlabelled;
  }
}
