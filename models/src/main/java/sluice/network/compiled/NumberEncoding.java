package sluice.network.compiled;

import java.util.Arrays;

/** What {@link NumberEmbeddingOp} makes of the numbers of a column. */
interface NumberEncoding {
  /** Whether a rectifier stands behind the connected layer. */
  boolean isRectified();

  /** Gets ready for a way forward. */
  default void begin() {}

  /**
   * Encodes the numbers of a column.
   *
   * @param encoded overwritten by [count, width of the column]
   */
  void forward(int column, float[] x, int count, float[] encoded);

  /**
   * Goes back through a column.
   *
   * @param encoded as {@link #forward} left it
   * @param d the gradient by it
   * @param below overwritten by the gradient by the numbers
   */
  void backward(int column, float[] x, int count, float[] encoded, float[] d, float[] below);

  /** Writes the gradients of its own parameters, once all columns are through. */
  default void endBackward() {}

  /** Cosines and sines of learnt frequencies. */
  final class Periodic implements NumberEncoding {
    private static final float TURN = (float) (2 * Math.PI);

    private final Weights weights;
    private final int frequencies;
    private final float[] all;
    private final float[] gradients;
    private final float[] own;
    private final float[] sums;
    private final float[] byFrequency;

    /**
     * @param weights [columns, frequencies]
     */
    Periodic(Weights weights, int frequencies) {
      this.weights = weights;
      this.frequencies = frequencies;
      all = new float[weights.count()];
      gradients = new float[weights.count()];
      own = new float[frequencies];
      sums = new float[frequencies];
      byFrequency = new float[frequencies];
    }

    @Override
    public boolean isRectified() {
      return true;
    }

    @Override
    public void begin() {
      weights.read(all);
    }

    @Override
    public void forward(int column, float[] x, int count, float[] encoded) {
      System.arraycopy(all, column * frequencies, own, 0, frequencies);
      for (int i = 0; i < count; i++) {
        encode(x[i], own, frequencies, encoded, 2 * i * frequencies);
      }
    }

    private static void encode(float x, float[] own, int count, float[] encoded, int at) {
      for (int j = 0; j < count; j++) {
        float turns = x * own[j];
        encoded[at + j] = Trigonometry.cosine(turns);
        encoded[at + count + j] = Trigonometry.sine(turns);
      }
    }

    @Override
    public void backward(
        int column, float[] x, int count, float[] encoded, float[] d, float[] below) {
      System.arraycopy(all, column * frequencies, own, 0, frequencies);
      Arrays.fill(sums, 0);
      for (int i = 0; i < count; i++) {
        through(encoded, d, 2 * i * frequencies, frequencies, byFrequency);
        addTo(sums, byFrequency, frequencies, x[i]);
        below[i] = Loops.dot(byFrequency, 0, own, 0, frequencies);
      }
      System.arraycopy(sums, 0, gradients, column * frequencies, frequencies);
    }

    private static void through(float[] encoded, float[] d, int at, int count, float[] to) {
      for (int j = 0; j < count; j++) {
        to[j] = TURN * (encoded[at + j] * d[at + count + j] - encoded[at + count + j] * d[at + j]);
      }
    }

    private static void addTo(float[] sums, float[] from, int count, float factor) {
      for (int j = 0; j < count; j++) {
        sums[j] += factor * from[j];
      }
    }

    @Override
    public void endBackward() {
      weights.writeGradient(gradients);
    }
  }

  /** How much of each bin lies below a number. */
  final class PiecewiseLinear implements NumberEncoding {
    private final double[][] edges;

    PiecewiseLinear(double[][] edges) {
      this.edges = edges;
    }

    @Override
    public boolean isRectified() {
      return false;
    }

    private static float place(double[] own, int bin, float x) {
      return (float) ((x - own[bin]) / (own[bin + 1] - own[bin]));
    }

    @Override
    public void forward(int column, float[] x, int count, float[] encoded) {
      double[] own = edges[column];
      int bins = own.length - 1;
      for (int bin = 0; bin < bins; bin++) {
        for (int i = 0; i < count; i++) {
          float place = place(own, bin, x[i]);
          float above = bin == 0 ? place : Math.max(place, 0);
          encoded[i * bins + bin] = bin == bins - 1 ? above : Math.min(above, 1);
        }
      }
    }

    @Override
    public void backward(
        int column, float[] x, int count, float[] encoded, float[] d, float[] below) {
      double[] own = edges[column];
      int bins = own.length - 1;
      Arrays.fill(below, 0, count, 0);
      for (int bin = 0; bin < bins; bin++) {
        float slope = (float) (1 / (own[bin + 1] - own[bin]));
        for (int i = 0; i < count; i++) {
          float place = place(own, bin, x[i]);
          if ((bin == 0 || place >= 0) && (bin == bins - 1 || place < 1)) {
            below[i] += d[i * bins + bin] * slope;
          }
        }
      }
    }
  }
}
