package sluice.network.compiled;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import org.deeplearning4j.nn.api.Layer;

/** Biases within a larger operation, added and summed by whoever passes over the rows anyway. */
final class Biases {
  private final Weights weights;
  private final float[] numbers;
  private final float[] sums;

  Biases(Compilation c, Layer layer, String name) {
    weights = requireNonNull(c.weights(layer, name));
    numbers = new float[weights.count()];
    sums = new float[numbers.length];
  }

  int width() {
    return numbers.length;
  }

  Weights weights() {
    return weights;
  }

  void read() {
    weights.read(numbers);
  }

  void add(float[] rows, int count) {
    Loops.addToRows(rows, numbers, count, numbers.length);
  }

  void beginBackward() {
    Arrays.fill(sums, 0);
  }

  /** Adds to the gradient. */
  void sum(float[] deltas, int count) {
    Loops.addRows(sums, deltas, count, sums.length);
  }

  void writeGradient() {
    weights.writeGradient(sums);
  }
}
