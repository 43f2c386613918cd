package sluice.network.spec;

import java.util.List;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.inputs.InputType;
import sluice.data.InvalidInput;
import sluice.network.ExampleLayout;
import sluice.network.NetworkInput;
import sluice.network.layers.SeriesTokens;
import sluice.normalise.FeatureGroup;

/** What encoders of one series have in common: the series. */
final class OneSeries {
  private static final String SERIES = "series";

  private OneSeries() {}

  /**
   * The series that an encoder reads.
   *
   * @param encoder its name in a configuration
   * @throws InvalidInput (configuration) if the groups are not one series
   */
  static FeatureGroup of(String encoder, List<FeatureGroup> groups) {
    if (groups.size() != 1 || !groups.get(0).isSeries()) {
      throw InvalidInput.configuration(
          "encoder %s needs one feature group that is a series, got %s"
              .formatted(
                  encoder,
                  groups.stream()
                      .map(group -> group.name() + " of " + group.shape())
                      .collect(Collectors.joining(" and "))));
    }
    return groups.get(0);
  }

  /**
   * @param maxLength steps that are read
   */
  static List<Encoder.Input> inputs(
      String prefix, FeatureGroup group, ExampleLayout layout, int maxLength) {
    int features = group.shape().stream().skip(1).reduce(1, Math::multiplyExact);
    return List.of(
        new Encoder.Input(
            NetworkInput.ofSeries(prefix + SERIES, layout, group, maxLength),
            InputType.recurrent(features)));
  }

  /** The vertex of the series. */
  static String vertex(String prefix) {
    return prefix + SERIES;
  }

  /** Adds a vector for each index or each step of numbers, and says what the vertex is called. */
  static String addTokens(
      GraphBuilder graph, String prefix, FeatureGroup group, SeriesTokens.Builder tokens) {
    if (group.isIndex()) {
      // A penalty would move every vector in every step, also of tokens that no example has.
      tokens.vocabulary(group.cardinalities().get(0)).l2(0);
    }
    graph.addLayer(prefix + "tokens", tokens.build(), vertex(prefix));
    return prefix + "tokens";
  }
}
