package sluice.network.compiled;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;

/** How fully connected layers are compiled. */
final class DenseKernels {
  private DenseKernels() {}

  static Optional<Tensor> dense(
      Layer layer, org.deeplearning4j.nn.conf.layers.Layer settings, Tensor in, Compilation c) {
    DenseLayer dense = (DenseLayer) settings;
    Optional<Activation> activation = Activations.of(dense.getActivationFn());
    if (activation.isEmpty() || dense.hasLayerNorm() || in.shape().length != 1) {
      return Optional.empty();
    }
    return Optional.of(compile(layer, in, activation.get(), c));
  }

  /** What comes before the activation of an output layer. */
  static Tensor output(Layer layer, Tensor in, Compilation c) {
    return compile(layer, in, Activations.IDENTITY, c);
  }

  private static Tensor compile(Layer layer, Tensor in, Activation activation, Compilation c) {
    Weights weights = requireNonNull(c.weights(layer, DefaultParamInitializer.WEIGHT_KEY));
    Tensor out = c.learning(weights.count() / in.size());
    c.add(
        new Dense(
            c, in, out, weights, c.weights(layer, DefaultParamInitializer.BIAS_KEY), activation));
    return out;
  }
}
