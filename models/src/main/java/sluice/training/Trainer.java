package sluice.training;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.jspecify.annotations.Nullable;
import sluice.data.InvalidInput;
import sluice.data.Json;
import sluice.network.InputLayout;
import sluice.network.NetworkDefinition;
import sluice.network.Target.Task;

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
  private final long seed;
  private final TrainingProgress progress;

  /**
   * @param seed of the initial weights, the dealing out, the orders and dropout
   */
  public Trainer(
      NetworkDefinition definition, TrainSettings settings, long seed, TrainingProgress progress) {
    this.definition = definition;
    this.settings = settings;
    this.seed = seed;
    this.progress = progress;
  }

  /**
   * Trains.
   *
   * @param train feature rows, added ones included: {@code key}, {@code label} and the groups
   * @param validation likewise; may be empty
   * @throws InvalidInput (data) if there is nothing to train on, or a loss is not finite
   */
  public TrainedNetwork train(Dataset<Row> train, Dataset<Row> validation) {
    InputLayout layout = definition.layout();
    JavaSparkContext spark = new JavaSparkContext(train.sparkSession().sparkContext());
    try (DealtExamples examples = DealtExamples.of(train, layout, settings.logicalWorkers(), seed);
        DealtExamples held =
            DealtExamples.of(validation, layout, settings.logicalWorkers(), seed)) {
      if (examples.size() == 0) {
        throw InvalidInput.data("train: there must be at least 1 example, got 0");
      }
      return new Course(spark, examples, held, classWeights(train)).run();
    }
  }

  private float[] classWeights(Dataset<Row> train) {
    if (settings.classWeights() == TrainSettings.ClassWeights.NONE) {
      return new float[0];
    }
    int classes = definition.target().classCount();
    if (classes == 0) {
      throw InvalidInput.configuration(
          "train.class-weights balanced needs a label of classes, got a number");
    }
    long[] counts = new long[classes];
    long total = 0;
    for (Row row :
        train
            .groupBy(functions.col("label").cast("int"))
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

  /** One training from its first round to its last. */
  private final class Course {
    private final JavaSparkContext spark;
    private final DealtExamples examples;
    private final DealtExamples held;
    private final float[] classWeights;
    private final String id = UUID.randomUUID().toString();
    private final String definitionJson = Json.write(definition);
    private final String updaterJson = Json.write(settings.updater());
    private final int minibatchesEachEpoch;

    private float[] parameters;
    private float[] updaterState;
    private int averagings;

    Course(
        JavaSparkContext spark, DealtExamples examples, DealtExamples held, float[] classWeights) {
      this.spark = spark;
      this.examples = examples;
      this.held = held;
      this.classWeights = classWeights;
      long most = 0;
      for (int worker = 0; worker < settings.logicalWorkers(); worker++) {
        most = Math.max(most, examples.size(worker));
      }
      this.minibatchesEachEpoch =
          Math.toIntExact((most + settings.batchSize() - 1) / settings.batchSize());
      var initial = definition.initial(settings.updater(), seed);
      this.parameters = initial.parameters();
      this.updaterState = initial.updaterState();
    }

    TrainedNetwork run() {
      int epochsEachRound = Math.max(1, settings.averagingFrequency() / minibatchesEachEpoch);
      List<EpochRecord> history = new ArrayList<>();
      List<Double> seconds = new ArrayList<>();
      float[] best = parameters;
      @Nullable EpochRecord bestEpoch = null;
      for (int epoch = 0; epoch < settings.epochs(); epoch += epochsEachRound) {
        int epochs = Math.min(epochsEachRound, settings.epochs() - epoch);
        long start = System.nanoTime();
        EpochRecord record = epochs(epoch, epochs);
        history.add(record);
        seconds.add((System.nanoTime() - start) / 1e9);
        progress.epochEnded(record, settings.epochs(), seconds.get(seconds.size() - 1));
        if (bestEpoch == null || isBetter(record, bestEpoch)) {
          best = parameters;
          bestEpoch = record;
        } else if (settings.earlyStopping().patience() > 0
            && record.epoch() - bestEpoch.epoch() >= settings.earlyStopping().patience()) {
          break;
        }
      }
      if (bestEpoch == null) {
        throw new IllegalStateException("no epoch");
      }
      return new TrainedNetwork(
          definition,
          best,
          bestEpoch.epoch(),
          List.copyOf(history),
          List.copyOf(seconds),
          examples.size());
    }

    private EpochRecord epochs(int first, int epochs) {
      double lossSum = 0;
      long trained = 0;
      for (int from = 0; from < minibatchesEachEpoch; from += settings.averagingFrequency()) {
        int end = (int) Math.min(minibatchesEachEpoch, (long) from + settings.averagingFrequency());
        List<WorkerResult> results = round(first, epochs, from, end);
        double roundLoss = 0;
        long roundExamples = 0;
        for (WorkerResult result : results) {
          roundLoss += result.lossSum();
          roundExamples += result.examples();
        }
        checkFinite("training", roundLoss, first + epochs);
        lossSum += roundLoss;
        trained += roundExamples;
        progress.averaged(
            first + epochs,
            settings.epochs(),
            trained / epochs,
            examples.size(),
            roundLoss / roundExamples);
      }
      @Nullable Double validationLoss = null;
      @Nullable Double validationAccuracy = null;
      if (held.size() > 0) {
        Validation validation = validate(first + epochs);
        checkFinite("validation", validation.loss(), first + epochs);
        validationLoss = validation.loss();
        if (definition.target().task() != Task.REGRESSION) {
          validationAccuracy = validation.accuracy();
        }
      }
      return new EpochRecord(
          first + epochs,
          averagings,
          lossSum / trained,
          validationLoss,
          validationAccuracy,
          trained);
    }

    private List<WorkerResult> round(int epoch, int epochs, int from, int end) {
      spark
          .sc()
          .setJobDescription(
              "train: epoch %d, minibatches %d to %d".formatted(epoch + 1, from + 1, end));
      Broadcast<Round> round =
          spark.broadcast(
              new Round(
                  parameters,
                  updaterState,
                  seed,
                  epoch,
                  epochs,
                  from,
                  end,
                  settings.batchSize(),
                  minibatchesEachEpoch,
                  classWeights));
      String training = id;
      String json = definitionJson;
      String updater = updaterJson;
      List<WorkerResult> results =
          new ArrayList<>(
              examples
                  .blocks()
                  .mapPartitionsWithIndex(
                      (worker, blocks) -> {
                        List<Block> own = new ArrayList<>();
                        blocks.forEachRemaining(own::add);
                        LogicalWorker replica = Replicas.borrow(training, json, updater);
                        WorkerResult result = replica.train(worker, own, round.value());
                        Replicas.giveBack(training, replica);
                        return List.of(result).iterator();
                      },
                      true)
                  .collect());
      round.destroy();
      results.sort(Comparator.comparingInt(WorkerResult::worker));
      long[] weights = results.stream().mapToLong(WorkerResult::examples).toArray();
      parameters =
          WeightedMean.of(results.stream().map(WorkerResult::parameters).toList(), weights);
      updaterState =
          WeightedMean.of(results.stream().map(WorkerResult::updaterState).toList(), weights);
      averagings++;
      return results;
    }

    private Validation validate(int epoch) {
      spark.sc().setJobDescription("train: validation after epoch " + epoch);
      Broadcast<float[]> current = spark.broadcast(parameters);
      String training = id;
      String json = definitionJson;
      String updater = updaterJson;
      Validation validation =
          held.blocks()
              .mapPartitions(
                  blocks -> {
                    List<Block> own = new ArrayList<>();
                    blocks.forEachRemaining(own::add);
                    LogicalWorker replica = Replicas.borrow(training, json, updater);
                    Validation result = replica.validate(own, current.value());
                    Replicas.giveBack(training, replica);
                    return List.of(result).iterator();
                  },
                  true)
              .reduce(Validation::merge);
      current.destroy();
      return validation;
    }

    /** Without a validation part the latest is the best. */
    private boolean isBetter(EpochRecord candidate, EpochRecord best) {
      TrainSettings.EarlyStopping stopping = settings.earlyStopping();
      @Nullable Double now = watched(candidate);
      @Nullable Double before = watched(best);
      if (now == null || before == null) {
        return true;
      }
      double gain =
          stopping.metric() == TrainSettings.EarlyStopping.Metric.LOSS
              ? before - now
              : now - before;
      return gain > stopping.minImprovement();
    }

    private @Nullable Double watched(EpochRecord epoch) {
      return switch (settings.earlyStopping().metric()) {
        case LOSS -> epoch.validationLoss();
        case ACCURACY -> epoch.validationAccuracy();
      };
    }

    private void checkFinite(String part, double loss, int epoch) {
      if (!Double.isFinite(loss)) {
        throw InvalidInput.data(
            ("train: the %s loss of epoch %d must be finite, got %s; the learning rate may be too"
                    + " high, or a feature not scaled")
                .formatted(part, epoch, loss));
      }
    }
  }
}
