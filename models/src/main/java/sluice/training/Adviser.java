package sluice.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * Measures some rounds of a training, whose results are thrown away, and predicts from them. Rounds
 * are repeated until they get no faster: while the compiler is at work, it takes a processor from
 * them.
 *
 * @param <T> what the examples are kept as
 */
final class Adviser<T> {
  private static final int REPETITIONS = 5;

  /** Rounds have settled when those of so many seconds are hardly faster than those before. */
  private static final double WINDOW_SECONDS = 4;

  private static final double IMPROVEMENT = 0.03;

  /** Of the time there is, what may go into settling. */
  private static final double SETTLING = 0.6;

  private static final double ROUND_SECONDS = 0.4;
  private static final double LEAST_BUDGET = 0.5;

  private final JavaSparkContext spark;
  private final Shards<T> shards;
  private final Function<Shards<T>, Rounds> engines;
  private final TrainSettings settings;
  private final int minibatchesEachEpoch;
  private final long examples;

  /**
   * @param shards what the workers hold
   * @param engines makes what trains such shards, from the start
   */
  Adviser(
      JavaSparkContext spark,
      Shards<T> shards,
      Function<Shards<T>, Rounds> engines,
      TrainSettings settings,
      int minibatchesEachEpoch,
      long examples) {
    this.spark = spark;
    this.shards = shards;
    this.engines = engines;
    this.settings = settings;
    this.minibatchesEachEpoch = minibatchesEachEpoch;
    this.examples = examples;
  }

  /**
   * Advice that costs a small part of the training, or none where that would not do.
   *
   * @param share of the training's time that may go into it, 0 to 1
   * @param mostSeconds of it
   */
  Optional<Advice> within(double share, double mostSeconds) {
    long begun = System.nanoTime();
    // Of the first two rounds the first loads classes and natives.
    round(engines.apply(shards), 1);
    Rounds.Outcome second = round(engines.apply(shards), 1);
    int slots = second.spent().slots();
    double waves = Math.ceil((double) settings.logicalWorkers() / slots);
    double training =
        settings.epochs()
            * minibatchesEachEpoch
            * waves
            * stepOf(second, settings.logicalWorkers());
    double budget = Math.min(mostSeconds, share * training) - (System.nanoTime() - begun) / 1e9;
    return budget < LEAST_BUDGET ? Optional.empty() : Optional.of(measure(budget));
  }

  /**
   * Advice that takes as long as it needs, within limits.
   *
   * @param seconds after which it makes do with what it has
   */
  Advice measure(double seconds) {
    int workers = settings.logicalWorkers();
    Rounds all = engines.apply(shards);
    long end = System.nanoTime() + (long) (seconds * 1e9);
    int most = Math.min(settings.averagingFrequency().first(), minibatchesEachEpoch);
    int minibatches = settle(all, most, seconds * SETTLING);
    List<Rounds.Outcome> together = repeated(all, minibatches, end);
    Rounds single = engines.apply(shards.first());
    round(single, minibatches);
    List<Rounds.Outcome> alone = repeated(single, minibatches, end);
    int used = minibatches;
    double step = median(alone.stream().map(outcome -> stepOf(outcome, 1, used)).toList());
    double stepTogether =
        median(together.stream().map(outcome -> stepOf(outcome, workers, used)).toList());
    AveragingState state = all.state();
    float[] values = new float[state.parameters().length + state.updaterState().length];
    double empty =
        median(timed(() -> unread().mapPartitions(part -> List.of(1).iterator()).collect()));
    int slots = together.get(0).spent().slots();
    return Advice.of(
        new Advice.Training(
            state.parameters().length,
            state.updaterState().length,
            workers,
            settings.batchSize(),
            settings.averagingFrequency().first(),
            minibatchesEachEpoch,
            examples),
        slots,
        new Advice.Measured(
            step,
            stepTogether,
            median(
                together.stream()
                    .map(Rounds.Outcome::spent)
                    .map(
                        spent ->
                            Math.max(
                                0, spent.wall() - (spent.compute() + spent.data()) / spent.slots()))
                    .toList()),
            Math.max(0, median(timed(() -> send(values))) - empty),
            Math.max(0, median(timed(() -> bringBack(values.length))) - empty)));
  }

  /** What a round reads, for tasks that do not. */
  private JavaRDD<T> unread() {
    return shards.of(first(1));
  }

  private Stretch first(int minibatches) {
    return new Stretch(0, 1, 0, minibatches, minibatchesEachEpoch, 0);
  }

  private Rounds.Outcome round(Rounds engine, int minibatches) {
    return engine.round(first(minibatches), "advice: %d minibatches".formatted(minibatches));
  }

  private List<Rounds.Outcome> repeated(Rounds engine, int minibatches, long end) {
    List<Rounds.Outcome> outcomes = new ArrayList<>();
    do {
      outcomes.add(round(engine, minibatches));
    } while (outcomes.size() < REPETITIONS && System.nanoTime() < end);
    return outcomes;
  }

  /**
   * Runs rounds until they get no faster.
   *
   * @return minibatches of a round to measure
   */
  private int settle(Rounds engine, int most, double seconds) {
    int minibatches = most;
    List<Double> walls = new ArrayList<>();
    double sum = 0;
    double spent = 0;
    double before = Double.POSITIVE_INFINITY;
    while (spent < seconds) {
      double wall = round(engine, minibatches).spent().wall();
      walls.add(wall / minibatches);
      sum += wall;
      spent += wall;
      minibatches = (int) Math.max(1, Math.min(most, ROUND_SECONDS / walls.get(walls.size() - 1)));
      if (sum >= WINDOW_SECONDS && walls.size() >= REPETITIONS) {
        double now = median(walls);
        if (now > before * (1 - IMPROVEMENT)) {
          break;
        }
        before = now;
        sum = 0;
        walls.clear();
      }
    }
    return minibatches;
  }

  private static double stepOf(Rounds.Outcome outcome, int workers) {
    return stepOf(outcome, workers, 1);
  }

  private static double stepOf(Rounds.Outcome outcome, int workers, int minibatches) {
    return (outcome.spent().compute() + outcome.spent().data()) / workers / minibatches;
  }

  private int send(float[] values) {
    Broadcast<float[]> sent = spark.broadcast(values);
    try {
      return unread()
          .mapPartitions(part -> List.of(sent.value().length).iterator())
          .collect()
          .size();
    } finally {
      sent.destroy();
    }
  }

  private double bringBack(int length) {
    List<float[]> arrays =
        unread().mapPartitions(part -> List.of(new float[length]).iterator()).collect();
    double[] sum = new double[length];
    for (float[] array : arrays) {
      for (int i = 0; i < length; i++) {
        sum[i] += array[i];
      }
    }
    return length == 0 ? 0 : sum[0];
  }

  private static List<Double> timed(Runnable work) {
    List<Double> seconds = new ArrayList<>();
    for (int i = 0; i < REPETITIONS; i++) {
      long begun = System.nanoTime();
      work.run();
      seconds.add((System.nanoTime() - begun) / 1e9);
    }
    return seconds;
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(value -> value).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1
        ? sorted[middle]
        : Arrays.stream(sorted, middle - 1, middle + 1).average().orElseThrow();
  }
}
