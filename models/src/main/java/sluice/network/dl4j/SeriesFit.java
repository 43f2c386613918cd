package sluice.network.dl4j;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.factory.Nd4j;
import sluice.network.StepLengths;
import sluice.network.compiled.Kernels;
import sluice.network.layers.Gru;
import sluice.network.layers.LayerNorm;
import sluice.network.layers.SelfAttention;
import sluice.network.layers.SeriesPooling;
import sluice.network.layers.SeriesTokens;
import sluice.network.layers.TransformerBlock;
import sluice.network.layers.WeightedBag;

/**
 * What a user's network may do with a series, whose length each example has for itself: whatever
 * comes to the same however far the series is padded. So a window must see as many steps of the
 * series at each of its places wherever the padding ends, and none may see states that ran on into
 * the padding.
 */
final class SeriesFit {
  /**
   * A series that a vertex gives.
   *
   * @param input of the network, which it comes from
   * @param divisor of all lengths that it is padded to
   * @param indices how many there are; 0 of numbers
   * @param weighted whether the indices have weights
   * @param padding what stands in the steps behind its end
   */
  record Steps(String input, int divisor, int indices, boolean weighted, Padding padding) {
    /** The series that an example has. */
    static Steps of(String name, ExampleInput input) {
      return new Steps(name, StepLengths.LEAST, input.indices(), input.weighted(), Padding.ZEROS);
    }

    private Steps with(Padding other) {
      return new Steps(input, divisor, 0, false, other);
    }

    private Steps every(int stride) {
      return new Steps(input, divisor / stride, 0, false, Padding.ZEROS);
    }

    private boolean isAsLongAs(@Nullable Steps other) {
      return other != null && input.equals(other.input) && divisor == other.divisor;
    }
  }

  /** What stands in the steps behind the end of a series. */
  enum Padding {
    ZEROS,
    ANYTHING
  }

  private static final String POOLING =
      "a GlobalPoolingLayer, a SeriesPooling or a LastTimeStep must stand between";

  /** Layers of Sluice's own that leave zeros in the padding. */
  private static final Set<Class<?>> OWN =
      Set.of(LayerNorm.class, SelfAttention.class, TransformerBlock.class);

  private static final Set<Class<?>> RECURRENT = Set.of(LSTM.class, SimpleRnn.class, Gru.class);

  /** Layers that read series only. */
  private static final Set<Class<?>> OF_SERIES =
      Set.of(
          Bidirectional.class,
          Convolution1DLayer.class,
          EmbeddingSequenceLayer.class,
          Gru.class,
          LSTM.class,
          LastTimeStep.class,
          SeriesTokens.class,
          SimpleRnn.class,
          Subsampling1DLayer.class,
          WeightedBag.class);

  private final Map<String, ExampleInput> inputs;
  private final String name;
  private final List<String> problems;

  private SeriesFit(Map<String, ExampleInput> inputs, String name, List<String> problems) {
    this.inputs = inputs;
    this.name = name;
    this.problems = problems;
  }

  /**
   * The series that a vertex gives; null if it gives none.
   *
   * @param inputs of the network
   * @param read the series that the vertex reads, null for what is none
   * @param problems to which everything is added that does not fit
   */
  static @Nullable Steps of(
      Map<String, ExampleInput> inputs,
      String name,
      GraphVertex vertex,
      List<@Nullable Steps> read,
      List<String> problems) {
    SeriesFit fit = new SeriesFit(inputs, name, problems);
    Steps first = read.get(0);
    if (read.stream().allMatch(each -> each == null)) {
      return null;
    }
    if (!(vertex instanceof LayerVertex of)) {
      return fit.vertex(vertex, read);
    }
    return first == null ? null : fit.layer(of.getLayerConf().getLayer(), first);
  }

  /** Whether a layer reads series only. */
  static boolean isOfSeries(Layer layer) {
    return OF_SERIES.contains(layer.getClass());
  }

  /** The layer itself, or those within it. */
  static List<Layer> unwrapped(Layer layer) {
    if (layer instanceof LastTimeStep last) {
      return unwrapped(last.getUnderlying());
    }
    return layer instanceof Bidirectional both
        ? List.of(both.getFwd(), both.getBwd())
        : List.of(layer);
  }

  private void must(String rule, @Nullable Object got) {
    problems.add("layer %s: %s, got %s".formatted(name, rule, String.valueOf(got)));
  }

  private String series(Steps steps) {
    ExampleInput input = inputs.get(steps.input());
    return "the series " + (input == null ? steps.input() : input.groups());
  }

  private @Nullable Steps vertex(GraphVertex vertex, List<@Nullable Steps> read) {
    Steps first = read.get(0);
    if (first == null || !read.stream().allMatch(first::isAsLongAs)) {
      problems.add(
          "vertex %s: a series and what is no series, or another one, have no length in common; %s"
              .formatted(name, POOLING));
      return null;
    }
    if (first.indices() > 0) {
      embedding(first, vertex.getClass());
      return null;
    }
    if (vertex instanceof LastTimeStepVertex last) {
      if (!first.input().equals(last.getMaskArrayInputName())
          || first.divisor() < StepLengths.LEAST) {
        problems.add(
            "vertex %s: maskArrayInputName must be the input that the series comes from, %s, without strides between, got %s"
                .formatted(name, first.input(), last.getMaskArrayInputName()));
      }
      return null;
    }
    if (!(vertex instanceof ElementWiseVertex
        || vertex instanceof ScaleVertex
        || (vertex instanceof MergeVertex merge
            && merge.getMergeAxis() == MergeVertex.DEFAULT_MERGE_DIM))) {
      problems.add(
          "vertex %s: cannot read %s: only ElementWiseVertex, MergeVertex, ScaleVertex and LastTimeStepVertex can, got %s"
              .formatted(name, series(first), vertex.getClass().getSimpleName()));
      return null;
    }
    boolean zeros = read.stream().allMatch(each -> each != null && each.padding() == Padding.ZEROS);
    return first.with(zeros ? Padding.ZEROS : Padding.ANYTHING);
  }

  private void embedding(Steps steps, Class<?> got) {
    problems.add(
        "layer %s: must be %s to read %s of %s, got %s"
            .formatted(
                name,
                steps.weighted() ? "a WeightedBag" : "an EmbeddingSequenceLayer or a SeriesTokens",
                series(steps),
                steps.weighted() ? "weighted indices" : "indices",
                got.getSimpleName()));
  }

  private @Nullable Steps layer(Layer layer, Steps read) {
    if (layer instanceof WeightedBag bag) {
      bag(bag, read);
      return null;
    }
    if (read.weighted()) {
      embedding(read, layer.getClass());
      return null;
    }
    if (layer instanceof EmbeddingSequenceLayer embedding) {
      return embedded(embedding, read);
    }
    if (layer instanceof SeriesTokens tokens) {
      return tokens(tokens, read);
    }
    if (read.indices() > 0) {
      embedding(read, layer.getClass());
      return null;
    }
    if (layer instanceof GlobalPoolingLayer pooling) {
      pooled(pooling);
      return null;
    }
    if (layer instanceof SeriesPooling) {
      return null;
    }
    if (layer instanceof LastTimeStep last) {
      plain(last.getUnderlying());
      states(last.getUnderlying(), read);
      return null;
    }
    plain(layer);
    if (layer instanceof DropoutLayer) {
      return read;
    }
    if (layer.getClass() == ActivationLayer.class) {
      return read.with(behind(((ActivationLayer) layer).getActivationFn(), read.padding()));
    }
    if (OWN.contains(layer.getClass())) {
      return read.with(Padding.ZEROS);
    }
    if (layer instanceof Convolution1DLayer convolution
        && layer.getClass() == Convolution1DLayer.class) {
      return convolved(convolution, read);
    }
    if (layer instanceof Subsampling1DLayer pooling
        && layer.getClass() == Subsampling1DLayer.class) {
      return subsampled(pooling, read);
    }
    return states(layer, read);
  }

  private Steps embedded(EmbeddingSequenceLayer layer, Steps read) {
    plain(layer);
    if (read.indices() == 0) {
      must("reads indices", series(read) + " of numbers");
    } else if (layer.getNIn() > 0 && layer.getNIn() < read.indices()) {
      must(
          "nIn must be at least %,d as %s has indices".formatted(read.indices(), series(read)),
          "%,d".formatted(layer.getNIn()));
    } else if (layer.getNIn() <= 0) {
      layer.setNIn(read.indices());
    }
    // A series has the length that it has.
    layer.setInferInputLength(true);
    kernel(layer.getActivationFn());
    return read.with(behind(layer.getActivationFn(), Padding.ZEROS));
  }

  private Steps tokens(SeriesTokens layer, Steps read) {
    if (layer.getPositions() > 0) {
      must("positions must be 0, as series have no longest length", layer.getPositions());
    }
    boolean fits =
        read.indices() == 0
            ? layer.getVocabulary() == 0
            : layer.getVocabulary() >= read.indices() && layer.getSegments() == 0;
    if (!fits) {
      must(
          read.indices() == 0
              ? "vocabulary must be 0, as %s has numbers".formatted(series(read))
              : "vocabulary must be at least %,d as %s has indices, and segments 0"
                  .formatted(read.indices(), series(read)),
          "%,d and %,d".formatted(layer.getVocabulary(), layer.getSegments()));
    }
    return read.with(Padding.ZEROS);
  }

  private void bag(WeightedBag layer, Steps read) {
    if (!read.weighted()) {
      must(
          "reads weighted indices",
          series(read) + (read.indices() > 0 ? " of indices" : " of numbers"));
    } else if (layer.getVocabulary() < read.indices()) {
      must(
          "vocabulary must be at least %,d as %s has indices"
              .formatted(read.indices(), series(read)),
          "%,d".formatted(layer.getVocabulary()));
    }
  }

  private void pooled(GlobalPoolingLayer layer) {
    int[] dimensions = layer.getPoolingDimensions();
    if (dimensions != null && !Arrays.equals(dimensions, new int[] {2})) {
      must(
          "poolingDimensions must be none or [2], the steps of a series",
          Arrays.toString(dimensions));
    }
    if (!layer.isCollapseDimensions()) {
      must("collapseDimensions must be true over a series", "false");
    }
  }

  /** Recurrent layers, by themselves or in both directions. */
  private @Nullable Steps states(Layer layer, Steps read) {
    if (layer instanceof Bidirectional both) {
      for (Layer each : List.of(both.getFwd(), both.getBwd())) {
        if (each.getClass() != LSTM.class && each.getClass() != Gru.class) {
          must(
              "must have an LSTM or a Gru in each direction: others go back from the end of the padding",
              each.getClass().getSimpleName());
          return null;
        }
        plain(each);
        recurrent((BaseRecurrentLayer) each);
        kernel(((BaseRecurrentLayer) each).getActivationFn());
        if (each instanceof LSTM lstm) {
          kernel(lstm.getGateActivationFn());
        }
      }
      return read.with(Padding.ZEROS);
    }
    if (!RECURRENT.contains(layer.getClass())) {
      problems.add(
          "layer %s: %s cannot read %s: %s"
              .formatted(name, layer.getClass().getSimpleName(), series(read), POOLING));
      return null;
    }
    recurrent((BaseRecurrentLayer) layer);
    return read.with(layer instanceof Gru ? Padding.ZEROS : Padding.ANYTHING);
  }

  private void recurrent(BaseRecurrentLayer layer) {
    if (layer.getRnnDataFormat() == RNNFormat.NWC) {
      must("rnnDataFormat must be NCW", layer.getRnnDataFormat());
    }
  }

  private Steps convolved(Convolution1DLayer layer, Steps read) {
    kernel(layer.getActivationFn());
    Window window =
        new Window(
            layer.getKernelSize(), layer.getStride(), layer.getPadding(), layer.getDilation());
    return windows("convolution", layer.getConvolutionMode(), window, read);
  }

  private Steps subsampled(Subsampling1DLayer layer, Steps read) {
    boolean known =
        layer.getPoolingType() == PoolingType.MAX || layer.getPoolingType() == PoolingType.AVG;
    if (!known) {
      must("poolingType over a series must be MAX or AVG", layer.getPoolingType());
    }
    if (layer.getPoolingType() != PoolingType.MAX && layer.isAvgPoolIncludePadInDivisor()) {
      must("avgPoolIncludePadInDivisor must be false over a series", "true");
    }
    Window window =
        new Window(
            layer.getKernelSize(), layer.getStride(), layer.getPadding(), layer.getDilation());
    return windows("pooling", layer.getConvolutionMode(), window, read);
  }

  /** A window over steps. */
  private record Window(int size, int stride, int padding, int dilation) {
    /** As layers have it, for two dimensions, of which steps are the first. */
    Window(int[] size, int[] stride, int[] padding, int[] dilation) {
      this(size[0], stride[0], padding[0], dilation[0]);
    }
  }

  private Steps windows(String kind, ConvolutionMode mode, Window window, Steps read) {
    if (read.padding() != Padding.ZEROS) {
      must(
          "a %s must not read states that run on behind the end of %s; those of a Gru or a Bidirectional do not"
              .formatted(kind, series(read)),
          "those of an LSTM, a SimpleRnn or a function that is not 0 at 0");
    }
    int stride = window.stride();
    if (stride == 1 && (mode == ConvolutionMode.Same || mode == ConvolutionMode.Causal)) {
      return read.with(Padding.ZEROS);
    }
    boolean each =
        stride > 0
            && read.divisor() % stride == 0
            && window.size() <= stride
            && window.dilation() == 1
            && window.padding() == 0
            && (mode == ConvolutionMode.Same || mode == ConvolutionMode.Truncate);
    if (!each) {
      must(
          "where its windows end would depend on how far %s is padded: convolutionMode must be Same or Causal with stride 1, or windows must not overlap, with a stride that divides %d, no padding, no dilation, and Same or Truncate"
              .formatted(series(read), read.divisor()),
          "%s, kernel %d, stride %d, padding %d, dilation %d"
              .formatted(mode, window.size(), stride, window.padding(), window.dilation()));
      return read.with(Padding.ZEROS);
    }
    return read.every(stride);
  }

  /** Other dropout than the plain one, and noise over weights, have no kernel. */
  private void plain(Layer layer) {
    if (layer instanceof BaseLayer base && base.getWeightNoise() != null) {
      must(
          "weightNoise must be none over a series",
          base.getWeightNoise().getClass().getSimpleName());
    }
    if (layer.getIDropout() != null && layer.getIDropout().getClass() != Dropout.class) {
      must("dropout over a series must be Dropout", layer.getIDropout().getClass().getSimpleName());
    }
  }

  private void kernel(IActivation function) {
    if (!Kernels.has(function)) {
      must(
          "activation functions of this layer over a series must be one of identity, ReLU, leaky ReLU, ELU with alpha = 1, tanh, sigmoid, SELU, swish, GELU and mish; an ActivationLayer behind it may have others",
          function.getClass().getSimpleName());
    }
  }

  /** What a function leaves in the padding. */
  private static Padding behind(IActivation function, Padding before) {
    return before == Padding.ZEROS
            && function.getActivation(Nd4j.zeros(1, 2), false).equals(Nd4j.zeros(1, 2))
        ? Padding.ZEROS
        : Padding.ANYTHING;
  }
}
