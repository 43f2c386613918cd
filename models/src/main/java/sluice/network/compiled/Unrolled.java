package sluice.network.compiled;

import static java.util.Objects.requireNonNull;

import org.deeplearning4j.nn.api.Layer;

/**
 * A recurrent layer along the steps of a series.
 *
 * @param layer that has the parameters
 * @param prefix of their names
 * @param time steps of a series
 * @param direction in which the layer goes through them
 */
record Unrolled(Layer layer, String prefix, int time, Direction direction) {
  /** From the first step to the last, or from the last to the first. */
  enum Direction {
    FORWARD,
    BACKWARD
  }

  /** A layer of Deeplearning4j's by itself. */
  static Unrolled forward(Layer layer, int time) {
    return new Unrolled(layer, "", time, Direction.FORWARD);
  }

  /** Which step comes at a place in the order of the direction. */
  int step(int place) {
    return isReverse() ? time - 1 - place : place;
  }

  boolean isReverse() {
    return direction == Direction.BACKWARD;
  }

  Connected connected(Compilation c, String weights, String biases) {
    return new Connected(c, layer, prefix + weights, prefix + biases);
  }

  Biases biases(Compilation c, String name) {
    return new Biases(c, layer, prefix + name);
  }

  Weights weights(Compilation c, String name) {
    return requireNonNull(c.weights(layer, prefix + name));
  }
}
