package sluice.network.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import sluice.data.InvalidInput;
import sluice.data.NamedTypes;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.network.ExampleLayout;
import sluice.network.Network;
import sluice.network.NetworkInput;
import sluice.network.Target;
import sluice.network.UpdaterSpec;
import sluice.network.dl4j.Dl4jConfiguration;
import sluice.network.dl4j.ExampleInput;
import sluice.network.dl4j.GraphFit;

/**
 * A network that a user configured in Deeplearning4j. Of a network with one input that is all
 * features; with several each is the feature group of its name, and {@value EncoderNetwork#COLUMNS}
 * all groups without an input of their own. Columns are numbers side by side; a picture that is
 * alone in an input is one, and so is a series, which is as long as it is. Output layers with the
 * names of all labels predict these, others the labels in their order.
 *
 * @param configuration checked, as a file or a bundle held it
 */
public record Dl4jNetwork(Dl4jConfiguration configuration) implements NetworkSpec {
  /** How it is called where configurations are shown: as the {@link Dl4jFile} that it was. */
  public static final NamedTypes<Dl4jNetwork> TYPES =
      NamedTypes.of(Dl4jNetwork.class).with(Dl4jFile.TYPE, Dl4jNetwork.class);

  /** Weight decay would take the place of the file's penalties. */
  @Override
  public Optional<String> misfit(UpdaterSpec updater) {
    return configuration.penalisesWeights() && updater.weightDecay() > 0
        ? Optional.of(
            "model.configuration must have no penalties of weights (regularization) with train.updater %s, whose weight decay takes their place"
                .formatted(UpdaterSpec.TYPES.name(updater)))
        : Optional.empty();
  }

  @Override
  public List<String> problems(List<String> groups, List<String> targets) {
    List<String> problems = new ArrayList<>(GraphFit.problems(configuration, targets));
    if (!matches(groups)) {
      problems.add(misfit(groups));
    }
    return problems;
  }

  @Override
  public boolean readsSeries(String group, Element of) {
    return true;
  }

  @Override
  public List<NetworkInput> inputs(List<TensorSpec> groups, ExampleLayout layout) {
    List<NetworkInput> inputs = new ArrayList<>();
    List<List<TensorSpec>> parts = parts(groups);
    for (int i = 0; i < parts.size(); i++) {
      List<TensorSpec> part = parts.get(i);
      inputs.add(
          part.get(0).isSeries()
              ? series("input" + i, layout, part.get(0))
              : NetworkInput.of("input" + i, layout, part));
    }
    return inputs;
  }

  private static NetworkInput series(String name, ExampleLayout layout, TensorSpec group) {
    int steps = NetworkInput.WIDEST / NetworkInput.features(group);
    return NetworkInput.ofSeries(name, layout, group, Math.min(EncoderSizes.LONGEST, steps));
  }

  /** The groups of each input. */
  private List<List<TensorSpec>> parts(List<TensorSpec> groups) {
    List<String> inputs = configuration.inputs();
    if (inputs.size() < 2) {
      return List.of(apart(configuration.isGraph() ? "the input " + inputs : "the layers", groups));
    }
    List<String> names = groups.stream().map(TensorSpec::name).toList();
    if (!matches(names)) {
      throw InvalidInput.configuration(misfit(names));
    }
    return inputs.stream()
        .map(
            input ->
                apart(
                    "the input " + input,
                    groups.stream().filter(group -> input.equals(inputOf(group.name()))).toList()))
        .toList();
  }

  /** Whether each of several inputs has a feature group, and each group one input. */
  private boolean matches(List<String> groups) {
    List<String> inputs = configuration.inputs();
    Set<String> read = groups.stream().map(this::inputOf).collect(Collectors.toSet());
    return inputs.size() < 2 || read.equals(Set.copyOf(inputs));
  }

  private String inputOf(String group) {
    return configuration.inputs().contains(group) ? group : EncoderNetwork.COLUMNS;
  }

  private String misfit(List<String> groups) {
    return "model.configuration: the network's inputs must be the feature groups %s, or one of them columns for all others, got %s"
        .formatted(groups, configuration.inputs());
  }

  /** A series stands alone in an input, as its steps are not the columns'. */
  private static List<TensorSpec> apart(String input, List<TensorSpec> part) {
    if (part.size() > 1 && part.stream().anyMatch(TensorSpec::isSeries)) {
      throw InvalidInput.configuration(
          "model.configuration: %s must read one series alone or no series, got the feature groups %s; a ComputationGraphConfiguration can have an input for each series, of its name, and columns for the rest"
              .formatted(
                  input,
                  part.stream().map(group -> group.name() + " of " + group.shape()).toList()));
    }
    return part;
  }

  @Override
  public Network build(
      List<TensorSpec> groups,
      ExampleLayout layout,
      List<Target> targets,
      NeuralNetConfiguration.Builder training) {
    List<NetworkInput> inputs = inputs(groups, layout);
    List<List<TensorSpec>> parts = parts(groups);
    List<ExampleInput> given = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      given.add(given(parts.get(i), inputs.get(i)));
    }
    return GraphFit.network(configuration, given, targets, training);
  }

  private static ExampleInput given(List<TensorSpec> part, NetworkInput input) {
    TensorSpec first = part.get(0);
    if (first.isWeighted()) {
      return ExampleInput.weighted(first.name(), first.cardinalities().get(0));
    }
    if (first.isSeries()) {
      return ExampleInput.series(
          first.name(), first.size(), first.isIndex() ? first.cardinalities().get(0) : 0);
    }
    String names = part.stream().map(TensorSpec::name).collect(Collectors.joining(", "));
    return ExampleInput.fixed(
        names,
        part.size() == 1 && first.isPicture()
            ? Picture.of(part, "model dl4j", 1).type()
            : InputType.feedForward(input.width()));
  }
}
