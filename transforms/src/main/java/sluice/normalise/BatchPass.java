package sluice.normalise;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Steps that take many values at a time, over the rows of a partition. */
final class BatchPass {
  /** How many rows are taken at a time. */
  static final int ROWS = 1024;

  /** Tasks of a core, so that none idles long where others are longer. */
  private static final int PARTITIONS_PER_SLOT = 4;

  private BatchPass() {}

  /** The rows over as many partitions as keep all cores at work: each row takes long. */
  static Dataset<Row> spread(Dataset<Row> rows) {
    return rows.repartition(
        PARTITIONS_PER_SLOT * rows.sparkSession().sparkContext().defaultParallelism());
  }

  /** The rows with what the faces make of columns, by name, in their place. */
  static Dataset<Row> over(Dataset<Row> rows, Map<String, JavaFace> faces) {
    if (faces.isEmpty()) {
      return rows;
    }
    List<String> names = List.of(rows.columns());
    int[] places = faces.keySet().stream().mapToInt(names::indexOf).toArray();
    List<JavaFace> own = new ArrayList<>(faces.values());
    StructField[] fields = rows.schema().fields().clone();
    for (int i = 0; i < places.length; i++) {
      fields[places[i]] =
          new StructField(
              fields[places[i]].name(), own.get(i).dataType(), true, fields[places[i]].metadata());
    }
    MapPartitionsFunction<Row, Row> pass =
        partition -> {
          Iterator<List<Row>> batches = new Batches(partition, ROWS);
          return new Flattened(batches, places, own);
        };
    return spread(rows).mapPartitions(pass, Encoders.row(new StructType(fields)));
  }

  /** The rows of batches, one after the other, each batch worked on when its first row is asked. */
  private static final class Flattened implements Iterator<Row> {
    private final Iterator<List<Row>> batches;
    private final int[] places;
    private final List<JavaFace> faces;
    private Iterator<Row> ready = List.<Row>of().iterator();

    Flattened(Iterator<List<Row>> batches, int[] places, List<JavaFace> faces) {
      this.batches = batches;
      this.places = places;
      this.faces = faces;
    }

    @Override
    public boolean hasNext() {
      if (!ready.hasNext() && batches.hasNext()) {
        ready = worked(batches.next()).iterator();
      }
      return ready.hasNext();
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return ready.next();
    }

    private List<Row> worked(List<Row> rows) {
      @Nullable Object[][] values = new @Nullable Object[rows.size()][];
      for (int i = 0; i < values.length; i++) {
        Row row = rows.get(i);
        values[i] = new @Nullable Object[row.size()];
        Arrays.setAll(values[i], row::get);
      }
      for (int face = 0; face < places.length; face++) {
        int place = places[face];
        @Nullable Object[] made =
            faces.get(face).calls(rows.stream().map(row -> row.get(place)).toArray());
        for (int i = 0; i < values.length; i++) {
          values[i][place] = made[i];
        }
      }
      return Arrays.stream(values).map(RowFactory::create).toList();
    }
  }
}
