package sluice.training;

import java.util.Locale;

/**
 * Whether a training that used all of its epochs could have gone on: whether the validation loss
 * still fell over the last tenth of them by more than the standard error of that fall.
 *
 * <p>Both networks, that of the last validation within the first nine tenths and the final one, are
 * measured on the same rows, so that the error is that of the mean of the rows' differences: what
 * makes a row hard for both does not count. A fall of less than a ten-thousandth is none: where
 * classes can be told apart for sure, all rows' losses fall for ever. Of few epochs the last tenth
 * begins before.
 *
 * @param from the epoch that the last tenth begins with, from 1
 * @param to the last epoch
 * @param fall of the mean validation loss from the one to the other
 * @param standardError of the fall
 */
public record Convergence(int from, int to, double fall, double standardError) {
  /** In nats, or of the variance of a standardised number. */
  private static final double NEGLIGIBLE = 1e-4;

  /** Whether an epoch lies within the first nine tenths. */
  static boolean beforeLastTenth(int epoch, int epochs) {
    return 10L * epoch <= 9L * epochs;
  }

  /**
   * From the sums over the validation rows.
   *
   * @param rows how many, at least 2
   * @param sum of what each row's loss fell by
   * @param sumOfSquares of the same
   */
  static Convergence of(int from, int to, long rows, double sum, double sumOfSquares) {
    double mean = sum / rows;
    double variance = (sumOfSquares - rows * mean * mean) / (rows - 1);
    return new Convergence(from, to, mean, Math.sqrt(Math.max(0, variance) / rows));
  }

  /** Whether the loss no longer fell by more than its standard error, or by next to nothing. */
  public boolean converged() {
    return fall <= standardError || fall < NEGLIGIBLE;
  }

  /** What people are told of a training that has not converged. */
  public String text() {
    return String.format(
        Locale.ROOT,
        "training had not converged: from epoch %d to %d the validation loss still fell by %.3g (standard error %.2g); raise train.epochs",
        from,
        to,
        fall,
        standardError);
  }
}
