package sluice.bench;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/** Writes the feature tables that the benchmarks on Spark read. */
public final class Features {
  private Features() {}

  /**
   * @param args directory of the idx files, directory for the tables
   */
  public static void main(String[] args) throws IOException {
    try (SparkSession spark = SparkSession.builder().getOrCreate()) {
      for (String part : new String[] {"train", "t10k"}) {
        Mnist.read(Path.of(args[0]), part, Integer.MAX_VALUE)
            .writeFeatures(spark, Path.of(args[1], part));
      }
    }
  }
}
