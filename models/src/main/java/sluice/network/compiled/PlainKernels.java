package sluice.network.compiled;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;

/** How layers that leave the shape as it is are compiled. */
final class PlainKernels {
  private PlainKernels() {}

  static Optional<Tensor> batchNormalisation(
      Layer layer, org.deeplearning4j.nn.conf.layers.Layer settings, Tensor in, Compilation c) {
    BatchNormalization normalisation = (BatchNormalization) settings;
    boolean rows = in.shape().length == 1;
    boolean pictures = in.shape().length == 3 && normalisation.getCnn2DFormat() == CNN2DFormat.NCHW;
    if (normalisation.isLockGammaBeta() || !normalisation.isMinibatch() || !(rows || pictures)) {
      return Optional.empty();
    }
    boolean logarithms = normalisation.isUseLogStd();
    Tensor out = c.learning(in.shape());
    c.add(
        new BatchNorm(
            in,
            out,
            new BatchNorm.Parameters(
                parameter(c, layer, BatchNormalizationParamInitializer.GAMMA),
                parameter(c, layer, BatchNormalizationParamInitializer.BETA),
                parameter(c, layer, BatchNormalizationParamInitializer.GLOBAL_MEAN),
                parameter(
                    c,
                    layer,
                    logarithms
                        ? BatchNormalizationParamInitializer.GLOBAL_LOG_STD
                        : BatchNormalizationParamInitializer.GLOBAL_VAR),
                logarithms),
            normalisation.getDecay(),
            normalisation.getEps(),
            c.fuse(activation -> activation == Activations.RELU)));
    return Optional.of(out);
  }

  private static Weights parameter(Compilation c, Layer layer, String name) {
    return requireNonNull(c.weights(layer, name));
  }

  static Optional<Tensor> activation(
      Layer layer, org.deeplearning4j.nn.conf.layers.Layer settings, Tensor in, Compilation c) {
    Optional<Activation> activation =
        Activations.of(((ActivationLayer) settings).getActivationFn());
    return activation.map(function -> c.activated(in, function));
  }

  /** A layer of nothing but dropout, which stands before each layer's kernel. */
  static Optional<Tensor> dropout(
      Layer layer, org.deeplearning4j.nn.conf.layers.Layer settings, Tensor in, Compilation c) {
    return Optional.of(in);
  }
}
