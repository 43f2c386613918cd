package sluice.bench;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/** Writes the examples that the benchmarks on Spark read. */
public final class Features {
  private Features() {}

  /**
   * @param args kind, directory for the tables, and of digits the directory of the idx files, of
   *     others how many are drawn, whose idx files stand beside the table
   */
  public static void main(String[] args) throws IOException {
    ExampleKind kind = ExampleKind.valueOf(args[0]);
    Path target = Path.of(args[1]);
    try (SparkSession spark = SparkSession.builder().getOrCreate()) {
      if (kind == ExampleKind.DIGITS) {
        for (String part : new String[] {"train", "t10k"}) {
          LabelledExamples.read(kind, Path.of(args[2]), part, Integer.MAX_VALUE)
              .writeFeatures(spark, target.resolve(part));
        }
      } else {
        LabelledExamples drawn = LabelledExamples.drawn(kind, Integer.parseInt(args[2]));
        drawn.write(target, "train");
        drawn.writeFeatures(spark, target.resolve("train"));
      }
    }
  }
}
