package sluice.training;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.jspecify.annotations.Nullable;
import sluice.adaptation.Adaptation;
import sluice.data.InvalidInput;
import sluice.data.Task;
import sluice.network.Target;
import sluice.network.spec.NetworkDefinition;
import sluice.training.checkpoint.Checkpoint;
import sluice.training.checkpoint.Checkpoints;
import sluice.training.device.Accelerator;
import sluice.training.device.ComputeDevice;
import sluice.training.device.Cuda;
import sluice.training.device.DevicePin;
import sluice.training.examples.LabelColumns;
import sluice.training.examples.WorkerDataset;

/**
 * Trains a network on a feature table by synchronous parameter averaging (local SGD: McDonald et
 * al. 2010, Stich 2019): logical workers start from the same parameters, each takes some steps on
 * minibatches of its own examples, and the parameters and updater states are averaged, weighted by
 * examples.
 *
 * <p>The same features, definition, settings and seed give the same parameters to the bit, whatever
 * the number of slots, partitions or executors, on one kind of processor.
 */
public final class Trainer {
  private final NetworkDefinition definition;
  private final TrainSettings settings;
  private final List<LabelUnits> units;
  private final long seed;
  private final TrainingProgress progress;

  private final Adaptation adaptation;

  private final Accelerator accelerator;

  /**
   * A trainer for labels that are not scaled, or of classes.
   *
   * @param seed of the initial weights, the dealing out, the orders and dropout
   * @throws InvalidInput (configuration) if what early stopping watches does not fit the targets
   */
  public Trainer(
      NetworkDefinition definition, TrainSettings settings, long seed, TrainingProgress progress) {
    this(
        definition,
        settings,
        Collections.nCopies(definition.targets().size(), scaled -> scaled),
        seed,
        progress);
  }

  /**
   * @param units in which the errors of numbers are measured, one for each target
   * @param seed of the initial weights, the dealing out, the orders and dropout
   * @throws InvalidInput (configuration) if what early stopping watches does not fit the targets
   */
  public Trainer(
      NetworkDefinition definition,
      TrainSettings settings,
      List<LabelUnits> units,
      long seed,
      TrainingProgress progress) {
    this(
        fitting(definition, settings),
        settings,
        units,
        seed,
        progress,
        Adaptation.none(),
        new Cuda());
  }

  /** The definition, if what is watched fits it. */
  private static NetworkDefinition fitting(NetworkDefinition definition, TrainSettings settings) {
    Map<String, Set<Task>> labels = new LinkedHashMap<>();
    definition.targets().forEach(target -> labels.put(target.name(), Set.of(target.task())));
    settings
        .earlyStopping()
        .misfit(labels)
        .ifPresent(
            problem -> {
              throw InvalidInput.configuration("train." + problem);
            });
    return definition;
  }

  private Trainer(
      NetworkDefinition definition,
      TrainSettings settings,
      List<LabelUnits> units,
      long seed,
      TrainingProgress progress,
      Adaptation adaptation,
      Accelerator accelerator) {
    this.definition = definition;
    this.settings = settings;
    this.units = units;
    this.seed = seed;
    this.progress = progress;
    this.adaptation = adaptation;
    this.accelerator = accelerator;
  }

  /**
   * A trainer that starts otherwise than from random parameters. The updater and the outer
   * optimiser start afresh. A training that goes on from a checkpoint takes all parameters from
   * there.
   */
  public Trainer from(Adaptation other) {
    return new Trainer(definition, settings, units, seed, progress, other, accelerator);
  }

  /** A trainer that takes this for the GPUs that there may be. */
  Trainer with(Accelerator other) {
    return new Trainer(definition, settings, units, seed, progress, adaptation, other);
  }

  /**
   * Trains.
   *
   * @param train feature rows, added ones included: {@code key}, {@code label} and the groups
   * @param validation likewise; may be empty
   * @throws InvalidInput (data) if there is nothing to train on, a loss is not finite, or the
   *     validation part does not define what early stopping watches; (configuration) if the device
   *     that the settings ask for is not there, or executors compute on another
   */
  public TrainedNetwork train(Dataset<Row> train, Dataset<Row> validation) {
    return run(train, validation, null);
  }

  /**
   * Trains, going on from the latest sound checkpoint if there is one: the result is the same to
   * the bit as without a break. Checkpoints are written as the settings say; with master = stock
   * none are.
   *
   * @param checkpoints of a training of these features, this definition, these settings and seed
   * @throws InvalidInput (data) as without; says which is the last good checkpoint
   */
  public TrainedNetwork train(
      Dataset<Row> train, Dataset<Row> validation, Checkpoints checkpoints) {
    // The stock master does not go the same way twice.
    return run(
        train, validation, settings.master() == TrainSettings.Master.STOCK ? null : checkpoints);
  }

  /**
   * Measures some rounds and predicts how fast the training would be on how many slots; trains
   * nothing.
   *
   * @param train as for training
   * @param seconds that it may take
   * @throws InvalidInput (data) if there is nothing to train on; (configuration) with master =
   *     stock
   */
  public Advice advise(Dataset<Row> train, double seconds) {
    if (settings.master() == TrainSettings.Master.STOCK) {
      throw InvalidInput.configuration("train.master must be averaging for advice, got stock");
    }
    JavaSparkContext spark = new JavaSparkContext(train.sparkSession().sparkContext());
    DevicePin pin = pin(spark);
    TrainingPlan plan = plan(train);
    try (WorkerDataset examples = examples(train, plan);
        WorkerDataset none = dealt(train.limit(0), plan);
        TrainingResources resources =
            new TrainingResources(
                spark,
                training(plan),
                new TrainingResources.Data(examples, none, classWeights(train)),
                new TrainingResources.Start(null, adaptation),
                pin)) {
      return resources.adviser().measure(seconds);
    }
  }

  private TrainedNetwork run(
      Dataset<Row> train, Dataset<Row> validation, @Nullable Checkpoints checkpoints) {
    JavaSparkContext spark = new JavaSparkContext(train.sparkSession().sparkContext());
    DevicePin pin = pin(spark);
    TrainingPlan plan = plan(train);
    try (WorkerDataset examples = examples(train, plan);
        WorkerDataset held = dealt(validation, plan)) {
      @Nullable Checkpoint from = checkpoints == null ? null : checkpoints.latest().orElse(null);
      try (TrainingResources resources =
          new TrainingResources(
              spark,
              training(plan),
              new TrainingResources.Data(examples, held, classWeights(train)),
              new TrainingResources.Start(from, adaptation),
              pin)) {
        return new ValidatedTraining(training(plan), resources, progress, checkpoints, from).run();
      }
    }
  }

  private TrainingResources.Training training(TrainingPlan plan) {
    NetworkDefinition settled = plan.l2() == null ? definition : definition.withL2(plan.l2());
    return new TrainingResources.Training(settled, settings, plan, units, seed);
  }

  private TrainingPlan plan(Dataset<Row> train) {
    return TrainingPlan.of(settings, definition.spec(), adaptation.start(), train::count);
  }

  private WorkerDataset examples(Dataset<Row> train, TrainingPlan plan) {
    WorkerDataset examples = dealt(train, plan);
    if (examples.size() == 0) {
      examples.close();
      throw InvalidInput.data("train: there must be at least 1 example, got 0");
    }
    return examples;
  }

  private WorkerDataset dealt(Dataset<Row> rows, TrainingPlan plan) {
    return WorkerDataset.of(
        rows, definition.batcher(), plan.logicalWorkers(), settings.storageLevel(), seed);
  }

  /** What binds tasks to the training's device, which the executors are on. */
  private DevicePin pin(JavaSparkContext spark) {
    ComputeDevice device = ComputeDevice.choose(settings.device(), spark.sc().conf(), accelerator);
    if (device.kind() == ComputeDevice.Kind.GPU
        && settings.master() == TrainSettings.Master.STOCK) {
      throw InvalidInput.configuration(
          "train.master must be averaging on GPUs, got stock: Deeplearning4j's own does not keep tasks to the GPUs that Spark gives them");
    }
    DevicePin pin = DevicePin.of(device.kind(), accelerator);
    pin.check(spark);
    return pin;
  }

  /** For each target what an example of each class counts for; empty for one each. */
  private float[][] classWeights(Dataset<Row> train) {
    List<Target> targets = definition.targets();
    float[][] weights = new float[targets.size()][0];
    if (settings.classWeights() == TrainSettings.ClassWeights.NONE) {
      return weights;
    }
    if (targets.stream().noneMatch(Target::isBalanced)) {
      throw InvalidInput.configuration(
          "train.class-weights balanced needs a label of classes or tags, got "
              + targets.stream().map(target -> target.task().toString()).distinct().toList());
    }
    List<Column> labels = LabelColumns.of(targets);
    for (int t = 0; t < weights.length; t++) {
      Target target = targets.get(t);
      if (target.isBalanced()) {
        Column label = labels.get(t);
        weights[t] =
            target.isOfSteps()
                ? classWeights(
                    train.select(functions.explode(label).as("tag")),
                    functions.col("tag"),
                    target.classCount())
                : classWeights(train, label, target.classCount());
      }
    }
    return weights;
  }

  private static float[] classWeights(Dataset<Row> train, Column label, int classes) {
    long[] counts = new long[classes];
    long total = 0;
    for (Row row :
        train
            .filter(label.isNotNull())
            .groupBy(label.cast("int"))
            .agg(functions.count("*"))
            .collectAsList()) {
      counts[row.getInt(0)] = row.getLong(1);
      total += row.getLong(1);
    }
    float[] weights = new float[classes];
    for (int c = 0; c < classes; c++) {
      weights[c] = counts[c] == 0 ? 0 : (float) ((double) total / classes / counts[c]);
    }
    return weights;
  }
}
