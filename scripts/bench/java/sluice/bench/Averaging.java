package sluice.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.nd4j.linalg.api.ndarray.INDArray;
import sluice.config.ConfigReader;
import sluice.config.PipelineConfig;
import sluice.data.InvalidInput;
import sluice.network.FloatArrays;
import sluice.network.Network;
import sluice.network.spec.NetworkDefinition;
import sluice.training.TrainedNetwork;
import sluice.training.Trainer;
import sluice.training.TrainingProgress;
import sluice.training.checkpoint.EpochRecord;

/**
 * Trains a configuration's network on handwritten digits, once for each cell of a table, with the
 * values that the reference gives to what a cell does not say. Each is answered by {@code cell NAME
 * ACCURACY AVERAGINGS SECONDS}: the accuracy of the last parameters on the test pictures, NaN if
 * the loss was not finite.
 */
public final class Averaging {
  private static final int AT_ONCE = 1000;
  private static final int PIXELS = ExampleKind.DIGITS.width();

  private final Path conf;
  private final int epochs;
  private final Dataset<Row> train;
  private final LabelledExamples test;

  private Averaging(Path conf, int epochs, Dataset<Row> train, LabelledExamples test) {
    this.conf = conf;
    this.epochs = epochs;
    this.train = train;
    this.test = test;
  }

  /**
   * @param args directory of the idx files, directory of the feature tables, configuration, epochs,
   *     examples to train on, and names of cells: {@code WORKERS/FREQUENCY/OUTER/SEED}
   */
  public static void main(String[] args) throws IOException {
    try (SparkSession spark = SparkSession.builder().getOrCreate()) {
      Averaging bench =
          new Averaging(
              Path.of(args[2]),
              Integer.parseInt(args[3]),
              spark
                  .read()
                  .parquet(Path.of(args[1], "train").toString())
                  .where("position < " + Integer.parseInt(args[4])),
              LabelledExamples.read(
                  ExampleKind.DIGITS, Path.of(args[0]), "t10k", Integer.MAX_VALUE));
      for (String cell : Arrays.asList(args).subList(5, args.length)) {
        System.out.println("cell " + cell + " " + bench.answer(cell.split("/")));
      }
    }
  }

  private String answer(String[] cell) {
    PipelineConfig config =
        ConfigReader.ofPipelines()
            .read(
                conf,
                List.of(
                    "train.epochs=" + epochs,
                    "train.schedule=constant",
                    "train.logical-workers=" + cell[0],
                    "train.averaging-frequency=" + cell[1],
                    "train.outer=" + cell[2],
                    "pipeline.seed=" + cell[3]))
            .value();
    NetworkDefinition definition = Ours.definition(config.model(), ExampleKind.DIGITS);
    Trainer trainer =
        new Trainer(definition, config.train(), config.pipeline().seed(), TrainingProgress.SILENT);
    long start = System.nanoTime();
    try {
      // Without a validation part nothing is chosen by it: the last parameters are kept.
      TrainedNetwork trained = trainer.train(train, train.limit(0));
      double seconds = (System.nanoTime() - start) / 1e9;
      List<EpochRecord> history = trained.history();
      int averagings = history.get(history.size() - 1).averagings();
      Network network =
          definition.initial(config.train().updater(), config.train().gradientClipping(), 1);
      network.setParameters(trained.parameters());
      return accuracy(network) + " " + averagings + " " + seconds;
    } catch (InvalidInput diverged) {
      System.err.println(diverged.getMessage());
      return "NaN 0 " + (System.nanoTime() - start) / 1e9;
    }
  }

  private double accuracy(Network network) {
    int count = test.labels().length;
    int hits = 0;
    for (int from = 0; from < count; from += AT_ONCE) {
      int size = Math.min(AT_ONCE, count - from);
      float[] pixels =
          Arrays.copyOfRange(test.values(), from * PIXELS, (from + size) * PIXELS);
      try (INDArray pictures = FloatArrays.create(pixels, size, PIXELS)) {
        float[] predicted = FloatArrays.copy(network.outputs(pictures)[0]);
        for (int i = 0; i < size; i++) {
          if (mostLikely(predicted, i * LabelledExamples.CLASSES) == test.labels()[from + i]) {
            hits++;
          }
        }
      }
    }
    return (double) hits / count;
  }

  private static int mostLikely(float[] predicted, int first) {
    int best = 0;
    for (int c = 1; c < LabelledExamples.CLASSES; c++) {
      if (predicted[first + c] > predicted[first + best]) {
        best = c;
      }
    }
    return best;
  }
}
