package sluice.evaluation.predictions;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntConsumer;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;
import sluice.data.Columns;
import sluice.evaluation.classification.ClassPredictions;
import sluice.evaluation.classification.SetPredictions;
import sluice.evaluation.classification.TagPredictions;
import sluice.evaluation.metric.Label;
import sluice.evaluation.metric.Predictions;
import sluice.evaluation.metric.SliceColumn;
import sluice.evaluation.regression.NumberPredictions;

/**
 * Brings predictions from a table to the driver, packed: some 16 bytes, 8 an output and the texts
 * of the slices a row on the way.
 */
public final class PredictionRows {
  private static final int ROWS_IN_BLOCK = 1 << 14;

  /** A block that has reached it is full, so that long texts do not outgrow an array. */
  private static final int BYTES_IN_BLOCK = 1 << 24;

  /** Outputs that are as many as a row has. */
  private static final int ANY = -1;

  private PredictionRows() {}

  /**
   * What a table has for predictions; nothing of it is null except slices.
   *
   * @param key a column of bytes or of texts, the row's key
   * @param truth a numeric column: the index of the true class, or the true number; of tags and of
   *     the names of sets an array of their indices
   * @param output an array of numbers: the probability of each class or name, or one number in the
   *     units of the truth; of tags the probability of each at the first token that was read, then
   *     the next
   * @param slices columns of any type, compared by their text
   */
  public record Shape(String key, String truth, Column output, List<String> slices) {
    public Shape {
      slices = List.copyOf(slices);
    }
  }

  /**
   * One of the labels of a table.
   *
   * @param shape whose truth is null in the rows that do not have the label
   */
  public record Labelled(Label label, Shape shape) {}

  /** The predictions of each label, of the rows that have it; the table is computed once. */
  public static List<Predictions> of(Dataset<Row> rows, List<Labelled> labels) {
    boolean again = labels.size() > 1;
    if (again) {
      rows.persist(StorageLevel.MEMORY_AND_DISK());
    }
    try {
      return labels.stream()
          .map(
              each ->
                  of(
                      each.label,
                      rows.filter(Columns.named(each.shape.truth).isNotNull()),
                      each.shape))
          .toList();
    } finally {
      if (again) {
        rows.unpersist();
      }
    }
  }

  /** The predictions that a table holds of this label. */
  public static Predictions of(Label label, Dataset<Row> rows, Shape shape) {
    Column truth = Columns.named(shape.truth);
    Collected collected =
        !label.task().isOfIndices()
            ? new Collected(rows, shape.key, truth, shape.output, label.outputs(), shape.slices)
            : new Collected(
                rows,
                shape.key,
                functions.size(truth),
                functions.concat(truth.cast("array<double>"), shape.output.cast("array<double>")),
                ANY,
                shape.slices);
    Predictions.Builder predictions = builder(label, collected.rows);
    long[] keys = collected.unpack(predictions::put);
    return predictions.build(keys, collected.slices());
  }

  /** Takes predictions of this label row by row: the one place that tells the tasks apart. */
  public static Predictions.Builder builder(Label label, int rows) {
    return switch (label.task()) {
      case BINARY, MULTICLASS -> ClassPredictions.builder(label.classes().size(), rows);
      case REGRESSION -> NumberPredictions.builder(rows);
      case MULTILABEL -> SetPredictions.builder(label.classes().size(), rows);
      case TAGS -> TagPredictions.builder(label.classes().size(), rows);
    };
  }

  /**
   * Rows of any numbers, in the order in which they come.
   *
   * @param values a column of arrays of numbers
   * @param width how many each has
   * @param size is told how many rows there are
   * @param target then gets them one by one
   */
  public static void collect(
      Dataset<Row> rows,
      String key,
      String label,
      String values,
      int width,
      IntConsumer size,
      RowTarget target) {
    Collected collected =
        new Collected(rows, key, Columns.named(label), Columns.named(values), width, List.of());
    size.accept(collected.rows);
    collected.unpack(target);
  }

  /** Takes one row after the other. */
  public interface RowTarget {
    void put(int row, double label, double[] outputs);
  }

  /** Packed rows on the driver. */
  private static final class Collected {
    private final List<byte[]> blocks;
    private final int outputs;
    private final List<SliceColumn.Builder> builders;
    private final int rows;

    Collected(
        Dataset<Row> table,
        String key,
        Column label,
        Column output,
        int outputs,
        List<String> slices) {
      List<Column> columns = new ArrayList<>();
      columns.add(Columns.named(key).cast("binary"));
      columns.add(label.cast("double"));
      columns.add(output.cast("array<double>"));
      slices.forEach(slice -> columns.add(Columns.named(slice).cast("string")));
      this.outputs = outputs;
      this.builders = slices.stream().map(SliceColumn.Builder::new).toList();
      this.blocks =
          new ArrayList<>(
              table
                  .select(columns.toArray(Column[]::new))
                  .toJavaRDD()
                  .mapPartitions(new Pack(outputs, slices.size()))
                  .collect());
      int sum = 0;
      for (byte[] block : blocks) {
        sum = Math.addExact(sum, ByteBuffer.wrap(block).getInt());
      }
      this.rows = sum;
    }

    long[] unpack(RowTarget target) {
      long[] keys = new long[rows];
      double[] values = new double[Math.max(0, outputs)];
      int row = 0;
      try {
        for (byte[] block : blocks) {
          DataInputStream in = new DataInputStream(new ByteArrayInputStream(block));
          for (int left = in.readInt(); left > 0; left--) {
            keys[row] = in.readLong();
            double label = in.readDouble();
            if (outputs == ANY) {
              values = new double[in.readInt()];
            }
            for (int i = 0; i < values.length; i++) {
              values[i] = in.readDouble();
            }
            for (SliceColumn.Builder builder : builders) {
              builder.add(in.readBoolean() ? readText(in) : null);
            }
            target.put(row++, label, values);
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException("reading bytes in memory", e);
      }
      blocks.clear();
      return keys;
    }

    List<SliceColumn> slices() {
      return builders.stream().map(SliceColumn.Builder::build).toList();
    }
  }

  /** Rows to blocks of bytes. */
  private static final class Pack implements FlatMapFunction<Iterator<Row>, byte[]> {
    private static final long serialVersionUID = 1L;

    private final int outputs;
    private final int slices;

    Pack(int outputs, int slices) {
      this.outputs = outputs;
      this.slices = slices;
    }

    @Override
    public Iterator<byte[]> call(Iterator<Row> rows) {
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return rows.hasNext();
        }

        @Override
        public byte[] next() {
          return block(rows);
        }
      };
    }

    private byte[] block(Iterator<Row> rows) {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      int count = 0;
      try (DataOutputStream out = new DataOutputStream(body)) {
        while (rows.hasNext() && count < ROWS_IN_BLOCK && body.size() < BYTES_IN_BLOCK) {
          write(rows.next(), out);
          count++;
        }
        ByteArrayOutputStream block = new ByteArrayOutputStream(Integer.BYTES + body.size());
        new DataOutputStream(block).writeInt(count);
        body.writeTo(block);
        return block.toByteArray();
      } catch (IOException e) {
        throw new UncheckedIOException("writing bytes in memory", e);
      }
    }

    private void write(Row row, DataOutputStream out) throws IOException {
      List<Double> values = row.getList(2);
      if (outputs != ANY && values.size() != outputs) {
        throw new IllegalArgumentException(
            "%d outputs a row, got %d for key %s"
                .formatted(outputs, values.size(), HexFormat.of().formatHex(row.getAs(0))));
      }
      out.writeLong(Predictions.keyHash(row.<byte[]>getAs(0)));
      out.writeDouble(row.getDouble(1));
      if (outputs == ANY) {
        out.writeInt(values.size());
      }
      for (double value : values) {
        out.writeDouble(value);
      }
      for (int i = 0; i < slices; i++) {
        boolean there = !row.isNullAt(3 + i);
        out.writeBoolean(there);
        if (there) {
          writeText(row.getString(3 + i), out);
        }
      }
    }
  }

  /** A text of any length; {@link DataOutputStream#writeUTF} takes 65,535 bytes at most. */
  private static void writeText(String text, DataOutputStream out) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String readText(DataInputStream in) throws IOException {
    return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
  }
}
