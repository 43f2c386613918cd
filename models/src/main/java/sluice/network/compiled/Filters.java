package sluice.network.compiled;

import org.bytedeco.javacpp.FloatPointer;
import org.jspecify.annotations.Nullable;
import sluice.network.compiled.Products.Form;

/**
 * The weights of a convolution as a matrix, and its products with {@link Patches}.
 *
 * @param biases null for none
 * @param order of the numbers that the matrix is of
 * @param outputs how many numbers the convolution gives at a place
 * @param numbers how many it sees there
 */
record Filters(Weights weights, @Nullable Weights biases, Order order, int outputs, int numbers) {

  /** How Deeplearning4j lays weights. */
  enum Order {
    /** [output, channel, row, column], over pictures. */
    OUTPUTS_FIRST,
    /** [row, column, channel, output], over series. */
    OUTPUTS_LAST
  }

  static Filters of(Weights weights, @Nullable Weights biases, Order order, Window window) {
    int numbers = window.numbers();
    return new Filters(weights, biases, order, weights.count() / numbers, numbers);
  }

  private boolean outputsFirst() {
    return order == Order.OUTPUTS_FIRST;
  }

  private int stride() {
    return outputsFirst() ? numbers : outputs;
  }

  private Form form(Order plain) {
    return order == plain ? Form.PLAIN : Form.TRANSPOSED;
  }

  /**
   * Gives the sums at some places.
   *
   * @param seen [numbers, places]
   * @param to [outputs, places], with its stride
   */
  void multiply(Products products, FloatPointer seen, int places, FloatPointer to, int stride) {
    products.multiply(
        form(Order.OUTPUTS_FIRST),
        Form.PLAIN,
        outputs,
        places,
        numbers,
        1,
        weights.pointer(),
        stride(),
        seen,
        places,
        0,
        to,
        stride);
  }

  /**
   * Adds to the gradient of the weights if there is one.
   *
   * @param gradient [outputs, places], with its stride
   * @param beta by what to multiply what the gradient holds before
   */
  void addGradient(
      Products products,
      FloatPointer seen,
      int places,
      FloatPointer gradient,
      int stride,
      float beta) {
    Block gradients = weights.gradients();
    if (gradients == null) {
      return;
    }
    FloatPointer to = gradients.at(weights.at());
    if (outputsFirst()) {
      products.multiply(
          Form.PLAIN,
          Form.TRANSPOSED,
          outputs,
          numbers,
          places,
          1,
          gradient,
          stride,
          seen,
          places,
          beta,
          to,
          numbers);
    } else {
      products.multiply(
          Form.PLAIN,
          Form.TRANSPOSED,
          numbers,
          outputs,
          places,
          1,
          seen,
          places,
          gradient,
          stride,
          beta,
          to,
          outputs);
    }
  }

  /**
   * Gives the gradient of what was seen.
   *
   * @param gradient [outputs, places], with its stride
   * @param beta by what to multiply what {@code seen} holds before
   */
  void multiplyBack(
      Products products,
      FloatPointer gradient,
      int stride,
      int places,
      FloatPointer seen,
      float beta) {
    products.multiply(
        form(Order.OUTPUTS_LAST),
        Form.PLAIN,
        numbers,
        places,
        outputs,
        1,
        weights.pointer(),
        stride(),
        gradient,
        stride,
        beta,
        seen,
        places);
  }
}
