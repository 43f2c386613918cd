package sluice.bench;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import sluice.network.FloatArrays;

/**
 * Examples of one kind: pixels from 0 to 1, or indices of tokens.
 *
 * @param kind of them
 * @param values example by example
 * @param labels of the examples
 */
record LabelledExamples(ExampleKind kind, float[] values, int[] labels) {
  static final int CLASSES = 10;

  private static final String LABELS = "labels-idx1-ubyte";

  /** Bits of an idx file's first number that say what its values are. */
  private static final int BYTES = 0x0800;

  private static final int INTS = 0x0C00;

  /** Of a drawn series' tokens the part that tells its label. */
  private static final double TELLING = 0.25;

  /**
   * Reads the first examples of a part from idx files.
   *
   * @param part {@code train} or {@code t10k}
   * @param most of them
   */
  static LabelledExamples read(ExampleKind kind, Path directory, String part, int most)
      throws IOException {
    try (DataInputStream values = open(directory.resolve(part + "-" + kind.file));
        DataInputStream labels = open(directory.resolve(part + "-" + LABELS))) {
      int dimensions = values.readInt() & 0xff;
      int count = Math.min(most, values.readInt());
      values.skipNBytes(4L * (dimensions - 1));
      labels.skipNBytes(8);
      float[] read = new float[Math.multiplyExact(count, kind.width())];
      for (int i = 0; i < read.length; i++) {
        read[i] = kind.isSeries() ? values.readInt() : values.readUnsignedByte() / 255f;
      }
      int[] classes = new int[count];
      for (int i = 0; i < count; i++) {
        classes[i] = labels.readUnsignedByte();
      }
      return new LabelledExamples(kind, read, classes);
    }
  }

  private static DataInputStream open(Path file) throws IOException {
    return new DataInputStream(new BufferedInputStream(Files.newInputStream(file)));
  }

  /**
   * Draws examples, always the same ones. A quarter of a series' tokens are equal to its label
   * modulo {@link #CLASSES}, which can be learned; of pictures the labels are as random as the
   * pixels.
   */
  static LabelledExamples drawn(ExampleKind kind, int count) {
    Random random = new Random(Ours.SEED);
    int width = kind.width();
    float[] values = new float[Math.multiplyExact(count, width)];
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = random.nextInt(CLASSES);
      int length =
          kind == ExampleKind.SENTENCES ? width / 2 + random.nextInt(width / 2 + 1) : width;
      for (int j = i * width; j < i * width + length; j++) {
        values[j] = kind.isSeries() ? token(random, labels[i]) : random.nextInt(256) / 255f;
      }
    }
    return new LabelledExamples(kind, values, labels);
  }

  /** Zero means that there is no token. */
  private static int token(Random random, int label) {
    int drawn = 1 + random.nextInt(ExampleKind.VOCABULARY - 1);
    int telling = drawn - drawn % CLASSES + label;
    return random.nextDouble() < TELLING && telling > 0 && telling < ExampleKind.VOCABULARY
        ? telling
        : drawn;
  }

  /** Writes them as idx files, which PyTorch's side reads. */
  void write(Path directory, String part) throws IOException {
    Files.createDirectories(directory);
    List<Integer> shape = kind.shape();
    try (DataOutputStream out = create(directory.resolve(part + "-" + kind.file))) {
      out.writeInt((kind.isSeries() ? INTS : BYTES) | (shape.size() + 1));
      out.writeInt(labels.length);
      for (int size : shape) {
        out.writeInt(size);
      }
      for (float value : values) {
        if (kind.isSeries()) {
          out.writeInt((int) value);
        } else {
          out.writeByte(Math.round(value * 255));
        }
      }
    }
    try (DataOutputStream out = create(directory.resolve(part + "-" + LABELS))) {
      out.writeInt(BYTES | 1);
      out.writeInt(labels.length);
      for (int label : labels) {
        out.writeByte(label);
      }
    }
  }

  private static DataOutputStream create(Path file) throws IOException {
    return new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)));
  }

  /** Every n-th minibatch from the first given one on. */
  List<DataSet> minibatches(int size, int first, int step) {
    List<DataSet> minibatches = new ArrayList<>();
    for (int from = first * size; from < labels.length; from += step * size) {
      minibatches.add(minibatch(from, Math.min(labels.length, from + size)));
    }
    return minibatches;
  }

  private DataSet minibatch(int from, int to) {
    int count = to - from;
    int width = kind.width();
    float[] own = Arrays.copyOfRange(values, from * width, to * width);
    float[] classes = new float[count * CLASSES];
    for (int i = from; i < to; i++) {
      classes[(i - from) * CLASSES + labels[i]] = 1;
    }
    INDArray inputs =
        kind.isSeries()
            ? FloatArrays.create(own, count, 1, width)
            : FloatArrays.create(own, count, width);
    DataSet minibatch = new DataSet(inputs, FloatArrays.create(classes, count, CLASSES));
    if (kind == ExampleKind.SENTENCES) {
      float[] mask = new float[own.length];
      for (int i = 0; i < mask.length; i++) {
        mask[i] = own[i] > 0 ? 1 : 0;
      }
      minibatch.setFeaturesMaskArray(FloatArrays.create(mask, count, width));
    }
    return minibatch;
  }

  /** Writes them as a feature table, with each one's position besides. */
  void writeFeatures(SparkSession spark, Path target) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < labels.length; i++) {
      rows.add(RowFactory.create("example" + i, i, labels[i], value(i)));
    }
    DataType value = kind.isSeries() ? DataTypes.IntegerType : DataTypes.FloatType;
    spark
        .createDataFrame(
            JavaSparkContext.fromSparkContext(spark.sparkContext()).parallelize(rows, 8),
            new StructType()
                .add("key", DataTypes.StringType)
                .add("position", DataTypes.IntegerType)
                .add("label", DataTypes.IntegerType)
                .add(kind.tensor().name(), DataTypes.createArrayType(value)))
        .write()
        .mode("overwrite")
        .parquet(target.toString());
  }

  /** An example as a feature table has it: the pixels, or the tokens that there are. */
  private Object value(int example) {
    int from = example * kind.width();
    float[] own = Arrays.copyOfRange(values, from, from + kind.width());
    if (!kind.isSeries()) {
      return own;
    }
    int[] tokens = new int[own.length];
    int length = 0;
    while (length < own.length && own[length] > 0) {
      tokens[length] = (int) own[length];
      length++;
    }
    return Arrays.copyOf(tokens, length);
  }
}
