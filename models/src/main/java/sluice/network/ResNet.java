package sluice.network;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import sluice.data.InvalidInput;
import sluice.normalise.FeatureGroup;

/**
 * A residual network for small pictures: He, Zhang, Ren and Sun 2016, section 4.2. A convolution of
 * 3 by 3, then stages of blocks of two such convolutions, each with batch normalisation and with
 * the block's input added to its output; the first block of every stage but the first halves height
 * and width. Where a block changes the shape, its input is projected by a convolution of 1 by 1
 * (their option B). At the end the mean of each channel goes into the output layer.
 *
 * <p>The running means and variances of batch normalisation are parameters and are averaged over
 * the workers as all others: the mean of means is the mean over all their examples, and that of
 * variances leaves out only how the workers' means differ.
 *
 * @param filters of the convolutions of each stage, at least one of them
 * @param blocks of each stage, at least 1
 * @param l2 factor of the squared weights in the loss, divided by two
 */
public record ResNet(List<Integer> filters, int blocks, double l2) implements NetworkSpec {
  /** Each stage halves the picture: more than any picture can bear. */
  private static final int MOST_LAYERS = 20;

  private static final int MOST_BLOCKS = 1000;

  public ResNet {
    filters = List.copyOf(filters);
    OutputLayers.checkDepth("filters", filters, MOST_LAYERS);
    if (filters.isEmpty() || filters.stream().anyMatch(number -> number < 1)) {
      throw InvalidInput.configuration(
          "filters must hold one or more numbers of at least 1, got " + filters);
    }
    if (blocks < 1 || blocks > MOST_BLOCKS) {
      throw InvalidInput.configuration(
          "blocks must be %s, got %d"
              .formatted(blocks < 1 ? "at least 1" : "at most " + MOST_BLOCKS, blocks));
    }
    OutputLayers.checkPenalties(0, l2);
  }

  @Override
  public Network build(
      List<FeatureGroup> groups,
      List<NetworkInput> inputs,
      Target target,
      NeuralNetConfiguration.Builder training) {
    Picture picture = Picture.of(groups, "model resnet", 1 << (filters.size() - 1));
    training.weightInit(WeightInit.RELU).activation(Activation.IDENTITY);
    training.convolutionMode(ConvolutionMode.Same);
    if (l2 > 0) {
      training.l2(l2);
    }
    GraphBuilder graph = training.graphBuilder().addInputs("picture").setInputTypes(picture.type());
    String last = convolution(graph, "stem", "picture", 3, 1, filters.get(0));
    last = rectified(graph, "stem", last);
    int channels = filters.get(0);
    for (int stage = 0; stage < filters.size(); stage++) {
      for (int block = 0; block < blocks; block++) {
        String name = "stage%d-block%d".formatted(stage + 1, block + 1);
        int stride = stage > 0 && block == 0 ? 2 : 1;
        last = block(graph, name, last, stride, channels, filters.get(stage));
        channels = filters.get(stage);
      }
    }
    graph.addLayer("mean", new GlobalPoolingLayer(PoolingType.AVG), last);
    graph.addLayer("output", OutputLayers.output(target, loss()).build(), "mean");
    return Network.of(graph.setOutputs("output").build());
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
            .build(),
        input);
    // Variances, not the logarithms that are the default: it is they that may be averaged.
    graph.addLayer(
        name + "-normalised", new BatchNormalization.Builder().useLogStd(false).build(), name);
    return name + "-normalised";
  }

  private static String rectified(GraphBuilder graph, String name, String input) {
    graph.addLayer(name + "-rectified", new ActivationLayer(Activation.RELU), input);
    return name + "-rectified";
  }
}
