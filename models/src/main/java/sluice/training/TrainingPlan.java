package sluice.training;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import sluice.adaptation.Adaptation.Start;
import sluice.network.UpdaterSpec;
import sluice.network.spec.NetworkSpec;
import sluice.training.averaging.AveragingFrequency;

/**
 * The settings of a training that may be left to its data, with their values. A value that was
 * given stands; the others are made of the number of training examples and of what it begins with
 * alone, so that they are the same wherever the training runs. {@code reference.conf} has the
 * formulas too.
 *
 * @param epochs most passes over the training examples
 * @param batchSize examples of a minibatch of one logical worker
 * @param logicalWorkers among how many networks the examples are dealt out
 * @param averagingFrequency minibatches of each worker between two averagings
 * @param learningRate of the updater
 * @param l2 factor of the squared weights in the loss, divided by two; null if the network says it
 * @param patience epochs without improvement after which training stops; 0 for never
 */
public record TrainingPlan(
    int epochs,
    int batchSize,
    int logicalWorkers,
    AveragingFrequency averagingFrequency,
    double learningRate,
    @Nullable Double l2,
    int patience) {
  private static final int MOST_WORKERS = 8;
  private static final int LEAST_BATCH = 16;

  /** Steps of a worker in a round; more cost nothing but the time until a checkpoint. */
  private static final int STEPS_OF_A_ROUND = 64;

  /** Of the epochs, after how many without improvement training stops. */
  private static final double PATIENCE = 0.2;

  private static final int LEAST_PATIENCE = 2;

  /** Validations of a training that has as many epochs. */
  private static final int LEAST_RECORDS = 10;

  /** The penalty of the weights weighs as much as so many examples. */
  private static final double PENALTY = 10;

  private static final double MOST_PENALTY = 0.1;

  private static final double ADAPTIVE_RATE = 0.001;
  private static final double PLAIN_RATE = 0.01;

  /** Of weights that have learned of far more data: twice the highest of Devlin et al. 2018. */
  private static final double FINE_TUNING_RATE = 1e-4;

  /**
   * How many epochs, of which minibatches, among how many workers.
   *
   * @param budget of epochs, divided by the cube root of the examples
   * @param mostEpochs at most
   * @param mostExamples of all epochs
   * @param mostBatch examples of a minibatch at most
   * @param stepsOfAWorker so many steps each worker takes at least, as long as that is possible
   */
  private record Habits(
      double budget, int mostEpochs, long mostExamples, int mostBatch, long stepsOfAWorker) {
    static final Habits OWN = new Habits(1250, 300, 20_000_000, 256, 4_000);
    static final Habits FINE_TUNING = new Habits(80, 20, 2_000_000, 16, 1_500);

    /** As many examples as grow with the data, but less than they do. */
    int epochs(long examples) {
      long wanted = (long) Math.ceil(budget / Math.cbrt((double) examples));
      long most = Math.min(mostEpochs, mostExamples / examples);
      return (int) Math.max(1, Math.min(most, wanted));
    }

    /** The power of two at or below the square root of the examples. */
    int batchSize(long examples) {
      long root = (long) Math.sqrt((double) examples);
      return (int) Math.max(LEAST_BATCH, Math.min(mostBatch, Long.highestOneBit(root)));
    }

    /**
     * Averaging is worth less than steps: the more workers, the fewer steps each of them takes.
     * Hence no more than leave each enough, of an otherwise automatic plan.
     */
    int workers(long examples) {
      long steps = examples * epochs(examples) / batchSize(examples);
      return (int) Math.max(1, Math.min(MOST_WORKERS, steps / stepsOfAWorker));
    }
  }

  /**
   * The plan of a training.
   *
   * @param network what it is that is trained
   * @param start what it begins with
   * @param examples how many there are to train on, added ones included; asked only if something is
   *     left to it
   */
  static TrainingPlan of(
      TrainSettings settings, NetworkSpec network, Start start, LongSupplier examples) {
    Habits habits = start == Start.OWN ? Habits.OWN : Habits.FINE_TUNING;
    UpdaterSpec updater = settings.updater();
    @Nullable Integer patience = settings.earlyStopping().patience();
    Integer epochs = settings.epochs();
    Integer batch = settings.batchSize();
    Integer workers = settings.logicalWorkers();
    AveragingFrequency frequency = settings.averagingFrequency();
    Double rate = updater.learningRate();
    @Nullable Double l2 = null;
    if (epochs == null
        || batch == null
        || workers == null
        || frequency == null
        || network.leavesL2ToTraining()) {
      long count = Math.max(1, examples.getAsLong());
      epochs = epochs == null ? habits.epochs(count) : epochs;
      batch = batch == null ? habits.batchSize(count) : batch;
      workers = workers == null ? habits.workers(count) : workers;
      frequency = frequency == null ? frequency(count, workers, batch) : frequency;
      if (network.leavesL2ToTraining()) {
        l2 = updater.weightDecay() > 0 ? 0.0 : l2(count);
      }
    }
    return new TrainingPlan(
        epochs,
        batch,
        workers,
        frequency,
        rate == null ? rate(updater, start) : rate,
        l2,
        patience == null ? patience(epochs) : patience);
  }

  private static double rate(UpdaterSpec updater, Start start) {
    if (!updater.adaptive()) {
      return PLAIN_RATE;
    }
    return start == Start.GENERAL ? FINE_TUNING_RATE : ADAPTIVE_RATE;
  }

  private static int patience(int epochs) {
    return Math.min(epochs, Math.max(LEAST_PATIENCE, (int) Math.ceil(PATIENCE * epochs)));
  }

  /**
   * The values for people, on one line.
   *
   * @param validated whether there is a validation part: without one nothing stops early
   */
  public String text(boolean validated) {
    return String.format(
        Locale.ROOT,
        "%,d epochs at most, minibatches of %,d, %,d logical %s, averaged every %s minibatches, learning rate %s, %s%s",
        epochs,
        batchSize,
        logicalWorkers,
        logicalWorkers == 1 ? "worker" : "workers",
        averagingFrequency.text(),
        rounded(learningRate),
        l2 == null ? "" : "l2 " + rounded(l2) + ", ",
        patience == 0 || !validated
            ? "no early stopping"
            : String.format(
                Locale.ROOT,
                "stops after %,d %s without improvement",
                patience,
                patience == 1 ? "epoch" : "epochs"));
  }

  /**
   * The most epochs that one round may cover where a validation part is measured after each: so few
   * that there are ten records where there are as many epochs, and two within the patience unless
   * it is of one epoch. One bad record alone does not stop a training, and one lies before the last
   * tenth of the epochs.
   */
  int mostEpochsOfARound() {
    int most =
        patience == 0 ? epochs / LEAST_RECORDS : Math.min(epochs / LEAST_RECORDS, patience / 2);
    return Math.max(1, most);
  }

  private static String rounded(double value) {
    return new BigDecimal(value).round(new MathContext(4)).stripTrailingZeros().toPlainString();
  }

  private static double l2(long examples) {
    return Math.min(MOST_PENALTY, PENALTY / examples);
  }

  /**
   * Equal parts of an epoch that are no longer than a round may be; several epochs where they are
   * short.
   */
  private static AveragingFrequency frequency(long examples, int workers, int batch) {
    long steps = minibatches(minibatches(examples, workers), batch);
    long rounds = minibatches(steps, STEPS_OF_A_ROUND);
    long each = rounds == 1 ? STEPS_OF_A_ROUND : minibatches(steps, rounds);
    return new AveragingFrequency.Fixed((int) each);
  }

  private static long minibatches(long examples, long size) {
    return (examples + size - 1) / size;
  }
}
