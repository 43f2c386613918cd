package sluice.network.spec;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import sluice.data.InvalidInput;
import sluice.data.NamedTypes;
import sluice.network.ExampleLayout;
import sluice.network.Network;
import sluice.network.NetworkInput;
import sluice.network.Target;
import sluice.network.dl4j.Dl4jConfiguration;
import sluice.network.dl4j.GraphFit;
import sluice.normalise.FeatureGroup;

/**
 * A network that a user configured in Deeplearning4j. Of a network with one input that is all
 * features; with several each is the feature group of its name, and {@value EncoderNetwork#COLUMNS}
 * all groups without an input of their own. Columns are numbers side by side; a picture that is
 * alone in an input is one.
 *
 * @param configuration checked, as a file or a bundle held it
 */
public record Dl4jNetwork(Dl4jConfiguration configuration) implements NetworkSpec {
  /** How it is called where configurations are shown: as the {@link Dl4jFile} that it was. */
  public static final NamedTypes<Dl4jNetwork> TYPES =
      NamedTypes.of(Dl4jNetwork.class).with(Dl4jFile.TYPE, Dl4jNetwork.class);

  @Override
  public List<NetworkInput> inputs(List<FeatureGroup> groups, ExampleLayout layout) {
    List<NetworkInput> inputs = new ArrayList<>();
    List<List<FeatureGroup>> parts = parts(groups);
    for (int i = 0; i < parts.size(); i++) {
      inputs.add(NetworkInput.of("input" + i, layout, parts.get(i)));
    }
    return inputs;
  }

  /** The groups of each input. */
  private List<List<FeatureGroup>> parts(List<FeatureGroup> groups) {
    List<String> names = configuration.inputs();
    if (names.size() < 2) {
      return List.of(groups);
    }
    List<List<FeatureGroup>> parts = new ArrayList<>();
    List<FeatureGroup> left = new ArrayList<>(groups);
    for (String name : names) {
      List<FeatureGroup> part =
          groups.stream()
              .filter(
                  group ->
                      name.equals(EncoderNetwork.COLUMNS)
                          ? !names.contains(group.name())
                          : name.equals(group.name()))
              .toList();
      if (part.isEmpty()) {
        throw misfit(names, groups);
      }
      left.removeAll(part);
      parts.add(part);
    }
    if (!left.isEmpty()) {
      throw misfit(names, groups);
    }
    return parts;
  }

  private static InvalidInput misfit(List<String> inputs, List<FeatureGroup> groups) {
    return InvalidInput.configuration(
        "model.configuration: the network's inputs must be the feature groups %s, or one of them columns for all others, got %s"
            .formatted(groups.stream().map(FeatureGroup::name).toList(), inputs));
  }

  @Override
  public Network build(
      List<FeatureGroup> groups,
      ExampleLayout layout,
      List<Target> targets,
      NeuralNetConfiguration.Builder training) {
    List<NetworkInput> inputs = inputs(groups, layout);
    List<List<FeatureGroup>> parts = parts(groups);
    List<InputType> types = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      types.add(
          parts.get(i).size() == 1 && Picture.is(parts.get(i).get(0))
              ? Picture.of(parts.get(i), "model dl4j", 1).type()
              : InputType.feedForward(inputs.get(i).width()));
    }
    return GraphFit.network(configuration, types, targets, training);
  }
}
