package sluice.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How fast a training would go on how many slots, predicted from a few rounds of it.
 *
 * <p>The model: an epoch takes as many waves of tasks as the slots need for all workers, each as
 * long as a worker's steps, and each round what it costs beside its steps, whatever the number of
 * slots. Steps are taken to be as fast on other slots as on those at hand when all of them are
 * busy.
 *
 * @param training what it is about
 * @param slots at hand
 * @param measured what the rounds showed
 * @param curve predictions for 1, 2, 4 ... 64 slots
 * @param oneMachine examples per second of one thread without averaging
 */
public record Advice(
    Training training, int slots, Measured measured, List<Prediction> curve, double oneMachine) {
  private static final int MOST_SLOTS = 64;

  /**
   * What decides how long an epoch takes.
   *
   * @param parameters of the network
   * @param updaterState values of the updater
   * @param workers logical workers
   * @param batchSize examples of a minibatch of one worker
   * @param minibatches of each worker between two averagings
   * @param minibatchesEachEpoch of the worker that has most
   * @param examples of an epoch
   */
  public record Training(
      int parameters,
      int updaterState,
      int workers,
      int batchSize,
      int minibatches,
      int minibatchesEachEpoch,
      long examples) {}

  /**
   * Medians of what was measured, in seconds.
   *
   * @param step one minibatch with one slot at work, data included
   * @param stepTogether likewise with all slots at hand at work
   * @param round a round beside its steps
   * @param broadcast sending parameters and updater state to every slot, a part of it
   * @param aggregation bringing back and averaging them, another
   */
  public record Measured(
      double step, double stepTogether, double round, double broadcast, double aggregation) {}

  /**
   * One point of the curve.
   *
   * @param extrapolated whether it lies beyond the slots at hand
   */
  public record Prediction(int slots, double examplesPerSecond, boolean extrapolated) {}

  static Advice of(Training training, int slots, Measured measured) {
    return new Advice(
        training,
        slots,
        measured,
        IntStream.iterate(1, number -> number <= MOST_SLOTS, number -> 2 * number)
            .mapToObj(
                number ->
                    new Prediction(
                        number,
                        examplesPerSecond(training, slots, measured, number),
                        number > slots))
            .toList(),
        training.batchSize() / measured.step());
  }

  /** What is predicted for a number of slots, validation left out. */
  public double examplesPerSecond(int number) {
    return examplesPerSecond(training, slots, measured, number);
  }

  private static double examplesPerSecond(
      Training training, int slots, Measured measured, int number) {
    int waves = (training.workers() + number - 1) / number;
    double steps = (double) training.examples() / training.workers() / training.batchSize();
    double rounds =
        Math.ceil((double) training.minibatchesEachEpoch() / training.minibatches())
            / Math.max(1, training.minibatches() / training.minibatchesEachEpoch());
    double step = step(Math.min(slots, training.workers()), measured, number);
    return training.examples() / (waves * steps * step + rounds * measured.round());
  }

  /** A step's time with so many slots busy, of as many as were: between those in proportion. */
  private static double step(int most, Measured measured, int number) {
    double share = most == 1 ? 0 : (Math.min(number, most) - 1) / (most - 1.0);
    return measured.step() + share * (measured.stepTogether() - measured.step());
  }

  /** The advice for people, some lines. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        text(
            "%,d parameters and %,d values of the updater, %d logical workers, averaged every %,d minibatches of %,d",
            training.parameters(),
            training.updaterState(),
            training.workers(),
            training.minibatches(),
            training.batchSize()));
    lines.add(
        text(
            "a step takes %.2f ms on one slot, %.2f ms with %d at work; a round %.1f ms beside its steps, of that sending %.1f ms and bringing back %.1f ms",
            1e3 * measured.step(),
            1e3 * measured.stepTogether(),
            Math.min(slots, training.workers()),
            1e3 * measured.round(),
            1e3 * measured.broadcast(),
            1e3 * measured.aggregation()));
    lines.add(text("%5s  %10s", "slots", "examples/s"));
    for (Prediction point : curve) {
      lines.add(
          text(
              "%5d  %,10d%s%s",
              point.slots(),
              Math.round(point.examplesPerSecond()),
              point.extrapolated() ? "  extrapolated" : "",
              point.slots() > training.workers()
                  ? "  idle slots: there are %d workers".formatted(training.workers())
                  : ""));
    }
    lines.add(text("one thread without averaging: %,d examples/s", Math.round(oneMachine)));
    lines.add(verdict());
    return lines;
  }

  private String verdict() {
    @Nullable Prediction first =
        curve.stream()
            .filter(point -> point.examplesPerSecond() > oneMachine)
            .findFirst()
            .orElse(null);
    if (first == null) {
      return "one machine is better: no number of slots is faster than one thread; average less often, or take larger minibatches or more workers";
    }
    return text(
        "faster than one thread from %d slots on%s",
        first.slots(), first.extrapolated() ? ", which is an extrapolation" : "");
  }

  private static String text(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }
}
