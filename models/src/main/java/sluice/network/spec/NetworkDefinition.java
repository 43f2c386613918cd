package sluice.network.spec;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.util.StdConverter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.jspecify.annotations.Nullable;
import sluice.data.InvalidInput;
import sluice.features.TensorSpec;
import sluice.network.Batcher;
import sluice.network.ExampleLayout;
import sluice.network.GradientClipping;
import sluice.network.Natives;
import sluice.network.Network;
import sluice.network.NetworkInput;
import sluice.network.Optimisation;
import sluice.network.Predictor;
import sluice.network.Target;
import sluice.network.UpdaterSpec;

/**
 * All that decides a network but its parameters.
 *
 * @param spec what was asked for; of {@code auto} what it stands for
 * @param inputs the feature groups that it reads, in order
 * @param targets what it predicts, at least one; of several each has a name of its own
 */
@JsonDeserialize(converter = NetworkDefinition.Read.class)
public record NetworkDefinition(NetworkSpec spec, List<TensorSpec> inputs, List<Target> targets) {
  /** Older bundles have one target, which they do not list. */
  static final class Read extends StdConverter<Read.Fields, NetworkDefinition> {
    record Fields(
        NetworkSpec spec,
        List<TensorSpec> inputs,
        @Nullable Target target,
        @Nullable List<Target> targets) {}

    @Override
    public NetworkDefinition convert(Fields read) {
      List<Target> targets =
          read.targets != null
              ? read.targets
              : read.target == null ? List.of() : List.of(read.target);
      return new NetworkDefinition(read.spec, read.inputs, targets);
    }
  }

  public NetworkDefinition {
    inputs = List.copyOf(inputs);
    spec = spec.settled(inputs);
    targets = List.copyOf(targets);
    if (targets.isEmpty()
        || targets.stream().map(Target::name).distinct().count() < targets.size()) {
      throw InvalidInput.data(
          "a network must have targets of different names, at least one, got "
              + targets.stream().map(Target::name).toList());
    }
  }

  /** A network that predicts one label. */
  public NetworkDefinition(NetworkSpec spec, List<TensorSpec> inputs, Target target) {
    this(spec, inputs, List.of(target));
  }

  /**
   * What it predicts, where that is one label.
   *
   * @throws IllegalStateException if it is several
   */
  public Target target() {
    if (targets.size() > 1) {
      throw new IllegalStateException("the network has several targets: " + targets);
    }
    return targets.get(0);
  }

  /** This, with the factor of the squared weights in the loss if it was left open. */
  public NetworkDefinition withL2(double l2) {
    return new NetworkDefinition(spec.withL2(l2), inputs, targets);
  }

  /** The same network over examples that are stored otherwise. */
  public NetworkDefinition withInputs(List<TensorSpec> others) {
    return new NetworkDefinition(spec, others, targets);
  }

  /** How examples to predict are kept. */
  public ExampleLayout layout() {
    return new ExampleLayout(inputs);
  }

  /** By the name of each series, how many of its steps are read at most. */
  public Map<String, Integer> mostSteps() {
    ExampleLayout layout = layout();
    Map<String, Integer> most = new LinkedHashMap<>();
    for (NetworkInput input : spec.inputs(inputs, layout)) {
      if (input.isSeries()) {
        most.merge(layout.name(input.group()), input.mostSteps(), Math::max);
      }
    }
    return most;
  }

  /** What makes minibatches of examples to train on, which are kept with their tags. */
  public Batcher batcher() {
    return batcher(new ExampleLayout(inputs, targets));
  }

  private Batcher batcher(ExampleLayout layout) {
    return new Batcher(
        layout,
        spec.inputs(inputs, layout),
        targets,
        targets.stream().mapToDouble(this::lossWeight).toArray());
  }

  private double lossWeight(Target target) {
    double weight = spec.lossWeight(target);
    return target.steps() == null || target.steps().mean() == 0
        ? weight
        : weight / target.steps().mean();
  }

  /**
   * A network with initial weights, to be trained without clipping.
   *
   * @param seed of the weights; any value, also zero
   */
  public Network initial(UpdaterSpec updater, long seed) {
    return initial(updater, GradientClipping.none(), seed);
  }

  /**
   * A network with initial weights, to be trained at a constant rate.
   *
   * @param seed of the weights; any value, also zero
   */
  public Network initial(UpdaterSpec updater, GradientClipping clipping, long seed) {
    return initial(Optimisation.constant(updater, clipping), seed);
  }

  /**
   * A network with initial weights.
   *
   * @param seed of the weights; any value, also zero
   * @throws InvalidInput (configuration) if it has two penalties of the weights
   */
  public Network initial(Optimisation optimisation, long seed) {
    spec.misfit(optimisation.updater())
        .ifPresent(
            problem -> {
              throw InvalidInput.configuration(problem);
            });
    Natives.load();
    // Deeplearning4j takes a seed of zero for no seed at all.
    long used = seed == 0 ? 0x5EEDL : seed;
    NeuralNetConfiguration.Builder training = new NeuralNetConfiguration.Builder().seed(used);
    optimisation.apply(training);
    Network network = spec.build(inputs, layout(), targets, training);
    optimisation.decay(network);
    return network;
  }

  /** {@link Network#architecture} of such a network. */
  public List<String> architecture() {
    return initial(new UpdaterSpec.Sgd(1), 1).architecture();
  }

  /** What predicts with these parameters. */
  public Predictor predictor(float[] parameters) {
    return new Predictor(
        initial(new UpdaterSpec.Sgd(1), 1).inference(parameters), batcher(layout()));
  }

  /** A network with these parameters, for predictions. */
  public Network with(float[] parameters) {
    Network network = initial(new UpdaterSpec.Sgd(1), 1);
    network.setParameters(parameters);
    return network;
  }
}
