package sluice.network;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.nd4j.linalg.api.ndarray.INDArray;
import sluice.network.layers.ParametricLayer;

/**
 * A layer of a network.
 *
 * @param name its own in the network
 * @param below the layers that it reads, through whatever vertices stand between
 * @param layer at work
 */
public record NamedLayer(String name, List<String> below, Layer layer) {
  public NamedLayer {
    below = List.copyOf(below);
  }

  /** Whether a loss stands behind it. */
  public boolean isOutput() {
    return layer instanceof IOutputLayer;
  }

  /** How many parameters it has. */
  public int parameters() {
    return layer.paramTable(false).values().stream()
        .mapToInt(view -> Math.toIntExact(view.length()))
        .sum();
  }

  /** Where they begin among those of the network; it must have some. */
  public int from() {
    return layer.paramTable(false).values().stream()
        .mapToInt(NamedLayer::offset)
        .min()
        .orElseThrow();
  }

  private static int offset(INDArray view) {
    return Math.toIntExact(view.offset());
  }

  /**
   * Its type, its activation where it has one, what else its parameters are meant for, and their
   * shapes. Layers of which this is equal can have each other's parameters.
   */
  public String architecture() {
    return architecture(layer);
  }

  static String architecture(Layer layer) {
    org.deeplearning4j.nn.conf.layers.Layer configuration = layer.conf().getLayer();
    StringBuilder text = new StringBuilder(configuration.getClass().getSimpleName());
    if (configuration instanceof ParametricLayer own) {
      text.append(own.form());
    } else if (configuration instanceof BaseLayer base && base.getActivationFn() != null) {
      text.append(' ').append(base.getActivationFn());
    }
    layer
        .paramTable(false)
        .forEach(
            (name, view) -> text.append(' ').append(name).append(Arrays.toString(view.shape())));
    return text.toString();
  }
}
