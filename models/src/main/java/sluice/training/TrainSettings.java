package sluice.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sluice.adaptation.AdaptSettings;
import sluice.data.Auto;
import sluice.data.InvalidInput;
import sluice.data.Nearest;
import sluice.data.Require;
import sluice.data.Task;
import sluice.evaluation.Metrics;
import sluice.evaluation.metric.Metric;
import sluice.network.GradientClipping;
import sluice.network.LearningRateSchedule;
import sluice.network.Network;
import sluice.network.Replicas;
import sluice.network.Target;
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
 * @param engine what computes the steps on CPUs
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
 * @param adapt what of another network is fine-tuned, instead of a warm start
 */
public record TrainSettings(
    Master master,
    Device device,
    Engine engine,
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
    WarmStart warmStart,
    AdaptSettings adapt) {

  /** What averages. */
  public enum Master {
    /** The engine of this package. */
    AVERAGING,
    /** Deeplearning4j's own, to be compared with. */
    STOCK
  }

  /** What computes steps; the two come to the same but for rounding. */
  public enum Engine {
    /** {@link sluice.network.compiled}, on CPUs; on GPUs Deeplearning4j. */
    COMPILED,
    /** Deeplearning4j's own steps. */
    DL4J;

    /** What makes that which computes a network's steps. */
    Replicas replicas(Network network) {
      return this == DL4J ? network.replicas().uncompiled() : network.replicas();
    }
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
   * @param metric what is watched: the loss, or a metric that {@link Metrics} has for the task and
   *     that can be watched, by its {@linkplain Metric#configured configured} name; with several
   *     labels {@code <label>.<metric>}. Numbers are measured in the units of the label
   * @param patience epochs without improvement after which training stops; 0 for never, null if it
   *     goes by the most epochs
   * @param minImprovement by how much the metric must be better to count
   */
  public record EarlyStopping(
      String metric, @Auto @Nullable Integer patience, double minImprovement) {
    /** The mean loss on the validation part, without the penalties on the weights. */
    public static final String LOSS = "loss";

    public EarlyStopping {
      List<String> problems = new ArrayList<>();
      List<String> names = names(Map.of("", EnumSet.allOf(Task.class)));
      if (!names.contains(metricOf(metric))) {
        problems.add(
            "metric must be one of %s, got %s%s"
                .formatted(
                    String.join(", ", names),
                    metric,
                    Nearest.to(metricOf(metric), names)
                        .map(near -> "; did you mean %s?".formatted(near))
                        .orElse("")));
      }
      if (patience != null && patience < 0) {
        problems.add("patience must be at least 0, got " + patience);
      }
      if (!(minImprovement >= 0 && minImprovement < Double.POSITIVE_INFINITY)) {
        problems.add("min-improvement must be at least 0, got " + minImprovement);
      }
      if (!problems.isEmpty()) {
        throw InvalidInput.configuration(problems);
      }
    }

    /**
     * What is watched beside the loss.
     *
     * @param label whose metric it is; empty if there is one label
     */
    public record Watched(String label, Metric<?> metric) {
      /** The name under which an epoch's record has it. */
      public String name() {
        return label.isEmpty() ? metric.name() : label + "." + metric.name();
      }

      /** The name under which a configuration has it. */
      String configured() {
        return label.isEmpty() ? metric.configured() : label + "." + metric.configured();
      }

      boolean isOf(Target target) {
        return label.isEmpty() || label.equals(target.name());
      }
    }

    /** What is watched; none where it is the loss. */
    public Optional<Watched> watched() {
      int dot = metric.lastIndexOf('.');
      return Arrays.stream(Task.values())
          .flatMap(task -> watchable(task))
          .filter(known -> known.configured().equals(metricOf(metric)))
          .findFirst()
          .map(known -> new Watched(dot < 0 ? "" : metric.substring(0, dot), known));
    }

    private static String metricOf(String name) {
      return name.substring(name.lastIndexOf('.') + 1);
    }

    /**
     * Why the metric cannot be watched; nothing if it can.
     *
     * @param labels what is predicted, and the tasks of which it may be
     */
    public Optional<String> misfit(Map<String, Set<Task>> labels) {
      List<String> names = names(labels);
      return names.contains(metric)
          ? Optional.empty()
          : Optional.of(
              "early-stopping.metric must be one of %s for %s, got %s"
                  .formatted(String.join(", ", names), described(labels), metric));
    }

    private static String described(Map<String, Set<Task>> labels) {
      return labels.size() == 1
          ? described(labels.values().iterator().next())
          : labels.entrySet().stream()
              .map(label -> "%s, %s".formatted(label.getKey(), described(label.getValue())))
              .collect(Collectors.joining(", and "));
    }

    private static String described(Set<Task> possible) {
      if (possible.contains(Task.REGRESSION)) {
        return "a label of numbers";
      }
      if (possible.contains(Task.TAGS)) {
        return "a label of tags";
      }
      if (possible.contains(Task.MULTILABEL)) {
        return "a label of sets";
      }
      return possible.equals(Set.of(Task.BINARY)) ? "a label of 2 classes" : "a label of classes";
    }

    /** By how much the first value is better than the second; below 0 if it is worse. */
    double gain(double now, double before) {
      return watched().map(known -> known.metric().gain(now, before)).orElse(before - now);
    }

    /** For each target the metric that its tally gathers for, which classes always have. */
    List<String> tallied(List<Target> targets) {
      return targets.stream()
          .map(
              target ->
                  watched()
                      .filter(known -> known.isOf(target))
                      .map(known -> known.metric().name())
                      .orElse("accuracy"))
          .toList();
    }

    private static List<String> names(Map<String, Set<Task>> labels) {
      List<String> names = new ArrayList<>(List.of(LOSS));
      labels.forEach(
          (label, tasks) ->
              tasks.stream()
                  .flatMap(EarlyStopping::watchable)
                  .map(Metric::configured)
                  .distinct()
                  .forEach(name -> names.add(labels.size() == 1 ? name : label + "." + name)));
      return names;
    }

    private static Stream<Metric<?>> watchable(Task task) {
      return Metrics.of(task).stream().filter(known -> known.watchable().contains(task));
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
      stock(adapt.from() == null, "adapt.from = null", problems);
    }
    if (adapt.from() != null && warmStart.bundle() != null) {
      problems.add(
          "adapt.from must not be given with warm-start.bundle, which goes on with the same network");
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
        engine,
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
        warmStart,
        adapt);
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
