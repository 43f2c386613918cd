package sluice.training;

import java.util.ArrayList;
import java.util.List;
import sluice.data.InvalidInput;
import sluice.network.GradientClipping;
import sluice.network.UpdaterSpec;

/**
 * How a network is trained.
 *
 * @param master what averages
 * @param epochs most passes over the training examples
 * @param batchSize examples of a minibatch of one logical worker
 * @param logicalWorkers among how many networks the examples are dealt out; the result depends on
 *     it, and not on how many of them run at once
 * @param averagingFrequency minibatches of each worker between two averagings. It never reaches
 *     over the end of an epoch, except where it covers whole epochs: then as many pass in one round
 * @param outer where the parameters go after an averaging
 * @param updater how a gradient changes the parameters
 * @param updaterState what becomes of the updater's state when the parameters are averaged
 * @param gradientClipping what keeps gradients from exploding
 * @param storageLevel where the examples are kept between rounds
 * @param roundTimeoutSeconds after which a round is given up; 0 for never
 * @param checkpoint how often the training is written down
 * @param classWeights what an example counts for in the loss
 * @param earlyStopping when to stop before the last epoch
 */
public record TrainSettings(
    Master master,
    int epochs,
    int batchSize,
    int logicalWorkers,
    AveragingFrequency averagingFrequency,
    OuterOptimiser outer,
    UpdaterSpec updater,
    UpdaterState updaterState,
    GradientClipping gradientClipping,
    ExampleStorage storageLevel,
    int roundTimeoutSeconds,
    CheckpointSettings checkpoint,
    ClassWeights classWeights,
    EarlyStopping earlyStopping) {

  /** What averages. */
  public enum Master {
    /** The engine of this package. */
    AVERAGING,
    /** Deeplearning4j's own, to be compared with. */
    STOCK
  }

  /** What an example counts for. */
  public enum ClassWeights {
    /** Every example counts the same. */
    NONE,
    /** Every class counts the same: examples / (classes x examples of the class). */
    BALANCED
  }

  /**
   * Training stops once the metric on the validation part has not become better for some epochs;
   * the best network is kept. Without a validation part training runs to its last epoch and the
   * last network is kept.
   *
   * @param metric what is watched
   * @param patience epochs without improvement after which training stops; 0 for never
   * @param minImprovement by how much the metric must be better to count
   */
  public record EarlyStopping(Metric metric, int patience, double minImprovement) {
    /** What can be watched on the validation part. */
    public enum Metric {
      /** The mean loss, without the penalties on the weights; less is better. */
      LOSS,
      /** The share of examples whose most likely class is the true one; more is better. */
      ACCURACY
    }

    public EarlyStopping {
      if (patience < 0) {
        throw InvalidInput.configuration("patience must be at least 0, got " + patience);
      }
      if (!(minImprovement >= 0 && minImprovement < Double.POSITIVE_INFINITY)) {
        throw InvalidInput.configuration(
            "min-improvement must be at least 0, got " + minImprovement);
      }
    }
  }

  public TrainSettings {
    List<String> problems = new ArrayList<>();
    atLeastOne("epochs", epochs, problems);
    atLeastOne("batch-size", batchSize, problems);
    atLeastOne("logical-workers", logicalWorkers, problems);
    if (master == Master.STOCK) {
      stock(
          averagingFrequency instanceof AveragingFrequency.Fixed,
          "a fixed averaging-frequency",
          problems);
      stock(outer instanceof OuterOptimiser.Average, "outer = average", problems);
      stock(updaterState != UpdaterState.LOCAL, "updater-state = averaged or reset", problems);
    }
    if (roundTimeoutSeconds < 0) {
      problems.add("round-timeout-seconds must be at least 0, got " + roundTimeoutSeconds);
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
  }

  private static void stock(boolean holds, String rule, List<String> problems) {
    if (!holds) {
      problems.add("master = stock must come with " + rule);
    }
  }

  private static void atLeastOne(String name, int value, List<String> problems) {
    if (value < 1) {
      problems.add(name + " must be at least 1, got " + value);
    }
  }
}
