package sluice.training;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a training that used all of its epochs had converged, or could have gone on.
 *
 * @param converged null if it cannot be told
 * @param raise the setting to raise where it had not converged or that would tell; null if none
 *     would
 * @param reason why it cannot be told; null if it can
 * @param fall what it is told by; null if it cannot be told
 */
public record Convergence(
    @Nullable Boolean converged,
    @Nullable String raise,
    @Nullable String reason,
    @Nullable Fall fall) {
  private static final String EPOCHS = "train.epochs";

  /**
   * How the validation loss fell over the last tenth of the epochs. Both networks, that of the last
   * validation within the first nine tenths and the final one, are measured on the same rows, so
   * that the error is that of the mean of the rows' differences: what makes a row hard for both
   * does not count. Of few epochs the last tenth begins before.
   *
   * @param from the epoch that the last tenth begins with, from 1
   * @param to the last epoch
   * @param loss the mean validation loss fell by so much from the one to the other
   * @param standardError of that
   * @param constantLoss the validation loss of the best constant
   */
  public record Fall(int from, int to, double loss, double standardError, double constantLoss) {
    /** Of the loss of the constant. */
    private static final double NEGLIGIBLE = 1e-4;

    /**
     * From the sums over the validation rows.
     *
     * @param rows how many, at least 2
     * @param sum of what each row's loss fell by
     * @param sumOfSquares of the same
     */
    static Fall of(
        int from, int to, long rows, double sum, double sumOfSquares, double constantLoss) {
      double mean = sum / rows;
      double variance = (sumOfSquares - rows * mean * mean) / (rows - 1);
      return new Fall(from, to, mean, Math.sqrt(Math.max(0, variance) / rows), constantLoss);
    }

    /**
     * Whether the loss no longer fell by more than its standard error, or by next to nothing: by
     * less than a ten-thousandth of what the best constant loses. Where classes can be told apart
     * for sure, all rows' losses fall for ever, so that no share of the loss itself would do; and
     * no number of its own would do for labels on any scale.
     */
    boolean isOver() {
      return loss <= standardError || loss < NEGLIGIBLE * constantLoss;
    }
  }

  /** Told by a fall. */
  static Convergence of(Fall fall) {
    return new Convergence(fall.isOver(), fall.isOver() ? null : EPOCHS, null, fall);
  }

  /** Not to be told, as there is nothing to tell it on. */
  static Convergence unknown(String reason) {
    return new Convergence(null, null, reason, null);
  }

  /** Not to be told of one epoch, as there is no validation before its end. */
  static Convergence ofOneEpoch() {
    return new Convergence(null, EPOCHS, "its one epoch has one validation", null);
  }

  /** Whether an epoch lies within the first nine tenths. */
  static boolean beforeLastTenth(int epoch, int epochs) {
    return 10L * epoch <= 9L * epochs;
  }

  /** What people are told unless it had converged. */
  public Optional<String> warning() {
    String toDo = raise == null ? "" : "; raise " + raise;
    if (fall == null) {
      return Optional.of("whether training had converged cannot be told: " + reason + toDo);
    }
    if (fall.isOver()) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "training had not converged: from epoch %d to %d the validation loss still fell by %.3g (standard error %.2g)%s",
            fall.from(),
            fall.to(),
            fall.loss(),
            fall.standardError(),
            toDo));
  }
}
