package sluice.network.spec;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import sluice.data.InvalidInput;

/**
 * The layers of a residual network from a picture to the mean of each channel; {@link ResNet} says
 * which.
 */
final class ResidualBlocks {
  /** Each stage halves the picture: more than any picture can bear. */
  private static final int MOST_STAGES = 20;

  private static final int MOST_BLOCKS = 1000;

  private ResidualBlocks() {}

  /** Refuses what no such layers can be. */
  static void check(List<Integer> filters, int blocks) {
    OutputLayers.checkDepth("filters", filters, MOST_STAGES);
    if (filters.isEmpty() || filters.stream().anyMatch(number -> number < 1)) {
      throw InvalidInput.configuration(
          "filters must hold one or more numbers of at least 1, got " + filters);
    }
    if (blocks < 1 || blocks > MOST_BLOCKS) {
      throw InvalidInput.configuration(
          "blocks must be %s, got %d"
              .formatted(blocks < 1 ? "at least 1" : "at most " + MOST_BLOCKS, blocks));
    }
  }

  /** The least height and width of which something is left behind the last stage. */
  static int leastSize(List<Integer> filters) {
    return 1 << (filters.size() - 1);
  }

  /**
   * Adds the layers.
   *
   * @param prefix of their names
   * @param picture the vertex that they read
   * @return the vertex that gives the mean of each channel
   */
  static String addTo(
      GraphBuilder graph, String prefix, String picture, List<Integer> filters, int blocks) {
    String last = convolution(graph, prefix + "stem", picture, 3, 1, filters.get(0));
    last = rectified(graph, prefix + "stem", last);
    int channels = filters.get(0);
    for (int stage = 0; stage < filters.size(); stage++) {
      for (int block = 0; block < blocks; block++) {
        String name = "%sstage%d-block%d".formatted(prefix, stage + 1, block + 1);
        int stride = stage > 0 && block == 0 ? 2 : 1;
        last = block(graph, name, last, stride, channels, filters.get(stage));
        channels = filters.get(stage);
      }
    }
    graph.addLayer(prefix + "mean", new GlobalPoolingLayer(PoolingType.AVG), last);
    return prefix + "mean";
  }

  private static String block(
      GraphBuilder graph, String name, String input, int stride, int from, int to) {
    String first = convolution(graph, name + "-first", input, 3, stride, to);
    first = rectified(graph, name + "-first", first);
    String second = convolution(graph, name + "-second", first, 3, 1, to);
    String shortcut =
        stride == 1 && from == to
            ? input
            : convolution(graph, name + "-shortcut", input, 1, stride, to);
    graph.addVertex(
        name + "-sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), second, shortcut);
    return rectified(graph, name, name + "-sum");
  }

  /** A convolution and its batch normalisation, whose shift takes the place of a bias. */
  private static String convolution(
      GraphBuilder graph, String name, String input, int kernel, int stride, int filters) {
    graph.addLayer(
        name,
        new ConvolutionLayer.Builder(kernel, kernel)
            .stride(stride, stride)
            .nOut(filters)
            .hasBias(false)
            .convolutionMode(ConvolutionMode.Same)
            .weightInit(WeightInit.RELU)
            .activation(Activation.IDENTITY)
            .build(),
        input);
    // Variances, not the logarithms that are the default: it is they that may be averaged.
    graph.addLayer(
        name + "-normalised",
        new BatchNormalization.Builder().useLogStd(false).activation(Activation.IDENTITY).build(),
        name);
    return name + "-normalised";
  }

  private static String rectified(GraphBuilder graph, String name, String input) {
    graph.addLayer(name + "-rectified", new ActivationLayer(Activation.RELU), input);
    return name + "-rectified";
  }
}
