package sluice.network.compiled;

/** Losses of errors without an activation: that of an example is the mean over its outputs. */
abstract class ErrorLosses implements LossKernel {

  /** The loss of an error, which is an output less its label. */
  abstract double loss(double error);

  /** Its derivative. */
  abstract double slope(double error);

  @Override
  public void judge(
      float[] values, float[] labels, int row, int width, float[] gradient, float[] loss) {
    for (int i = row; i < row + width; i++) {
      double error = (double) values[i] - labels[i];
      gradient[i] = (float) (slope(error) / width);
      loss[i] = (float) (loss(error) / width);
    }
  }

  static final class Squared extends ErrorLosses {
    @Override
    double loss(double error) {
      return error * error;
    }

    @Override
    double slope(double error) {
      return 2 * error;
    }
  }

  static final class Absolute extends ErrorLosses {
    @Override
    double loss(double error) {
      return Math.abs(error);
    }

    @Override
    double slope(double error) {
      return Math.signum(error);
    }
  }

  /** {@link sluice.network.losses.HuberLoss}. */
  static final class Huber extends ErrorLosses {
    private final double delta;

    Huber(double delta) {
      this.delta = delta;
    }

    @Override
    double loss(double error) {
      double size = Math.abs(error);
      double small = Math.min(size, delta);
      return small * small / 2 + delta * (size - small);
    }

    @Override
    double slope(double error) {
      return Math.max(Math.min(error, delta), -delta);
    }
  }

  /** {@link sluice.network.losses.QuantileLoss}. */
  static final class Quantile extends ErrorLosses {
    private final double tau;

    Quantile(double tau) {
      this.tau = tau;
    }

    @Override
    double loss(double error) {
      return Math.max((1 - tau) * error, -tau * error);
    }

    @Override
    double slope(double error) {
      double sign = Math.signum(error);
      return sign / 2 + Math.abs(sign) * (0.5 - tau);
    }
  }
}
