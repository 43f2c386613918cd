package sluice.network;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import sluice.network.lean.Patches;

/** The layers of a {@link PlainReplica}, read from a configuration of Deeplearning4j's. */
final class PlainPlan {
  /** The patches of one picture are made at once; of more numbers than these they are not. */
  private static final int MOST = 1 << 26;

  /** A loss with its activation, on what comes before that. */
  enum Output {
    SOFTMAX_CROSS_ENTROPY,
    SIGMOID_CROSS_ENTROPY,
    SQUARED_ERROR
  }

  /**
   * Parameters that lie one behind the other.
   *
   * @param penalties on them
   */
  record Part(int from, int to, List<L2Regularization> penalties) {
    double penalty(int iteration, int epoch) {
      return penalties.stream().mapToDouble(l2 -> l2.getL2().valueAt(iteration, epoch)).sum();
    }
  }

  /**
   * A fully connected layer.
   *
   * @param in numbers that it reads of each example
   * @param out numbers that it gives
   * @param at where its weights begin among the parameters
   * @param keep of what it reads, the share that is not dropped; 1 without dropout
   */
  record Dense(int in, int out, int at, double keep) {
    int biases() {
      return at + in * out;
    }

    int end() {
      return biases() + out;
    }
  }

  private final List<PictureLayer> pictures = new ArrayList<>();
  private final List<Dense> layers = new ArrayList<>();
  private final List<Part> parts = new ArrayList<>();
  private final Set<IUpdater> updaters = new HashSet<>();
  private final int most;
  private @Nullable Output output;

  /** Channels, height and width of what the next layer reads; none where it reads rows. */
  private int[] picture = {};

  private PlainPlan(int most) {
    this.most = most;
  }

  /**
   * The plan of a configuration; none if it has anything in it that is not known here.
   *
   * @param most so many pictures are convolved at a time at most
   */
  static Optional<PlainPlan> of(MultiLayerConfiguration configuration, int most) {
    if (configuration.getBackpropType() != BackpropType.Standard
        || configuration.getDataType() != DataType.FLOAT) {
      return Optional.empty();
    }
    PlainPlan plan = new PlainPlan(most);
    List<NeuralNetConfiguration> all = configuration.getConfs();
    for (int i = 0; i < all.size(); i++) {
      if (!all.get(i).isMiniBatch()
          || !plan.reads(i, configuration.getInputPreProcess(i))
          || !plan.add(all.get(i).getLayer(), i == all.size() - 1)) {
        return Optional.empty();
      }
    }
    return Optional.of(plan);
  }

  List<PictureLayer> pictures() {
    return List.copyOf(pictures);
  }

  List<Dense> layers() {
    return List.copyOf(layers);
  }

  /** All parameters in their order. */
  List<Part> parts() {
    return List.copyOf(parts);
  }

  Output output() {
    return requireNonNull(output);
  }

  /** What all layers learn by; none if that is not Adam, or not the same for all. */
  Optional<Adam> adam() {
    return updaters.size() == 1 && updaters.iterator().next() instanceof Adam only
        ? Optional.of(only.clone())
        : Optional.empty();
  }

  /** How many parameters there are. */
  int parameters() {
    return parts.isEmpty() ? 0 : parts.get(parts.size() - 1).to();
  }

  /** Whether what stands before a layer is one of those between vectors and pictures. */
  private boolean reads(int layer, @Nullable InputPreProcessor before) {
    if (before == null) {
      return true;
    }
    if (layer == 0
        && before instanceof FeedForwardToCnnPreProcessor rows
        && before.getClass() == FeedForwardToCnnPreProcessor.class) {
      picture =
          new int[] {
            (int) rows.getNumChannels(), (int) rows.getInputHeight(), (int) rows.getInputWidth()
          };
      return true;
    }
    return before.getClass() == CnnToFeedForwardPreProcessor.class
        && ((CnnToFeedForwardPreProcessor) before).getFormat() == CNN2DFormat.NCHW
        && !pictures.isEmpty()
        && layers.isEmpty();
  }

  /** Adds a layer, or says that it is another than is known here. */
  private boolean add(Layer layer, boolean last) {
    if (layer instanceof ConvolutionLayer convolution) {
      return !last && add(convolution);
    }
    if (layer instanceof SubsamplingLayer pooling) {
      return !last && add(pooling);
    }
    if (!(layer instanceof FeedForwardLayer dense)
        || !plain(dense)
        || (layers.isEmpty() && dense.getIDropout() != null)
        || (pictures.isEmpty() && picture.length > 0)) {
      return false;
    }
    if (last) {
      output = output(dense);
    }
    if (last ? output == null : !rectifier(dense)) {
      return false;
    }
    Dense made =
        new Dense(
            Math.toIntExact(dense.getNIn()),
            Math.toIntExact(dense.getNOut()),
            parameters(),
            dense.getIDropout() instanceof Dropout dropout ? dropout.getP() : 1);
    layers.add(made);
    learns(dense);
    parts.add(new Part(made.at(), made.biases(), penalties(dense)));
    parts.add(new Part(made.biases(), made.end(), List.of()));
    return true;
  }

  private boolean add(ConvolutionLayer layer) {
    if (layer.getClass() != ConvolutionLayer.class
        || picture.length == 0
        || !layers.isEmpty()
        || !plain(layer)
        || layer.getIDropout() != null
        || !layer.hasBias()
        || !rectifier(layer.getActivationFn())
        || !moves(layer.getCnn2dDataFormat(), layer.getConvolutionMode(), layer.getDilation())) {
      return false;
    }
    int outputs = Math.toIntExact(layer.getNOut());
    Patches patches =
        patches(picture, layer.getKernelSize(), layer.getStride(), layer.getPadding());
    if ((long) patches.rows() * patches.places() > MOST) {
      return false;
    }
    Convolution convolution = new Convolution(patches, outputs, parameters(), most);
    learns(layer);
    pictures.add(convolution);
    parts.add(new Part(parameters(), convolution.weights(), List.of()));
    parts.add(new Part(convolution.weights(), convolution.end(), penalties(layer)));
    picture = new int[] {outputs, patches.down(), patches.across()};
    return true;
  }

  private boolean add(SubsamplingLayer layer) {
    if (layer.getClass() != SubsamplingLayer.class
        || pictures.isEmpty()
        || !layers.isEmpty()
        || layer.getIDropout() != null
        || layer.getPoolingType() != PoolingType.MAX
        || Arrays.stream(layer.getPadding()).anyMatch(padding -> padding != 0)
        || !moves(layer.getCnn2dDataFormat(), layer.getConvolutionMode(), layer.getDilation())) {
      return false;
    }
    Patches patches =
        patches(picture, layer.getKernelSize(), layer.getStride(), layer.getPadding());
    pictures.add(new MaxPooling(patches));
    picture = new int[] {patches.channels(), patches.down(), patches.across()};
    return true;
  }

  private static boolean moves(CNN2DFormat format, ConvolutionMode mode, int[] dilation) {
    return format == CNN2DFormat.NCHW
        && (mode == ConvolutionMode.Truncate || mode == ConvolutionMode.Strict)
        && Arrays.stream(dilation).allMatch(each -> each == 1);
  }

  private static Patches patches(int[] picture, int[] kernel, int[] stride, int[] padding) {
    return new Patches(
        picture[0],
        picture[1],
        picture[2],
        kernel,
        stride,
        padding,
        (picture[1] + 2 * padding[0] - kernel[0]) / stride[0] + 1,
        (picture[2] + 2 * padding[1] - kernel[1]) / stride[1] + 1);
  }

  private static boolean plain(FeedForwardLayer layer) {
    return layer.getWeightNoise() == null
        && (layer.getConstraints() == null || layer.getConstraints().isEmpty())
        && (layer.getGradientNormalization() == null
            || layer.getGradientNormalization() == GradientNormalization.None)
        && (layer.getRegularizationBias() == null || layer.getRegularizationBias().isEmpty())
        && penalties(layer).size() == regularization(layer).size()
        && (layer.getIDropout() == null
            || (layer.getIDropout().getClass() == Dropout.class
                && ((Dropout) layer.getIDropout()).getPSchedule() == null));
  }

  private static List<Regularization> regularization(FeedForwardLayer layer) {
    return layer.getRegularization() == null ? List.of() : layer.getRegularization();
  }

  private static List<L2Regularization> penalties(FeedForwardLayer layer) {
    return regularization(layer).stream()
        .filter(L2Regularization.class::isInstance)
        .map(L2Regularization.class::cast)
        .toList();
  }

  private static boolean rectifier(FeedForwardLayer layer) {
    return layer instanceof DenseLayer dense
        && dense.hasBias()
        && !dense.hasLayerNorm()
        && rectifier(dense.getActivationFn());
  }

  private static boolean rectifier(IActivation activation) {
    return activation instanceof ActivationReLU relu
        && relu.getClass() == ActivationReLU.class
        && relu.getMax() == null
        && relu.getThreshold() == null
        && relu.getNegativeSlope() == null;
  }

  private static @Nullable Output output(FeedForwardLayer layer) {
    if (layer.getClass() != OutputLayer.class || !((OutputLayer) layer).hasBias()) {
      return null;
    }
    ILossFunction loss = ((OutputLayer) layer).getLossFn();
    IActivation activation = layer.getActivationFn();
    // Of equal losses, those without weights of the outputs and with the usual clipping.
    if (activation instanceof ActivationSoftmax && loss.equals(new LossMCXENT())) {
      return Output.SOFTMAX_CROSS_ENTROPY;
    }
    if (activation instanceof ActivationSigmoid && loss.equals(new LossBinaryXENT())) {
      return Output.SIGMOID_CROSS_ENTROPY;
    }
    return activation instanceof ActivationIdentity && loss.equals(new LossMSE())
        ? Output.SQUARED_ERROR
        : null;
  }

  private void learns(FeedForwardLayer layer) {
    updaters.add(layer.getIUpdater());
    if (layer.getBiasUpdater() != null) {
      updaters.add(layer.getBiasUpdater());
    }
  }
}
