package sluice.bench;

import static org.apache.spark.ml.functions.array_to_vector;
import static org.apache.spark.ml.functions.vector_to_array;
import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import java.nio.file.Path;
import org.apache.spark.ml.classification.MultilayerPerceptronClassificationModel;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import sluice.network.spec.MultilayerPerceptron.HiddenActivation;
import sluice.network.spec.NetworkDefinition;

/**
 * How long spark.ml's MultilayerPerceptronClassifier takes for some iterations, and how long Sluice
 * takes with the same network and data until it has at most the same validation loss. Each answers
 * {@code sparkml SECONDS LOSS} or {@code ours SECONDS LOSS}, in turn.
 */
public final class TimeToLoss {
  private static final int[] LAYERS = {
    ExampleKind.DIGITS.width(), 256, 256, LabelledExamples.CLASSES
  };
  private static final int BATCH = 128;
  private static final int EVERY = 50;

  private final Dataset<Row> train;
  private final Dataset<Row> validation;

  private TimeToLoss(Dataset<Row> train, Dataset<Row> validation) {
    this.train = train;
    this.validation = validation;
  }

  /**
   * @param args directory of the feature tables, examples to train on, iterations of spark.ml,
   *     repetitions
   */
  public static void main(String[] args) {
    try (SparkSession spark = SparkSession.builder().getOrCreate()) {
      Dataset<Row> train =
          spark
              .read()
              .parquet(Path.of(args[0], "train").toString())
              .where("position < " + Integer.parseInt(args[1]));
      TimeToLoss bench =
          new TimeToLoss(train, spark.read().parquet(Path.of(args[0], "t10k").toString()));
      int iterations = Integer.parseInt(args[2]);
      // Once for the compiler.
      bench.sparkMl(1);
      bench.ours(Double.POSITIVE_INFINITY);
      for (int i = 0; i < Integer.parseInt(args[3]); i++) {
        Result sparkMl = bench.sparkMl(iterations);
        System.out.println("sparkml " + sparkMl.seconds + " " + sparkMl.loss);
        Result ours = bench.ours(sparkMl.loss);
        System.out.println("ours " + ours.seconds + " " + ours.loss);
      }
    }
  }

  private record Result(double seconds, double loss) {}

  /** Fits on vectors that are in memory already. */
  private Result sparkMl(int iterations) {
    Dataset<Row> vectors = vectors(train).repartition(Ours.WORKERS).persist();
    vectors.count();
    long start = System.nanoTime();
    MultilayerPerceptronClassificationModel model =
        new MultilayerPerceptronClassifier()
            .setLayers(LAYERS)
            .setBlockSize(BATCH)
            .setMaxIter(iterations)
            .setSeed(Ours.SEED)
            .fit(vectors);
    double seconds = (System.nanoTime() - start) / 1e9;
    vectors.unpersist();
    double loss =
        model
            .transform(vectors(validation))
            .select(vector_to_array(col("probability"), "float64").as("p"), col("label"))
            .agg(avg(expr("-ln(element_at(p, cast(label as int) + 1))")))
            .first()
            .getDouble(0);
    return new Result(seconds, loss);
  }

  private static Dataset<Row> vectors(Dataset<Row> pictures) {
    return pictures.select(
        array_to_vector(col("image")).as("features"), col("label").cast("double").as("label"));
  }

  /** Trains from files, dealing out and validating included, until the loss is reached. */
  private Result ours(double loss) {
    NetworkDefinition definition =
        Ours.definition(BenchNetwork.mlp(HiddenActivation.SIGMOID), ExampleKind.DIGITS);
    long start = System.nanoTime();
    try {
      Ours.train(
          definition,
          BATCH,
          EVERY,
          train,
          validation,
          (epoch, seconds) -> {
            if (epoch.validationLoss() <= loss) {
              throw new Reached(
                  new Result((System.nanoTime() - start) / 1e9, epoch.validationLoss()));
            }
          });
    } catch (Reached reached) {
      return reached.result;
    }
    throw new IllegalStateException("the loss was not reached: " + loss);
  }

  /** Ends a training from within. */
  private static final class Reached extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Result result;

    Reached(Result result) {
      super("reached", null, false, false);
      this.result = result;
    }
  }
}
