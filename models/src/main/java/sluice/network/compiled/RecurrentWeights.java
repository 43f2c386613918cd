package sluice.network.compiled;

import sluice.network.compiled.Products.Form;

/**
 * What the state of a step adds to the sums of the next: one product a step on the way forward and
 * back, and one of all steps for the gradient. Deeplearning4j's weights, [state, sums] by columns,
 * are [sums, state] by rows.
 */
final class RecurrentWeights {
  private final Products products;
  private final Weights weights;
  private final Unrolled over;
  private final int width;
  private final int sums;

  /**
   * @param width of the state
   */
  RecurrentWeights(Compilation c, Unrolled over, String name, int width) {
    products = c.products();
    weights = over.weights(c, name);
    this.over = over;
    this.width = width;
    sums = weights.count() / width;
  }

  /**
   * Gives what the state of the step before adds to the sums of a step.
   *
   * @param place of the step in the order of the direction, at least 1
   * @param beta by what to multiply what the sums hold before
   */
  void forward(int examples, int place, Block states, Block to, float beta) {
    products.multiply(
        Form.PLAIN,
        Form.TRANSPOSED,
        examples,
        sums,
        width,
        1,
        states.at(over.step(place - 1) * examples * width),
        width,
        weights.pointer(),
        width,
        beta,
        to.at(over.step(place) * examples * sums),
        sums);
  }

  /** Adds the gradient by the state of the step before. */
  void backward(int examples, int place, Block bySums, Block byStates) {
    products.multiply(
        Form.PLAIN,
        Form.PLAIN,
        examples,
        width,
        sums,
        1,
        bySums.at(over.step(place) * examples * sums),
        sums,
        weights.pointer(),
        width,
        1,
        byStates.at(over.step(place - 1) * examples * width),
        width);
  }

  /** Writes the gradient of the weights, over all steps that have one before. */
  void writeGradient(int examples, Block bySums, Block states) {
    Block gradients = weights.gradients();
    if (gradients == null) {
      return;
    }
    if (over.time() == 1) {
      weights.writeGradient(new float[weights.count()]);
      return;
    }
    products.multiply(
        Form.TRANSPOSED,
        Form.PLAIN,
        sums,
        width,
        (over.time() - 1) * examples,
        1,
        bySums.at(over.isReverse() ? 0 : examples * sums),
        sums,
        states.at(over.isReverse() ? examples * width : 0),
        width,
        0,
        gradients.at(weights.at()),
        width);
  }
}
