package sluice.bench;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.nd4j.linalg.dataset.DataSet;
import sluice.network.FloatArrays;

/**
 * Handwritten digits of 28 by 28 pixels from 0 to 1, read from idx files.
 *
 * @param pixels picture by picture
 * @param digits of the pictures
 */
record Mnist(float[] pixels, int[] digits) {
  static final int PIXELS = 28 * 28;
  static final int CLASSES = 10;

  /**
   * Reads the first pictures of a part.
   *
   * @param part {@code train} or {@code t10k}
   * @param most of them
   */
  static Mnist read(Path directory, String part, int most) throws IOException {
    try (DataInputStream images = open(directory.resolve(part + "-images-idx3-ubyte"));
        DataInputStream labels = open(directory.resolve(part + "-labels-idx1-ubyte"))) {
      images.readInt();
      int count = Math.min(most, images.readInt());
      images.readLong();
      labels.readLong();
      byte[] bytes = images.readNBytes(count * PIXELS);
      float[] pixels = new float[bytes.length];
      for (int i = 0; i < bytes.length; i++) {
        pixels[i] = (bytes[i] & 0xff) / 255f;
      }
      int[] digits = new int[count];
      for (int i = 0; i < count; i++) {
        digits[i] = labels.readUnsignedByte();
      }
      return new Mnist(pixels, digits);
    }
  }

  private static DataInputStream open(Path file) throws IOException {
    return new DataInputStream(new BufferedInputStream(Files.newInputStream(file)));
  }

  /** Every n-th minibatch from the first given one on. */
  List<DataSet> minibatches(int size, int first, int step) {
    List<DataSet> minibatches = new ArrayList<>();
    for (int from = first * size; from < digits.length; from += step * size) {
      int to = Math.min(digits.length, from + size);
      float[] classes = new float[(to - from) * CLASSES];
      for (int i = from; i < to; i++) {
        classes[(i - from) * CLASSES + digits[i]] = 1;
      }
      minibatches.add(
          new DataSet(
              FloatArrays.create(
                  Arrays.copyOfRange(pixels, from * PIXELS, to * PIXELS), to - from, PIXELS),
              FloatArrays.create(classes, to - from, CLASSES)));
    }
    return minibatches;
  }

  /** Writes them as a feature table, with each one's position besides. */
  void writeFeatures(SparkSession spark, Path target) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < digits.length; i++) {
      float[] picture = Arrays.copyOfRange(pixels, i * PIXELS, (i + 1) * PIXELS);
      rows.add(RowFactory.create("picture" + i, i, digits[i], picture));
    }
    spark
        .createDataFrame(
            JavaSparkContext.fromSparkContext(spark.sparkContext()).parallelize(rows, 8),
            new StructType()
                .add("key", DataTypes.StringType)
                .add("position", DataTypes.IntegerType)
                .add("label", DataTypes.IntegerType)
                .add("image", DataTypes.createArrayType(DataTypes.FloatType)))
        .write()
        .mode("overwrite")
        .parquet(target.toString());
  }
}
