package sluice.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import sluice.network.RowTables;
import sluice.training.averaging.AveragingState;
import sluice.training.averaging.Rounds;
import sluice.training.averaging.TimeBreakdown;
import sluice.training.examples.FloatVector;
import sluice.training.examples.MinibatchRange;
import sluice.training.examples.Shards;

/**
 * Measures some rounds of a training, whose results are thrown away, and predicts from them. Rounds
 * go on until they get no faster: while the compiler is at work, it takes a processor from them.
 * What is then measured is the mean of seconds, not of a few rounds, since a training meets every
 * pause of the garbage collector, and on the minibatches that follow each other, since it finds
 * hardly any of them in a processor's cache.
 *
 * @param <T> what the examples are kept as
 */
final class Adviser<T> {
  private static final int REPETITIONS = 5;

  /** Rounds have settled when those of so many seconds are hardly faster than those before. */
  private static final double WINDOW_SECONDS = 4;

  /** Seconds of which the mean is taken, where there is time for them. */
  private static final double MEASURED_SECONDS = 5;

  private static final double IMPROVEMENT = 0.03;

  /** Of the time there is, what may go into settling. */
  private static final double SETTLING = 0.6;

  private static final double ROUND_SECONDS = 0.4;
  private static final double LEAST_BUDGET = 0.5;

  private final JavaSparkContext spark;
  private final Shards<T> shards;
  private final Function<Shards<T>, Rounds> engines;
  private final RowTables tables;
  private final TrainingPlan plan;
  private final int minibatchesEachEpoch;
  private final long examples;

  /**
   * What an epoch trains.
   *
   * @param minibatches of the worker that has most
   * @param examples of all workers
   */
  record Epoch(int minibatches, long examples) {}

  /**
   * @param shards what the workers hold
   * @param engines makes what trains such shards, from the start
   * @param tables whose rows are exchanged
   */
  Adviser(
      JavaSparkContext spark,
      Shards<T> shards,
      Function<Shards<T>, Rounds> engines,
      RowTables tables,
      TrainingPlan plan,
      Epoch epoch) {
    this.spark = spark;
    this.shards = shards;
    this.engines = engines;
    this.tables = tables;
    this.plan = plan;
    this.minibatchesEachEpoch = epoch.minibatches();
    this.examples = epoch.examples();
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
    new Walk(shards).round(1);
    TimeBreakdown second = new Walk(shards).round(1).spent();
    int slots = second.slots();
    double waves = Math.ceil((double) plan.logicalWorkers() / slots);
    double training =
        plan.epochs() * minibatchesEachEpoch * waves * (step(second) / plan.logicalWorkers());
    double budget = Math.min(mostSeconds, share * training) - (System.nanoTime() - begun) / 1e9;
    return budget < LEAST_BUDGET ? Optional.empty() : Optional.of(measure(budget));
  }

  /**
   * Advice that takes as long as it needs, within limits.
   *
   * @param seconds after which it makes do with what it has
   */
  Advice measure(double seconds) {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    int most = Math.min(plan.averagingFrequency().first(), minibatchesEachEpoch);
    Together together = together(most, seconds * SETTLING, end);
    Total alone = alone(together.minibatches(), end);
    // Of large tables the most that a worker can have read, wherever that was.
    long reads = (long) plan.batchSize() * most;
    float[] values =
        new float
            [Math.toIntExact(
                (long) together.parameters()
                    + together.updaterState()
                    - tables.numbersOfTables()
                    + tables.numbersOf(reads))];
    double empty =
        median(timed(() -> unread().mapPartitions(part -> List.of(1).iterator()).collect()));
    Total total = together.total();
    TimeBreakdown spent = total.spent();
    return Advice.of(
        new Advice.Training(
            together.parameters(),
            together.updaterState(),
            plan.logicalWorkers(),
            plan.batchSize(),
            plan.averagingFrequency().first(),
            minibatchesEachEpoch,
            examples),
        spent.slots(),
        new Advice.Measured(
            step(alone.spent()) / alone.examples() * plan.batchSize(),
            step(spent) / total.examples() * plan.batchSize(),
            Math.max(0, spent.wall() - step(spent) / spent.slots()) / total.rounds(),
            Math.max(0, median(timed(() -> send(values))) - empty),
            Math.max(0, median(timed(() -> bringBack(values.length))) - empty)));
  }

  /** What rounds of all workers took, how long they are, and the size of the network. */
  private record Together(Total total, int minibatches, int parameters, int updaterState) {}

  /** In a method of its own, that its network, which may be large, is let go of. */
  private Together together(int most, double settling, long end) {
    Walk all = new Walk(shards);
    int minibatches = settle(all, most, settling);
    Total total = several(all, minibatches, end);
    AveragingState state = all.engine.state();
    return new Together(total, minibatches, state.parameters().length, state.updaterState().length);
  }

  private Total alone(int minibatches, long end) {
    Walk single = new Walk(shards.first());
    single.round(minibatches);
    return several(single, minibatches, end);
  }

  /** What a round reads, for tasks that do not. */
  private JavaRDD<T> unread() {
    return shards.of(new MinibatchRange(0, 1, 0, 1, minibatchesEachEpoch, 0));
  }

  /** Rounds of a training that follow each other; after the last minibatch comes the first. */
  private final class Walk {
    private final Rounds engine;
    private int next;

    Walk(Shards<T> shards) {
      engine = engines.apply(shards);
    }

    Rounds.Outcome round(int minibatches) {
      int from = next + minibatches <= minibatchesEachEpoch ? next : 0;
      next = from + minibatches;
      return engine.round(
          new MinibatchRange(0, 1, from, next, minibatchesEachEpoch, 0),
          "advice: minibatches %d to %d".formatted(from + 1, next));
    }
  }

  /** How long some rounds took, and of how many examples. */
  private record Total(TimeBreakdown spent, long examples, int rounds) {}

  private Total several(Walk walk, int minibatches, long end) {
    Total total = new Total(TimeBreakdown.NONE, 0, 0);
    do {
      Rounds.Outcome outcome = walk.round(minibatches);
      total =
          new Total(
              total.spent().plus(outcome.spent()),
              total.examples() + outcome.examples(),
              total.rounds() + 1);
    } while ((total.rounds() < REPETITIONS || total.spent().wall() < MEASURED_SECONDS)
        && System.nanoTime() < end);
    return total;
  }

  /**
   * Runs rounds until they get no faster.
   *
   * @return minibatches of a round to measure
   */
  private int settle(Walk walk, int most, double seconds) {
    int minibatches = most;
    List<Double> walls = new ArrayList<>();
    double sum = 0;
    double spent = 0;
    double before = Double.POSITIVE_INFINITY;
    while (spent < seconds) {
      double wall = walk.round(minibatches).spent().wall();
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

  /** Seconds in minibatches and their steps, summed over the workers. */
  private static double step(TimeBreakdown spent) {
    return spent.compute() + spent.data();
  }

  private int send(float[] values) {
    Broadcast<FloatVector> sent = spark.broadcast(new FloatVector(values));
    try {
      return unread()
          .mapPartitions(part -> List.of(sent.value().array().length).iterator())
          .collect()
          .size();
    } finally {
      sent.destroy();
    }
  }

  private double bringBack(int length) {
    List<FloatVector> vectors =
        unread()
            .mapPartitions(part -> List.of(new FloatVector(new float[length])).iterator())
            .collect();
    double[] sum = new double[length];
    for (FloatVector vector : vectors) {
      float[] array = vector.array();
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
