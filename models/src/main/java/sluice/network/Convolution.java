package sluice.network;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemv;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.jspecify.annotations.Nullable;
import sluice.network.lean.Patches;

/**
 * A convolution with a rectifier, as products of matrices: the weights by the patches that they
 * meet (Chellapilla, Puri and Simard 2006). It takes so many examples at a time that their patches
 * stay in a cache, and makes them again on the way back, which costs less than keeping them.
 */
final class Convolution implements PictureLayer {
  /** So many numbers of patches are made at a time, or those of one picture. */
  private static final int MOST = 1 << 18;

  private final Patches patches;
  private final int outputs;
  private final int biases;

  /** So many examples are taken at a time. */
  private final int most;

  private final float[] seen;
  private final FloatPointer seenThere;
  private final FloatBuffer seenNumbers;
  private final float[] some;
  private final FloatPointer product;
  private final FloatBuffer productNumbers;
  private final FloatPointer ones;
  private float[] given = {};

  /**
   * @param outputs channels of what it gives
   * @param biases where they begin among the parameters; the weights follow, [outputs, channel,
   *     row, column]
   * @param upTo so many examples are taken at a time at most
   */
  Convolution(Patches patches, int outputs, int biases, int upTo) {
    this.patches = patches;
    this.outputs = outputs;
    this.biases = biases;
    int cached = MOST / Math.multiplyExact(patches.rows(), patches.places());
    most = Math.max(1, Math.min(upTo, cached));
    int columns = Math.multiplyExact(most, patches.places());
    seen = new float[Math.multiplyExact(patches.rows(), columns)];
    seenThere = new FloatPointer(seen.length);
    seenNumbers = seenThere.asBuffer();
    some = new float[Math.multiplyExact(outputs, columns)];
    product = new FloatPointer(some.length);
    productNumbers = product.asBuffer();
    float[] all = new float[columns];
    Arrays.fill(all, 1);
    ones = new FloatPointer(all);
  }

  int weights() {
    return biases + outputs;
  }

  int end() {
    return weights() + outputs * patches.rows();
  }

  @Override
  public int out() {
    return outputs * patches.places();
  }

  @Override
  public float[] forward(ParameterMemory memory, float[] read, int examples) {
    int size = Math.multiplyExact(examples, out());
    if (given.length < size) {
      given = new float[size];
    }
    int rows = patches.rows();
    int places = patches.places();
    for (int first = 0; first < examples; first += most) {
      int count = Math.min(most, examples - first);
      int columns = count * places;
      look(read, first, count);
      cblas_sgemm(
          CblasRowMajor,
          CblasNoTrans,
          CblasNoTrans,
          outputs,
          columns,
          rows,
          1,
          memory.weights(weights()),
          rows,
          seenThere,
          columns,
          0,
          product,
          columns);
      productNumbers.get(0, some, 0, outputs * columns);
      for (int output = 0; output < outputs; output++) {
        float bias = memory.parameter(biases + output);
        for (int example = 0; example < count; example++) {
          rectify(
              output * columns + example * places,
              bias,
              ((first + example) * outputs + output) * places);
        }
      }
    }
    return given;
  }

  /** Makes the patches of some examples. */
  private void look(float[] read, int first, int count) {
    int places = patches.places();
    for (int example = 0; example < count; example++) {
      patches.gather(read, first + example, seen, example * places, count * places);
    }
    seenNumbers.put(0, seen, 0, patches.rows() * count * places);
  }

  private void rectify(int from, float bias, int to) {
    int places = patches.places();
    for (int i = 0; i < places; i++) {
      given[to + i] = Math.max(some[from + i] + bias, 0);
    }
  }

  @Override
  public float[] given() {
    return given;
  }

  @Override
  public void backward(
      ParameterMemory memory, float[] read, float[] delta, int examples, float @Nullable [] below) {
    if (below != null) {
      Arrays.fill(below, 0, examples * patches.picture(), 0);
    }
    int rows = patches.rows();
    int places = patches.places();
    for (int first = 0; first < examples; first += most) {
      int count = Math.min(most, examples - first);
      int columns = count * places;
      for (int output = 0; output < outputs; output++) {
        for (int example = 0; example < count; example++) {
          throughRectifier(
              delta,
              ((first + example) * outputs + output) * places,
              output * columns + example * places);
        }
      }
      productNumbers.put(0, some, 0, outputs * columns);
      look(read, first, count);
      float before = first == 0 ? 0 : 1;
      cblas_sgemm(
          CblasRowMajor,
          CblasNoTrans,
          CblasTrans,
          outputs,
          rows,
          columns,
          1,
          product,
          columns,
          seenThere,
          columns,
          before,
          memory.gradients(weights()),
          rows);
      cblas_sgemv(
          CblasRowMajor,
          CblasNoTrans,
          outputs,
          columns,
          1,
          product,
          columns,
          ones,
          1,
          before,
          memory.gradients(biases),
          1);
      if (below != null) {
        cblas_sgemm(
            CblasRowMajor,
            CblasTrans,
            CblasNoTrans,
            rows,
            columns,
            outputs,
            1,
            memory.weights(weights()),
            rows,
            product,
            columns,
            0,
            seenThere,
            columns);
        seenNumbers.get(0, seen, 0, rows * columns);
        for (int example = 0; example < count; example++) {
          patches.scatter(seen, example * places, columns, below, first + example);
        }
      }
    }
  }

  /** As in {@link PlainReplica}: in a form that the compiler vectorises. */
  private void throughRectifier(float[] delta, int from, int to) {
    int places = patches.places();
    for (int i = 0; i < places; i++) {
      some[to + i] = delta[from + i] * Math.min(given[from + i] * Float.MAX_VALUE, 1);
    }
  }
}
