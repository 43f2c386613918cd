package sluice.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sluice.data.Auto;
import sluice.data.InvalidInput;
import sluice.data.Require;
import sluice.data.Task;
import sluice.evaluation.Direction;
import sluice.evaluation.Metrics;
import sluice.network.GradientClipping;
import sluice.network.LearningRateSchedule;
import sluice.network.UpdaterSpec;
import sluice.training.averaging.AveragingFrequency;
import sluice.training.averaging.OuterOptimiser;
import sluice.training.averaging.UpdaterState;
import sluice.training.averaging.WeightAverage;
import sluice.training.checkpoint.CheckpointSettings;
import sluice.training.device.Device;
import sluice.training.examples.ExampleStorage;

/**
 * How a network is trained. What is null is left to the data: {@link TrainingPlan}.
 *
 * @param master what averages
 * @param device what the steps are computed on
 * @param epochs most passes over the training examples
 * @param batchSize examples of a minibatch of one logical worker
 * @param logicalWorkers among how many networks the examples are dealt out; the result depends on
 *     it, and not on how many of them run at once
 * @param averagingFrequency minibatches of each worker between two averagings. It never reaches
 *     over the end of an epoch, except where it covers whole epochs: then as many pass in one
 *     round, with a validation part at most a tenth of the epochs, and half of the patience
 * @param outer where the parameters go after an averaging
 * @param updater how a gradient changes the parameters
 * @param schedule how the learning rate goes over the epochs
 * @param updaterState what becomes of the updater's state when the parameters are averaged
 * @param ema which average over the steps is validated and kept
 * @param gradientClipping what keeps gradients from exploding
 * @param storageLevel where the examples are kept between rounds
 * @param roundTimeoutSeconds after which a round is given up; 0 for never
 * @param checkpoint how often the training is written down
 * @param classWeights what an example counts for in the loss
 * @param earlyStopping when to stop before the last epoch
 * @param warmStart what the first round starts from
 */
public record TrainSettings(
    Master master,
    Device device,
    @Auto @Nullable Integer epochs,
    @Auto @Nullable Integer batchSize,
    @Auto @Nullable Integer logicalWorkers,
    @Auto @Nullable AveragingFrequency averagingFrequency,
    OuterOptimiser outer,
    UpdaterSpec updater,
    LearningRateSchedule schedule,
    UpdaterState updaterState,
    WeightAverage ema,
    GradientClipping gradientClipping,
    ExampleStorage storageLevel,
    int roundTimeoutSeconds,
    CheckpointSettings checkpoint,
    ClassWeights classWeights,
    EarlyStopping earlyStopping,
    WarmStart warmStart) {

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
   * @param patience epochs without improvement after which training stops; 0 for never, null if it
   *     goes by the most epochs
   * @param minImprovement by how much the metric must be better to count
   */
  public record EarlyStopping(
      Metric metric, @Auto @Nullable Integer patience, double minImprovement) {
    /**
     * What can be watched on the validation part: the loss, or one of {@link Metrics}, which say
     * what each is and whether less or more of it is better. Numbers are measured in the units of
     * the label.
     */
    public enum Metric {
      /** The mean loss, without the penalties on the weights; less is better. */
      LOSS(""),
      ACCURACY("accuracy"),
      BALANCED_ACCURACY("balancedAccuracy"),
      MACRO_F1("macroF1"),
      MCC("mcc"),
      PRECISION("precision"),
      RECALL("recall"),
      F1("f1"),
      ROC_AUC("rocAuc"),
      PR_AUC("prAuc"),
      MAE("mae"),
      RMSE("rmse"),
      R2("r2");

      private final String figure;

      Metric(String figure) {
        this.figure = figure;
      }

      /** Its name in {@link Metrics}; the loss has none there. */
      public Optional<String> figure() {
        return this == LOSS ? Optional.empty() : Optional.of(figure);
      }

      /** Its name in a configuration. */
      public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
      }

      /**
       * Why it cannot be watched; nothing if it can.
       *
       * @param label what is predicted, for the message
       * @param possible the tasks of which it may be
       */
      public Optional<String> misfit(String label, Set<Task> possible) {
        if (possible.stream().anyMatch(this::fits)) {
          return Optional.empty();
        }
        String names =
            Arrays.stream(values())
                .filter(metric -> possible.stream().anyMatch(metric::fits))
                .map(Metric::text)
                .collect(Collectors.joining(", "));
        return Optional.of(
            "early-stopping.metric must be one of %s for %s, got %s"
                .formatted(names, label, text()));
      }

      private boolean fits(Task task) {
        return switch (this) {
          case LOSS -> true;
          case ACCURACY, BALANCED_ACCURACY, MACRO_F1, MCC -> task != Task.REGRESSION;
          case PRECISION, RECALL, F1, ROC_AUC, PR_AUC -> task == Task.BINARY;
          case MAE, RMSE, R2 -> task == Task.REGRESSION;
        };
      }

      /** By how much the first value is better than the second; below 0 if it is worse. */
      double gain(double now, double before) {
        boolean lower = this == LOSS || Metrics.better(figure) == Direction.LOWER;
        return lower ? before - now : now - before;
      }
    }

    public EarlyStopping {
      if (patience != null && patience < 0) {
        throw InvalidInput.configuration("patience must be at least 0, got " + patience);
      }
      if (!(minImprovement >= 0 && minImprovement < Double.POSITIVE_INFINITY)) {
        throw InvalidInput.configuration(
            "min-improvement must be at least 0, got " + minImprovement);
      }
    }
  }

  /**
   * What the parameters are before the first round: those of a network that was trained before, or
   * random ones. The updater and the outer optimiser start afresh.
   *
   * @param bundle the directory of a model bundle, or of the models of a run, whose current one is
   *     taken; null for random parameters
   */
  public record WarmStart(@Nullable String bundle) {
    public WarmStart {
      if (bundle != null) {
        new Require().notBlank("bundle", bundle).hold();
      }
    }

    /** Random parameters. */
    public static WarmStart none() {
      return new WarmStart(null);
    }
  }

  public TrainSettings {
    List<String> problems = new ArrayList<>();
    atLeastOne("epochs", epochs, problems);
    atLeastOne("batch-size", batchSize, problems);
    atLeastOne("logical-workers", logicalWorkers, problems);
    if (master == Master.STOCK) {
      stock(
          averagingFrequency == null || averagingFrequency instanceof AveragingFrequency.Fixed,
          "a fixed averaging-frequency",
          problems);
      stock(outer instanceof OuterOptimiser.Average, "outer = average", problems);
      stock(updaterState != UpdaterState.LOCAL, "updater-state = averaged or reset", problems);
      stock(device != Device.GPU, "device = auto or cpu", problems);
      stock(schedule instanceof LearningRateSchedule.Constant, "schedule = constant", problems);
      stock(ema instanceof WeightAverage.None, "ema = none", problems);
    }
    if (roundTimeoutSeconds < 0) {
      problems.add("round-timeout-seconds must be at least 0, got " + roundTimeoutSeconds);
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
  }

  /** These settings for another device. */
  public TrainSettings on(Device other) {
    return new TrainSettings(
        master,
        other,
        epochs,
        batchSize,
        logicalWorkers,
        averagingFrequency,
        outer,
        updater,
        schedule,
        updaterState,
        ema,
        gradientClipping,
        storageLevel,
        roundTimeoutSeconds,
        checkpoint,
        classWeights,
        earlyStopping,
        warmStart);
  }

  private static void stock(boolean holds, String rule, List<String> problems) {
    if (!holds) {
      problems.add("master = stock must come with " + rule);
    }
  }

  private static void atLeastOne(String name, @Nullable Integer value, List<String> problems) {
    if (value != null && value < 1) {
      problems.add(name + " must be at least 1, got " + value);
    }
  }
}
