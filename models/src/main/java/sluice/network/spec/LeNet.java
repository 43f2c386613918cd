package sluice.network.spec;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.jspecify.annotations.Nullable;
import sluice.data.InvalidInput;
import sluice.features.TensorSpec;
import sluice.network.ExampleLayout;
import sluice.network.Network;
import sluice.network.Target;
import sluice.network.spec.MultilayerPerceptron.HiddenActivation;
import sluice.network.spec.MultilayerPerceptron.InitialWeights;

/**
 * A small convolutional network after LeCun, Bottou, Bengio and Haffner 1998 (section II.B), in the
 * form that is common since: convolutions of 5 by 5, each followed by the greatest of 2 by 2, then
 * one fully connected layer. It takes one picture.
 *
 * @param filters of each convolution, at least one of them
 * @param dense units of the fully connected layer
 * @param activation of the convolutions and the fully connected layer
 * @param dropout share of the fully connected layer's units that is set to zero in a training step,
 *     0 to below 1
 * @param l2 factor of the squared weights (not biases) in the loss, divided by two
 * @param weightInit distribution of the initial weights
 * @param loss what training makes small; null in bundles from before there was a choice
 */
public record LeNet(
    List<Integer> filters,
    int dense,
    HiddenActivation activation,
    double dropout,
    double l2,
    InitialWeights weightInit,
    @Nullable Loss loss)
    implements NetworkSpec {
  /** Each halves the picture: more than any picture can bear. */
  private static final int MOST_LAYERS = 20;

  private static final int KERNEL = 5;
  private static final int POOL = 2;

  public LeNet {
    filters = List.copyOf(filters);
    check(filters, dense, dropout);
    OutputLayers.checkPenalties(0, l2);
    loss = loss == null ? Loss.AUTO : loss;
  }

  /** With the loss that suits the label. */
  public LeNet(
      List<Integer> filters,
      int dense,
      HiddenActivation activation,
      double dropout,
      double l2,
      InitialWeights weightInit) {
    this(filters, dense, activation, dropout, l2, weightInit, null);
  }

  @Override
  public boolean hasL2() {
    return l2 > 0;
  }

  @Override
  public Loss lossOf(String label) {
    return requireNonNull(loss);
  }

  /** Refuses what no such layers can be. */
  static void check(List<Integer> filters, int dense, double dropout) {
    OutputLayers.checkDepth("filters", filters, MOST_LAYERS);
    if (filters.isEmpty() || filters.stream().anyMatch(number -> number < 1)) {
      throw InvalidInput.configuration(
          "filters must hold one or more numbers of at least 1, got " + filters);
    }
    if (dense < 1) {
      throw InvalidInput.configuration("dense must be at least 1, got " + dense);
    }
    OutputLayers.checkPenalties(dropout, 0);
  }

  /** One of the convolutions. */
  static ConvolutionLayer convolution(
      int filters, HiddenActivation activation, InitialWeights weightInit) {
    return new ConvolutionLayer.Builder(KERNEL, KERNEL)
        .nOut(filters)
        .activation(activation.activation)
        .weightInit(weightInit.init)
        .build();
  }

  /** What follows each convolution. */
  static SubsamplingLayer pooling() {
    return new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
        .kernelSize(POOL, POOL)
        .stride(POOL, POOL)
        .build();
  }

  @Override
  public Network build(
      List<TensorSpec> groups,
      ExampleLayout layout,
      List<Target> targets,
      NeuralNetConfiguration.Builder training) {
    Picture picture = Picture.of(groups, "model lenet", leastSize(filters));
    if (targets.size() > 1) {
      LeNetEncoder encoder = new LeNetEncoder(filters, dense, activation, dropout, weightInit);
      return EncoderNetwork.of(groups.get(0).name(), encoder, lossOf(targets.get(0).name()), l2)
          .build(groups, layout, targets, training);
    }
    training.weightInit(weightInit.init).activation(activation.activation);
    if (hasL2()) {
      training.l2(l2);
    }
    NeuralNetConfiguration.ListBuilder layers = training.list();
    for (int number : filters) {
      layers.layer(convolution(number, activation, weightInit)).layer(pooling());
    }
    layers.layer(new DenseLayer.Builder().nOut(dense).build());
    OutputLayer.Builder output = OutputLayers.output(targets.get(0), lossOf(targets.get(0).name()));
    if (dropout > 0) {
      // It acts on the input of its layer and takes the share that is kept.
      output.dropOut(1 - dropout);
    }
    return Network.of(layers.layer(output.build()).setInputType(picture.type()).build());
  }

  /** The least height and width of which something is left behind the last convolution. */
  static int leastSize(List<Integer> filters) {
    int size = 1;
    for (int i = 0; i < filters.size(); i++) {
      size = size * POOL + KERNEL - 1;
    }
    return size;
  }
}
