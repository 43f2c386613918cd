package sluice.network.spec;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationMish;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSELU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import sluice.data.Auto;
import sluice.features.TensorSpec;
import sluice.network.ExampleLayout;
import sluice.network.Network;
import sluice.network.NetworkInput;
import sluice.network.Target;
import sluice.network.layers.ErfGelu;
import sluice.network.layers.TanhGelu;

/**
 * Fully connected layers, one behind the other. Numbers and one-hot categories stand side by side
 * in the input; category indices go through embeddings.
 *
 * @param hidden units of each hidden layer; may be empty, which makes a generalised linear model;
 *     null stands for {@link #UNITS}
 * @param activation of the hidden layers
 * @param dropout share of the hidden units that is set to zero in a training step, 0 to below 1;
 *     null stands for {@link #DROPOUT} in a network of the default's units, else for none
 * @param l2 factor of the squared weights (not biases) in the loss, divided by two; null leaves it
 *     to the training in a network of the default's units, and stands for none in another
 * @param weightInit distribution of the initial weights
 * @param loss what training makes small
 * @param embeddings of category indices; null in bundles from before there were any, whose networks
 *     take an index for a number
 */
public record MultilayerPerceptron(
    @Auto @Nullable List<Integer> hidden,
    HiddenActivation activation,
    @Auto @Nullable Double dropout,
    @Auto @Nullable Double l2,
    InitialWeights weightInit,
    Loss loss,
    @Nullable Embeddings embeddings)
    implements NetworkSpec {
  /** The units of the default's hidden layers. */
  public static final List<Integer> UNITS = List.of(256, 256);

  /** The dropout of the default. */
  public static final double DROPOUT = 0.2;

  /** Activations of hidden layers. */
  public enum HiddenActivation {
    RELU(new ActivationReLU()),
    LEAKY_RELU(new ActivationLReLU()),
    ELU(new ActivationELU()),
    SELU(new ActivationSELU()),
    /** By a sigmoid: Hendrycks and Gimpel 2016, section 2. */
    GELU(new ActivationGELU()),
    /** By a hyperbolic tangent: the same section. */
    GELU_TANH(new TanhGelu()),
    /** By the error function, as it is defined. */
    GELU_ERF(new ErfGelu()),
    /** Also called SiLU. */
    SWISH(new ActivationSwish()),
    /** Misra 2019. */
    MISH(new ActivationMish()),
    TANH(new ActivationTanH()),
    SIGMOID(new ActivationSigmoid());

    @SuppressWarnings("ImmutableEnumChecker") // an activation has no state
    final IActivation activation;

    HiddenActivation(IActivation activation) {
      this.activation = activation;
    }
  }

  /** Distributions of initial weights; biases start at zero. */
  public enum InitialWeights {
    /** Glorot and Bengio 2010, normal. */
    XAVIER(org.deeplearning4j.nn.weights.WeightInit.XAVIER),
    /** He et al. 2015, normal. */
    HE(org.deeplearning4j.nn.weights.WeightInit.RELU),
    /** LeCun et al. 1998, normal. */
    LECUN(org.deeplearning4j.nn.weights.WeightInit.LECUN_NORMAL);

    final org.deeplearning4j.nn.weights.WeightInit init;

    InitialWeights(org.deeplearning4j.nn.weights.WeightInit init) {
      this.init = init;
    }
  }

  public MultilayerPerceptron {
    if (dropout == null) {
      dropout = hidden == null ? DROPOUT : 0;
    }
    if (l2 == null && hidden != null) {
      l2 = 0.0;
    }
    hidden = hidden == null ? UNITS : List.copyOf(hidden);
    DenseStack.check(hidden, dropout);
    OutputLayers.checkPenalties(0, l2 == null ? 0 : l2);
  }

  /** A network of given units, dropout and penalty. */
  public MultilayerPerceptron(
      List<Integer> hidden,
      HiddenActivation activation,
      double dropout,
      double l2,
      InitialWeights weightInit,
      Loss loss) {
    this(
        hidden,
        activation,
        Double.valueOf(dropout),
        Double.valueOf(l2),
        weightInit,
        loss,
        new Embeddings(null));
  }

  @Override
  public boolean hasL2() {
    return l2 != null && l2 > 0;
  }

  @Override
  public Loss lossOf(String label) {
    return loss;
  }

  @Override
  public boolean leavesL2ToTraining() {
    return l2 == null;
  }

  @Override
  public NetworkSpec withL2(double given) {
    return l2 == null
        ? new MultilayerPerceptron(
            hidden, activation, dropout, Double.valueOf(given), weightInit, loss, embeddings)
        : this;
  }

  @Override
  public List<NetworkInput> inputs(List<TensorSpec> groups, ExampleLayout layout) {
    return looksUp(groups)
        ? asGraph().inputs(groups, layout)
        : NetworkSpec.super.inputs(groups, layout);
  }

  private boolean looksUp(List<TensorSpec> groups) {
    return embeddings != null && groups.stream().anyMatch(TensorSpec::isIndex);
  }

  /** The same network as a graph: for embeddings beside numbers, and for several targets. */
  private EncoderNetwork asGraph() {
    MlpEncoder encoder =
        new MlpEncoder(
            requireNonNull(hidden),
            activation,
            requireNonNull(dropout),
            weightInit,
            embeddings == null ? new Embeddings(null) : embeddings,
            null);
    return EncoderNetwork.of(EncoderNetwork.COLUMNS, encoder, loss, l2);
  }

  @Override
  public Network build(
      List<TensorSpec> groups,
      ExampleLayout layout,
      List<Target> targets,
      NeuralNetConfiguration.Builder training) {
    if (targets.size() > 1 || looksUp(groups)) {
      return asGraph().build(groups, layout, targets, training);
    }
    training.weightInit(weightInit.init).activation(activation.activation);
    if (l2 != null && l2 > 0) {
      training.l2(l2);
    }
    NeuralNetConfiguration.ListBuilder layers = training.list();
    int width = inputs(groups, layout).get(0).width();
    // Deeplearning4j's dropout acts on the input of its layer and takes the share that is kept: on
    // every layer but the first it therefore drops hidden units, and never raw input.
    double dropped = requireNonNull(dropout);
    double keep = 1 - dropped;
    boolean first = true;
    for (int units : requireNonNull(hidden)) {
      DenseLayer.Builder dense = new DenseLayer.Builder().nIn(width).nOut(units);
      if (dropped > 0 && !first) {
        dense.dropOut(keep);
      }
      layers.layer(dense.build());
      width = units;
      first = false;
    }
    OutputLayer.Builder output = OutputLayers.output(targets.get(0), loss).nIn(width);
    if (dropped > 0 && !first) {
      output.dropOut(keep);
    }
    return Network.of(layers.layer(output.build()).build());
  }
}
