package sluice.network.spec;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import sluice.data.Require;
import sluice.features.TensorSpec;
import sluice.network.ExampleLayout;
import sluice.network.layers.SeriesPooling;
import sluice.network.layers.SeriesTokens;

/**
 * Convolutions of several widths over one series, with the greatest number of each filter over all
 * steps ("Convolutional Neural Networks for Sentence Classification", Kim 2014). Each index or each
 * step of numbers becomes a vector first. The convolutions see zeros beyond the ends, so that short
 * series need no words of padding. An empty series gives zeros.
 *
 * @param dimension of the vectors of steps
 * @param widths steps that the convolutions see, each a convolution of its own
 * @param filters of each convolution
 * @param maxLength steps that are read; of longer series the first
 * @param dropout share of the vector that is set to zero in a training step
 */
public record TextCnnEncoder(
    int dimension, List<Integer> widths, int filters, int maxLength, double dropout)
    implements SeriesEncoder {
  private static final String NAME = "textcnn";

  public TextCnnEncoder {
    widths = List.copyOf(widths);
    new Require()
        .within("dimension", dimension, 1, EncoderSizes.WIDEST)
        .within("filters", filters, 1, EncoderSizes.WIDEST)
        .within("max-length", maxLength, 1, EncoderSizes.LONGEST)
        .that(
            !widths.isEmpty()
                && widths.stream().allMatch(width -> width >= 1 && width <= EncoderSizes.LONGEST),
            "widths must be at least one, from 1 to %d each, got %s"
                .formatted(EncoderSizes.LONGEST, widths))
        .that(
            widths.stream().distinct().count() == widths.size(),
            "widths must differ from each other, got " + widths)
        .that(dropout >= 0 && dropout < 1, "dropout must be at least 0 and below 1, got " + dropout)
        .hold();
  }

  @Override
  public List<Input> inputs(String prefix, List<TensorSpec> groups, ExampleLayout layout) {
    return OneSeries.inputs(prefix, OneSeries.inOrder(NAME, groups), layout, maxLength);
  }

  @Override
  public String addSteps(GraphBuilder graph, String prefix, List<TensorSpec> groups) {
    String tokens = addTokens(graph, prefix, groups);
    List<String> convolutions = new ArrayList<>();
    for (int width : widths) {
      convolutions.add(addConvolution(graph, prefix, tokens, width));
    }
    String steps = prefix + "steps/";
    return dropped(graph, steps, merged(graph, steps, convolutions));
  }

  /** Pools each convolution by itself. */
  @Override
  public String addPooling(GraphBuilder graph, String prefix, String steps) {
    List<String> pooled = new ArrayList<>();
    for (int width : widths) {
      pooled.add(addPooled(graph, prefix, width));
    }
    return dropped(graph, prefix, merged(graph, prefix, pooled));
  }

  @Override
  public String addTo(GraphBuilder graph, String prefix, List<TensorSpec> groups) {
    String tokens = addTokens(graph, prefix, groups);
    List<String> pooled = new ArrayList<>();
    for (int width : widths) {
      addConvolution(graph, prefix, tokens, width);
      pooled.add(addPooled(graph, prefix, width));
    }
    return dropped(graph, prefix, merged(graph, prefix, pooled));
  }

  private String addTokens(GraphBuilder graph, String prefix, List<TensorSpec> groups) {
    return OneSeries.addTokens(
        graph, prefix, OneSeries.inOrder(NAME, groups), new SeriesTokens.Builder(dimension));
  }

  private String addConvolution(GraphBuilder graph, String prefix, String tokens, int width) {
    graph.addLayer(
        prefix + "convolution" + width,
        new Convolution1DLayer.Builder(width)
            .nOut(filters)
            .convolutionMode(ConvolutionMode.Same)
            .weightInit(WeightInit.RELU)
            .activation(Activation.RELU)
            .build(),
        tokens);
    return prefix + "convolution" + width;
  }

  private static String addPooled(GraphBuilder graph, String prefix, int width) {
    graph.addLayer(
        prefix + "pooled" + width,
        new SeriesPooling.Builder(SeriesPooling.Kind.MAX).build(),
        prefix + "convolution" + width);
    return prefix + "pooled" + width;
  }

  private static String merged(GraphBuilder graph, String prefix, List<String> vertices) {
    if (vertices.size() == 1) {
      return vertices.get(0);
    }
    graph.addVertex(prefix + "merged", new MergeVertex(), vertices.toArray(String[]::new));
    return prefix + "merged";
  }

  private String dropped(GraphBuilder graph, String prefix, String vertex) {
    if (dropout == 0) {
      return vertex;
    }
    graph.addLayer(prefix + "dropped", new DropoutLayer.Builder(1 - dropout).build(), vertex);
    return prefix + "dropped";
  }
}
