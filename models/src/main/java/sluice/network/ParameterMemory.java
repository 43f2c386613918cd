package sluice.network;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.learning.config.Adam;
import sluice.data.InvalidInput;

/**
 * The parameters of a {@link PlainReplica}, and once it trains their gradients, and Adam's moments
 * of them: in the heap for what Java computes, outside it for products of matrices.
 */
final class ParameterMemory {
  /** Pieces of some arrays that fit into the first cache together. */
  private static final int PIECE = 2048;

  private final float[] parameters;
  private float[] means = {};
  private float[] squares = {};
  private final FloatPointer weights;
  private final FloatBuffer weightNumbers;
  private FloatPointer gradients = new FloatPointer();
  private FloatBuffer gradientNumbers = FloatBuffer.allocate(0);
  private final float[] piece = new float[PIECE];

  /**
   * @param count of parameters
   */
  ParameterMemory(int count) {
    parameters = new float[count];
    weights = new FloatPointer(count);
    weightNumbers = weights.asBuffer();
  }

  /** Makes room for what training needs. */
  void train() {
    means = new float[parameters.length];
    squares = new float[parameters.length];
    gradients = new FloatPointer(parameters.length);
    gradientNumbers = gradients.asBuffer();
  }

  float[] parameters() {
    return parameters.clone();
  }

  void setParameters(float[] values) {
    require(parameters.length, "parameters", values.length);
    System.arraycopy(values, 0, parameters, 0, values.length);
    weightNumbers.put(0, values);
  }

  /** All first moments, then all second ones. */
  float[] moments() {
    float[] state = Arrays.copyOf(means, 2 * means.length);
    System.arraycopy(squares, 0, state, means.length, squares.length);
    return state;
  }

  void setMoments(float[] state) {
    require(2 * means.length, "updater values", state.length);
    System.arraycopy(state, 0, means, 0, means.length);
    System.arraycopy(state, means.length, squares, 0, squares.length);
  }

  private static void require(int has, String what, int got) {
    if (got != has) {
      throw InvalidInput.data("the network has %d %s, got %d".formatted(has, what, got));
    }
  }

  float parameter(int at) {
    return parameters[at];
  }

  /** The parameters from one on, for products of matrices. */
  FloatPointer weights(int at) {
    return new FloatPointer(weights).position(at);
  }

  /** The gradients from that of one parameter on, summed over the examples of a minibatch. */
  FloatPointer gradients(int at) {
    return new FloatPointer(gradients).position(at);
  }

  void setGradients(int at, float[] values) {
    gradientNumbers.put(at, values);
  }

  /**
   * A step of Adam (Kingma and Ba 2015), in the form with the correction in the step size.
   *
   * @param examples by which the gradients are divided
   * @param l2 of these parameters
   * @param step its size
   */
  void update(int from, int to, int examples, double l2, Adam adam, double step) {
    for (int at = from; at < to; at += PIECE) {
      int size = Math.min(PIECE, to - at);
      gradientNumbers.get(at, piece, 0, size);
      move(
          at,
          size,
          examples,
          (float) l2,
          (float) adam.getBeta1(),
          (float) adam.getBeta2(),
          (float) step,
          (float) adam.getEpsilon());
      weightNumbers.put(at, parameters, at, size);
    }
  }

  private void move(
      int at,
      int size,
      float examples,
      float l2,
      float beta1,
      float beta2,
      float step,
      float epsilon) {
    float rest1 = 1 - beta1;
    float rest2 = 1 - beta2;
    for (int i = 0; i < size; i++) {
      float gradient = piece[i] / examples + l2 * parameters[at + i];
      float mean = beta1 * means[at + i] + rest1 * gradient;
      float square = beta2 * squares[at + i] + rest2 * gradient * gradient;
      means[at + i] = mean;
      squares[at + i] = square;
      parameters[at + i] -= step * mean / ((float) Math.sqrt(square) + epsilon);
    }
  }
}
