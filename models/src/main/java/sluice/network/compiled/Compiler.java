package sluice.network.compiled;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.CnnToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.ComposableInputPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToCnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.layers.recurrent.LastTimeStepLayer;
import org.deeplearning4j.nn.layers.samediff.SameDiffOutputLayer;
import org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import sluice.network.ExampleWeightedOutputLayer;
import sluice.network.StepWeightedOutputLayer;
import sluice.network.UncertaintyOutputLayer;

/** Compiles the vertices of a network, each kind of layer by the kernel that is registered here. */
final class Compiler {
  /** What makes the operations of a layer. */
  @FunctionalInterface
  interface Kernel {
    /**
     * Adds the operations of a layer.
     *
     * @param in what the layer reads, behind its dropout
     * @return what the layer gives; none if it has something that the kernel does not know, and
     *     then nothing was added
     */
    Optional<Tensor> compile(
        Layer layer, org.deeplearning4j.nn.conf.layers.Layer settings, Tensor in, Compilation c);
  }

  /** The kernels of Deeplearning4j's layers. */
  private static final Map<Class<? extends org.deeplearning4j.nn.conf.layers.Layer>, Kernel>
      KERNELS =
          Map.of(
              DenseLayer.class, DenseKernels::dense,
              ConvolutionLayer.class, PictureKernels::convolution,
              SubsamplingLayer.class, PictureKernels::pooling,
              GlobalPoolingLayer.class, PictureKernels::globalPooling,
              BatchNormalization.class, PlainKernels::batchNormalisation,
              ActivationLayer.class, PlainKernels::activation,
              DropoutLayer.class, PlainKernels::dropout);

  /** Layers whose dropout Deeplearning4j passes over. */
  private static final Set<Class<? extends org.deeplearning4j.nn.conf.layers.Layer>> NOT_DROPPED =
      Set.of(
          SubsamplingLayer.class,
          GlobalPoolingLayer.class,
          BatchNormalization.class,
          ActivationLayer.class,
          EmbeddingSequenceLayer.class,
          Bidirectional.class);

  /** What makes examples of the steps of series, or series of examples. */
  private static final Set<Class<? extends InputPreProcessor>> OF_STEPS =
      Set.of(
          RnnToFeedForwardPreProcessor.class,
          FeedForwardToRnnPreProcessor.class,
          RnnToCnnPreProcessor.class,
          CnnToRnnPreProcessor.class);

  private final ReferenceNetwork network;
  private final Compilation compilation;

  private Compiler(
      ReferenceNetwork network,
      Products products,
      @Nullable SharedParameters shared,
      Arena.Memory memory) {
    this.network = network;
    this.compilation = new Compilation(network, products, shared, memory);
  }

  /**
   * @param shared the parameters of the network; null if they may change
   * @param memory that all plans of the network share
   * @param shapes of one example of each input of the network
   * @throws NoPlanException if Deeplearning4j must compute all of it
   */
  static Plan compile(
      ReferenceNetwork network,
      Products products,
      @Nullable SharedParameters shared,
      Arena.Memory memory,
      List<int[]> shapes) {
    return new Compiler(network, products, shared, memory).plan(shapes);
  }

  private Plan plan(List<int[]> shapes) {
    List<Tensor> inputs = new ArrayList<>();
    for (int i = 0; i < shapes.size(); i++) {
      Tensor input = compilation.input(shapes.get(i));
      inputs.add(input);
      compilation.setValue(network.inputs().get(i), input);
    }
    Set<String> fused = new HashSet<>();
    for (Node node : network.nodes()) {
      if (fused.contains(node.name())) {
        compilation.setValue(node.name(), compilation.value(node.inputs().get(0)));
        continue;
      }
      Optional<Node.OfLayer> reader = onlyReader(node);
      compilation.setFollowing(reader.flatMap(this::activation).orElse(Activations.IDENTITY));
      compile(node);
      if (compilation.isFused()) {
        fused.add(reader.orElseThrow().name());
      }
    }
    return compilation.plan(inputs);
  }

  /** The layer that alone reads what a node gives; none of what is frozen. */
  private Optional<Node.OfLayer> onlyReader(Node node) {
    List<Node> readers =
        network.nodes().stream()
            .flatMap(
                other -> other.inputs().stream().filter(node.name()::equals).map(input -> other))
            .toList();
    boolean frozen = node instanceof Node.OfLayer layer && layer.layer() instanceof FrozenLayer;
    return !frozen && readers.size() == 1 && readers.get(0) instanceof Node.OfLayer reader
        ? Optional.of(reader)
        : Optional.empty();
  }

  /** The function of a layer that is nothing else. */
  private Optional<Activation> activation(Node.OfLayer node) {
    return node.layer().conf().getLayer() instanceof ActivationLayer layer
            && !(node.layer() instanceof FrozenLayer)
            && layer.getClass() == ActivationLayer.class
            && node.preProcessor() == null
            && isPlain(layer)
            && !network.outputs().contains(node.name())
        ? Activations.of(layer.getActivationFn())
        : Optional.empty();
  }

  private void compile(Node node) {
    if (node instanceof Node.OfLayer layer) {
      compile(layer);
    } else if (node instanceof Node.OfVertex vertex) {
      compilation.setValue(node.name(), vertex(vertex));
    }
  }

  private void compile(Node.OfLayer node) {
    Layer layer = node.layer();
    Tensor read = compilation.value(node.inputs().get(0));
    Tensor in = before(node.name(), node.preProcessor(), read);
    int output = network.outputs().indexOf(node.name());
    if (output >= 0) {
      output(node, layer, in, output);
      return;
    }
    boolean frozen = layer instanceof FrozenLayer;
    Layer inner = layer instanceof FrozenLayer outer ? outer.getInsideLayer() : layer;
    compilation.setFrozen(frozen);
    compilation.setValue(node.name(), layer(node, inner, in));
    compilation.setFrozen(false);
  }

  private Tensor vertex(Node.OfVertex node) {
    List<Tensor> in = node.inputs().stream().map(compilation::value).toList();
    if (node.settings() instanceof PreprocessorVertex vertex) {
      return before(node.name(), vertex.getPreProcessor(), in.get(0));
    }
    Optional<Tensor> known = VertexKernels.compile(node.settings(), in, compilation);
    if (known.isPresent()) {
      return known.get();
    }
    compilation.addFallback(node.name());
    InputType[] types =
        in.stream().map(each -> Shapes.type(each.shape())).toArray(InputType[]::new);
    // The index is for what a vertex says when it is wrong.
    int[] shape = Shapes.of(node.settings().getOutputType(-1, types));
    Tensor out =
        node.vertex().numParams() > 0
            ? compilation.learning(shape)
            : compilation.passing(in, shape);
    List<Tensor> inputs = network.inputs().stream().map(compilation::value).toList();
    compilation.add(new Fallback.OfVertex(node.vertex(), in, out, network, inputs));
    return out;
  }

  private Tensor layer(Node.OfLayer node, Layer layer, Tensor in) {
    org.deeplearning4j.nn.conf.layers.Layer settings = network.held().settings(node.name(), layer);
    boolean last = layer instanceof LastTimeStepLayer;
    // A wrapped layer, which does something else, gives the settings of that within it.
    boolean wrapped = layer instanceof BaseWrapperLayer && !last;
    Optional<Tensor> known =
        wrapped ? Optional.empty() : byKernel(layer, settings, in, compilation);
    if (known.isPresent()) {
      return last ? LastStepOp.of(known.get(), compilation) : known.get();
    }
    compilation.addFallback(node.name());
    // Deeplearning4j's wrapper knows no last step of a series that is empty.
    Layer computing = layer instanceof LastTimeStepLayer wrapper ? wrapper.getUnderlying() : layer;
    int[] shape = Shapes.of(settings.getOutputType(layer.getIndex(), Shapes.type(in.shape())));
    Tensor out =
        layer.numParams() > 0
            ? compilation.learning(shape)
            : compilation.passing(List.of(in), shape);
    compilation.add(new Fallback.OfLayer(computing, in, out));
    return last ? LastStepOp.of(out, compilation) : out;
  }

  /** What a kernel makes of a layer; none if it has no kernel, and then nothing was added. */
  static Optional<Tensor> byKernel(
      Layer layer,
      org.deeplearning4j.nn.conf.layers.Layer settings,
      Tensor in,
      Compilation compilation) {
    Kernel kernel = kernel(settings.getClass());
    if (kernel == null || !isPlain(settings)) {
      return Optional.empty();
    }
    int size = compilation.size();
    Tensor read =
        NOT_DROPPED.contains(settings.getClass()) ? in : compilation.dropped(settings, in);
    Optional<Tensor> out = kernel.compile(layer, settings, read, compilation);
    if (out.isEmpty()) {
      compilation.shrink(size);
    }
    return out;
  }

  /** Whether a kernel computes a layer that is no output, unless it knows a setting of it not. */
  static boolean hasKernel(org.deeplearning4j.nn.conf.layers.Layer settings) {
    return kernel(settings.getClass()) != null && isPlain(settings);
  }

  private static @Nullable Kernel kernel(
      Class<? extends org.deeplearning4j.nn.conf.layers.Layer> type) {
    return KERNELS.getOrDefault(
        type, SeriesKernels.KERNELS.getOrDefault(type, OwnLayers.KERNELS.get(type)));
  }

  private void output(Node.OfLayer node, Layer layer, Tensor in, int index) {
    org.deeplearning4j.nn.conf.layers.Layer settings = layer.conf().getLayer();
    if (settings instanceof OutputLayer output
        && (settings.getClass() == OutputLayer.class
            || settings.getClass() == ExampleWeightedOutputLayer.class
            || settings.getClass() == UncertaintyOutputLayer.class)
        && isPlain(settings)) {
      Optional<LossKernel> loss = LossKernel.of(loss(output), output.getActivationFn());
      if (loss.isPresent()) {
        Tensor z = DenseKernels.output(layer, compilation.dropped(settings, in), compilation);
        compilation.addOutput(
            new FusedLoss(z, loss.get(), uncertainty(layer, output), index), index);
        return;
      }
    }
    // Deeplearning4j passes over its dropout.
    if (settings.getClass() == LossLayer.class && in.shape().length == 1) {
      LossLayer output = (LossLayer) settings;
      Optional<LossKernel> loss = LossKernel.of(output.getLossFn(), output.getActivationFn());
      if (loss.isPresent()) {
        compilation.addOutput(new FusedLoss(in, loss.get(), null, index), index);
        return;
      }
    }
    if (settings instanceof RnnOutputLayer output
        && (settings.getClass() == RnnOutputLayer.class
            || settings.getClass() == StepWeightedOutputLayer.class)
        && isPlain(settings)
        && in.isSeries()) {
      Optional<LossKernel> loss =
          LossKernel.of(
              ExampleWeightedOutputLayer.unweighted(output.getLossFn()), output.getActivationFn());
      if (loss.isPresent() && output.hasBias() && output.getRnnDataFormat() != RNNFormat.NWC) {
        Tensor read = compilation.dropped(settings, in);
        compilation.addOutput(new SeriesLoss(compilation, layer, read, loss.get(), index), index);
        return;
      }
    }
    if (layer instanceof SameDiffOutputLayer) {
      throw new NoPlanException(node.name() + ", which has no loss of each example");
    }
    if (!(layer instanceof IOutputLayer)) {
      throw new IllegalStateException("an output of the network has no loss: " + node.name());
    }
    compilation.addFallback(node.name());
    compilation.addOutput(new Fallback.OfOutput(layer, in, index), index);
  }

  private @Nullable Uncertainty uncertainty(Layer layer, OutputLayer settings) {
    return settings instanceof UncertaintyOutputLayer own
        ? new Uncertainty(
            requireNonNull(compilation.weights(layer, UncertaintyOutputLayer.LOG_VARIANCE)),
            own.getFactor())
        : null;
  }

  private static ILossFunction loss(OutputLayer layer) {
    return layer instanceof ExampleWeightedOutputLayer weighted
        ? weighted.unweightedLoss()
        : layer.getLossFn();
  }

  /** What a layer reads, behind what stands before it. */
  private Tensor before(String name, @Nullable InputPreProcessor preProcessor, Tensor in) {
    if (preProcessor == null) {
      return in;
    }
    if (preProcessor instanceof FeedForwardToCnnPreProcessor pictures
        && preProcessor.getClass() == FeedForwardToCnnPreProcessor.class) {
      return in.reshape(
          (int) pictures.getNumChannels(),
          (int) pictures.getInputHeight(),
          (int) pictures.getInputWidth());
    }
    if (preProcessor instanceof CnnToFeedForwardPreProcessor pictures
        && preProcessor.getClass() == CnnToFeedForwardPreProcessor.class
        && pictures.getFormat() == CNN2DFormat.NCHW) {
      return in.reshape(in.size());
    }
    if (preProcessor.getClass() == RnnToFeedForwardPreProcessor.class && in.shape().length == 1) {
      // Behind a pooling of all steps, which Deeplearning4j takes for a series.
      return in;
    }
    if (isOfSteps(preProcessor)) {
      throw new NoPlanException("steps as examples, before " + name);
    }
    compilation.addFallback(name + "-preprocessor");
    int[] shape = Shapes.of(preProcessor.getOutputType(Shapes.type(in.shape())));
    Tensor out = compilation.passing(List.of(in), shape);
    compilation.add(new Fallback.OfPreProcessor(preProcessor, in, out));
    return out;
  }

  /** Whether a preprocessor, or a part of it, is one of {@link #OF_STEPS}. */
  private static boolean isOfSteps(InputPreProcessor preProcessor) {
    return preProcessor instanceof ComposableInputPreProcessor several
        ? Arrays.stream(several.getInputPreProcessors()).anyMatch(Compiler::isOfSteps)
        : OF_STEPS.contains(preProcessor.getClass());
  }

  /** Whether a layer has no dropout but the plain one, and no noise over its weights. */
  static boolean isPlain(org.deeplearning4j.nn.conf.layers.Layer settings) {
    boolean noise = settings instanceof BaseLayer base && base.getWeightNoise() != null;
    return !noise
        && (settings.getIDropout() == null
            || (settings.getIDropout() instanceof Dropout dropout
                && dropout.getClass() == Dropout.class
                && dropout.getPSchedule() == null));
  }
}
