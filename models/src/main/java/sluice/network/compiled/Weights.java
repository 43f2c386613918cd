package sluice.network.compiled;

import org.bytedeco.javacpp.FloatPointer;
import org.jspecify.annotations.Nullable;

/**
 * One parameter array of a layer among the network's parameters.
 *
 * @param at where it begins
 * @param count how many numbers it has
 * @param parameters of the network
 * @param gradients of the network; null if this array does not learn
 */
record Weights(int at, int count, Block parameters, @Nullable Block gradients) {
  FloatPointer pointer() {
    return parameters.at(at);
  }

  void read(float[] to) {
    parameters.read(at, to, count);
  }

  void writeGradient(float[] from) {
    if (gradients != null) {
      gradients.write(at, from, count);
    }
  }
}
