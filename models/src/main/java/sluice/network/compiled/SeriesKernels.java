package sluice.network.compiled;

import java.util.Map;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import sluice.network.compiled.Compiler.Kernel;

/** The kernels of Deeplearning4j's layers over series, [features, time] for each example. */
final class SeriesKernels {
  static final Map<Class<? extends Layer>, Kernel> KERNELS =
      Map.of(EmbeddingSequenceLayer.class, EmbeddingSequenceOp::compile);

  private SeriesKernels() {}
}
