package sluice.network.compiled;

import java.util.Arrays;

/**
 * Batch normalisation (Ioffe and Szegedy 2015): in training by the mean and the variance of the
 * minibatch, else by the running ones, which are parameters. What it writes as their gradients is
 * by how much the mean of the minibatch moves them; their updater subtracts it as it is. A ReLU
 * behind it is computed in the same passes.
 */
final class BatchNorm implements Op {
  private static final double LOG_10 = Math.log(10);

  private final Tensor in;
  private final Tensor out;
  private final Parameters parameters;
  private final double decay;
  private final double epsilon;

  /** Whether a ReLU stands behind it. */
  private final boolean rectified;

  private final Channels channels;

  /** Of each channel. */
  private final float[] gamma;

  private final float[] beta;
  private final float[] mean;
  private final float[] running;
  private final float[] inverse;

  /** What multiplies the distance from the mean. */
  private final float[] factors;

  private final double[] variance;
  private final double[] sums;
  private final double[] products;

  /** Of each place of a strip. */
  private final float[] x;

  private final float[] d;
  private final float[] scratch;
  private final float[] centre;
  private final float[] factor;
  private final float[] slope;
  private final float[] shift;
  private final float[] offset;
  private final float[] some;
  private final float[] others;

  /**
   * The parameters, one number a channel each.
   *
   * @param spread the running variances, or with {@code logarithms} the decimal logarithms of the
   *     running standard deviations
   */
  record Parameters(
      Weights gamma, Weights beta, Weights mean, Weights spread, boolean logarithms) {}

  /**
   * @param decay the share of the running numbers that a minibatch leaves
   * @param epsilon what is added to variances
   * @param activation the identity, or the ReLU that it computes, too
   */
  BatchNorm(
      Tensor in,
      Tensor out,
      Parameters parameters,
      double decay,
      double epsilon,
      Activation activation) {
    this.in = in;
    this.out = out;
    this.parameters = parameters;
    this.decay = decay;
    this.epsilon = epsilon;
    rectified = activation == Activations.RELU;
    channels = new Channels(in.shape());
    int count = channels.channels();
    gamma = new float[count];
    beta = new float[count];
    mean = new float[count];
    running = new float[count];
    inverse = new float[count];
    factors = new float[count];
    variance = new double[count];
    sums = new double[count];
    products = new double[count];
    int width = channels.width();
    x = new float[width];
    d = new float[width];
    scratch = new float[width];
    centre = new float[width];
    factor = new float[width];
    slope = new float[width];
    shift = new float[width];
    offset = new float[width];
    some = new float[width];
    others = new float[width];
  }

  @Override
  public void forward(Step step) {
    parameters.gamma().read(gamma);
    parameters.beta().read(beta);
    if (step.training()) {
      measure(step.examples());
      moveRunning();
    } else {
      parameters.mean().read(mean);
      parameters.spread().read(running);
      for (int c = 0; c < mean.length; c++) {
        variance[c] = runningVariance(c);
      }
    }
    for (int c = 0; c < mean.length; c++) {
      inverse[c] = (float) (1 / Math.sqrt(variance[c] + epsilon));
      factors[c] = gamma[c] * inverse[c];
    }
    channels.strips(
        at -> {
          channels.expand(at, mean, centre);
          channels.expand(at, factors, factor);
          channels.expand(at, beta, shift);
          channels.pieces(
              at,
              step.examples(),
              (place, count) -> {
                in.data().read(place, x, count);
                normalise(x, centre, factor, shift, count);
                if (rectified) {
                  Activations.RELU.forward(x, count);
                }
                out.data().write(place, x, count);
              });
        });
  }

  private double runningVariance(int channel) {
    return parameters.logarithms() ? Math.exp(2 * LOG_10 * running[channel]) : running[channel];
  }

  private static void normalise(
      float[] x, float[] centre, float[] factor, float[] shift, int count) {
    for (int i = 0; i < count; i++) {
      x[i] = (x[i] - centre[i]) * factor[i] + shift[i];
    }
  }

  /**
   * Mean and variance of the minibatch in one pass, around the mean of the first example, so that
   * nothing cancels out.
   */
  private void measure(int examples) {
    int places = channels.places();
    float[] around = new float[mean.length];
    double[] first = new double[mean.length];
    channels.strips(
        at -> {
          int count = Math.min(channels.width(), in.size() - at);
          in.data().read(at, x, Math.min(count, in.size()));
          Arrays.fill(x, Math.min(count, in.size()), x.length, 0);
          channels.collect(at, x, first);
        });
    for (int c = 0; c < around.length; c++) {
      around[c] = (float) (first[c] / places);
    }
    sumUp(around, examples, at -> {}, (place, count) -> addSquares(x, centre, some, others, count));
    double all = (double) examples * places;
    for (int c = 0; c < mean.length; c++) {
      double off = sums[c] / all;
      mean[c] = (float) (around[c] + off);
      variance[c] = Math.max(0, products[c] / all - off * off);
    }
  }

  /**
   * Two sums of each channel over all examples.
   *
   * @param around what each channel is taken less
   * @param begin is told of each strip
   * @param add adds a piece, which has been read, to the two
   */
  private void sumUp(float[] around, int examples, Channels.Strip begin, Channels.Piece add) {
    Arrays.fill(sums, 0);
    Arrays.fill(products, 0);
    channels.strips(
        at -> {
          channels.expand(at, around, centre);
          begin.accept(at);
          Arrays.fill(some, 0);
          Arrays.fill(others, 0);
          channels.pieces(
              at,
              examples,
              (place, count) -> {
                in.data().read(place, x, count);
                add.accept(place, count);
              });
          channels.collect(at, some, sums);
          channels.collect(at, others, products);
        });
  }

  private static void addSquares(
      float[] x, float[] centre, float[] sums, float[] squares, int count) {
    for (int i = 0; i < count; i++) {
      float off = x[i] - centre[i];
      sums[i] += off;
      squares[i] += off * off;
    }
  }

  private void moveRunning() {
    float[] gradient = new float[mean.length];
    parameters.mean().read(running);
    for (int c = 0; c < mean.length; c++) {
      gradient[c] = (float) ((1 - decay) * ((double) running[c] - mean[c]));
    }
    parameters.mean().writeGradient(gradient);
    parameters.spread().read(running);
    for (int c = 0; c < mean.length; c++) {
      double before = runningVariance(c);
      double after = decay * before + (1 - decay) * variance[c];
      gradient[c] =
          (float)
              (parameters.logarithms() ? Math.log(before / after) / (2 * LOG_10) : before - after);
    }
    parameters.spread().writeGradient(gradient);
  }

  @Override
  public void backward(Step step) {
    Block gradient = out.gradient();
    if (gradient == null) {
      return;
    }
    addUp(gradient, step.examples());
    float[] numbers = new float[mean.length];
    for (int c = 0; c < mean.length; c++) {
      numbers[c] = (float) sums[c];
    }
    parameters.beta().writeGradient(numbers);
    for (int c = 0; c < mean.length; c++) {
      numbers[c] = (float) (products[c] * inverse[c]);
    }
    parameters.gamma().writeGradient(numbers);
    Block below = in.gradient();
    if (below != null) {
      passBack(gradient, below, step.examples());
    }
  }

  /** The sums of the gradients, and of their products with what lies above the mean. */
  private void addUp(Block gradient, int examples) {
    sumUp(
        mean,
        examples,
        at -> {
          channels.expand(at, factors, factor);
          channels.expand(at, beta, offset);
        },
        (place, count) -> {
          gradient.read(place, d, count);
          rectify(count);
          addProducts(x, d, centre, some, others, count);
        });
  }

  /** Of a piece that was read the gradients behind the ReLU become those before it. */
  private void rectify(int count) {
    if (rectified) {
      rectify(x, d, centre, factor, offset, count);
    }
  }

  /**
   * Multiplies gradients by the derivative of the ReLU, of what came out: to compute that again
   * from what is read anyway costs less than to read it.
   */
  private static void rectify(
      float[] x, float[] d, float[] centre, float[] factor, float[] offset, int count) {
    for (int i = 0; i < count; i++) {
      float out = Math.max((x[i] - centre[i]) * factor[i] + offset[i], 0);
      d[i] *= Math.min(out * Float.MAX_VALUE, 1);
    }
  }

  private static void addProducts(
      float[] x, float[] d, float[] centre, float[] sums, float[] products, int count) {
    for (int i = 0; i < count; i++) {
      sums[i] += d[i];
      products[i] += d[i] * (x[i] - centre[i]);
    }
  }

  private void passBack(Block gradient, Block below, int examples) {
    double all = (double) examples * channels.places();
    float[] slopes = new float[mean.length];
    float[] shifts = new float[mean.length];
    for (int c = 0; c < mean.length; c++) {
      double scale = (double) gamma[c] * inverse[c];
      slopes[c] = (float) (-scale * inverse[c] * inverse[c] * products[c] / all);
      shifts[c] = (float) (-scale * sums[c] / all);
    }
    float before = below.beta();
    channels.strips(
        at -> {
          channels.expand(at, mean, centre);
          channels.expand(at, factors, factor);
          channels.expand(at, slopes, slope);
          channels.expand(at, shifts, shift);
          channels.expand(at, beta, offset);
          channels.pieces(
              at,
              examples,
              (place, count) -> {
                in.data().read(place, x, count);
                gradient.read(place, d, count);
                rectify(count);
                through(x, d, centre, factor, slope, shift, count);
                below.add(before, place, d, count, scratch);
              });
        });
  }

  private static void through(
      float[] x,
      float[] d,
      float[] centre,
      float[] factor,
      float[] slope,
      float[] shift,
      int count) {
    for (int i = 0; i < count; i++) {
      d[i] = d[i] * factor[i] + (x[i] - centre[i]) * slope[i] + shift[i];
    }
  }
}
