package sluice.network;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Trainable;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.MultiLayerUpdater;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The running means and variances of batch normalisation, whose changes Deeplearning4j keeps among
 * a layer's gradients. They are none: clipping must neither count nor cut them, which it does in
 * Deeplearning4j 1.0.0-M2.1.
 */
public final class RunningStatistics {
  private RunningStatistics() {}

  /** Whether what lies among a layer's gradients for a parameter is one. */
  public static boolean isGradient(Trainable layer, String parameter) {
    return layer.updaterDivideByMinibatch(parameter);
  }

  /** Keeps clipping from the running statistics of a network that is trained from now on. */
  public static void spare(MultiLayerNetwork network) {
    if (!(network.getUpdater(false) instanceof OfLayers) && areClipped(network.getLayers())) {
      network.setUpdater(new OfLayers(network, network.getUpdater().getStateViewArray()));
    }
  }

  /** {@link #spare(MultiLayerNetwork)} of a graph. */
  public static void spare(ComputationGraph network) {
    if (!(network.getUpdater(false) instanceof OfGraph) && areClipped(network.getLayers())) {
      network.setUpdater(new OfGraph(network, network.getUpdater().getStateViewArray()));
    }
  }

  private static boolean areClipped(Layer[] layers) {
    return Arrays.stream(layers)
        .anyMatch(
            layer -> {
              GradientNormalization kind = layer.getConfig().getGradientNormalization();
              return kind != null
                  && kind != GradientNormalization.None
                  && layer.paramTable(false).keySet().stream()
                      .anyMatch(name -> !isGradient(layer, name));
            });
  }

  private static void apart(Trainable layer, Gradient gradient, Runnable clip) {
    Map<String, INDArray> changes = new HashMap<>();
    gradient
        .gradientForVariable()
        .forEach(
            (name, change) -> {
              if (!isGradient(layer, name)) {
                changes.put(name, change.dup());
                change.assign(0);
              }
            });
    clip.run();
    changes.forEach((name, change) -> gradient.getGradientFor(name).assign(change));
  }

  private static final class OfLayers extends MultiLayerUpdater {
    private static final long serialVersionUID = 1L;

    OfLayers(MultiLayerNetwork network, @Nullable INDArray state) {
      super(network, state);
    }

    @Override
    public void preApply(Trainable layer, Gradient gradient, int iteration) {
      apart(layer, gradient, () -> super.preApply(layer, gradient, iteration));
    }
  }

  private static final class OfGraph extends ComputationGraphUpdater {
    private static final long serialVersionUID = 1L;

    OfGraph(ComputationGraph network, @Nullable INDArray state) {
      super(network, state);
    }

    @Override
    public void preApply(Trainable layer, Gradient gradient, int iteration) {
      apart(layer, gradient, () -> super.preApply(layer, gradient, iteration));
    }
  }
}
