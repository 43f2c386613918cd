package sluice.network.compiled;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.jspecify.annotations.Nullable;
import sluice.network.layers.CategoryEmbedding;
import sluice.network.layers.ColumnTokens;
import sluice.network.layers.LastStep;
import sluice.network.layers.LayerNorm;
import sluice.network.layers.NumberEmbedding;
import sluice.network.layers.SelfAttention;
import sluice.network.layers.TransformerBlock;

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

  private static final Map<Class<? extends org.deeplearning4j.nn.conf.layers.Layer>, Kernel>
      KERNELS =
          Map.of(
              DenseLayer.class, DenseKernels::dense,
              CategoryEmbedding.class, CategoryEmbeddingOp::compile,
              LayerNorm.class, LayerNormOp::compile,
              NumberEmbedding.class, NumberEmbeddingOp::compile,
              ColumnTokens.class, ColumnTokensOp::compile,
              LastStep.class, LastStepOp::compile,
              SelfAttention.class, SelfAttentionOp::compile,
              TransformerBlock.class, TransformerBlockOp::compile);

  private final ReferenceNetwork network;
  private final Compilation compilation;

  private Compiler(ReferenceNetwork network, Products products) {
    this.network = network;
    this.compilation = new Compilation(network, products);
  }

  /**
   * @param shapes of one example of each input of the network
   */
  static Plan compile(ReferenceNetwork network, Products products, List<int[]> shapes) {
    return new Compiler(network, products).plan(shapes);
  }

  private Plan plan(List<int[]> shapes) {
    List<Tensor> inputs = new ArrayList<>();
    for (int i = 0; i < shapes.size(); i++) {
      Tensor input = compilation.input(shapes.get(i));
      inputs.add(input);
      compilation.setValue(network.inputs().get(i), input);
    }
    for (Node node : network.nodes()) {
      compile(node);
    }
    return compilation.plan(inputs);
  }

  private void compile(Node node) {
    Layer layer = node.layer();
    Tensor in = before(node, compilation.value(node.inputs().get(0)));
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

  private Tensor layer(Node node, Layer layer, Tensor in) {
    org.deeplearning4j.nn.conf.layers.Layer settings = layer.conf().getLayer();
    Kernel kernel = KERNELS.get(settings.getClass());
    if (kernel != null && dropsPlainly(settings) && !changesWeights(settings)) {
      Optional<Tensor> out = kernel.compile(layer, settings, dropped(settings, in), compilation);
      if (out.isPresent()) {
        return out.get();
      }
    }
    compilation.addFallback(node.name());
    int[] shape = Shapes.of(settings.getOutputType(layer.getIndex(), Shapes.type(in.shape())));
    Tensor out =
        layer.numParams() > 0
            ? compilation.learning(shape)
            : compilation.passing(List.of(in), shape);
    compilation.add(new Fallback.OfLayer(layer, in, out));
    return out;
  }

  private void output(Node node, Layer layer, Tensor in, int index) {
    org.deeplearning4j.nn.conf.layers.Layer settings = layer.conf().getLayer();
    if (settings instanceof OutputLayer output
        && settings.getClass() == OutputLayer.class
        && dropsPlainly(settings)
        && !changesWeights(settings)) {
      Optional<LossKernel> loss = LossKernel.of(output.getLossFn(), output.getActivationFn());
      if (loss.isPresent()) {
        Tensor z = DenseKernels.output(layer, dropped(settings, in), compilation);
        compilation.addOutput(new FusedLoss(z, loss.get(), index));
        return;
      }
    }
    if (!(layer instanceof IOutputLayer)) {
      throw new IllegalStateException("an output of the network has no loss: " + node.name());
    }
    compilation.addFallback(node.name());
    compilation.addOutput(new Fallback.OfOutput(layer, in, index));
  }

  /** What a layer reads, behind what stands before it. */
  private Tensor before(Node node, Tensor in) {
    @Nullable InputPreProcessor preProcessor = node.preProcessor();
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
    compilation.addFallback(node.name() + "-preprocessor");
    int[] shape = Shapes.of(preProcessor.getOutputType(Shapes.type(in.shape())));
    Tensor out = compilation.passing(List.of(in), shape);
    compilation.add(new Fallback.OfPreProcessor(preProcessor, in, out));
    return out;
  }

  private static boolean dropsPlainly(org.deeplearning4j.nn.conf.layers.Layer settings) {
    return settings.getIDropout() == null
        || (settings.getIDropout() instanceof Dropout dropout
            && dropout.getClass() == Dropout.class
            && dropout.getPSchedule() == null);
  }

  private static boolean changesWeights(org.deeplearning4j.nn.conf.layers.Layer settings) {
    return settings instanceof BaseLayer base && base.getWeightNoise() != null;
  }

  private Tensor dropped(org.deeplearning4j.nn.conf.layers.Layer settings, Tensor in) {
    if (!(settings.getIDropout() instanceof Dropout dropout)) {
      return in;
    }
    Tensor out = compilation.passing(List.of(in), in.shape());
    compilation.add(new DropoutOp(in, out, dropout.getP()));
    return out;
  }
}
