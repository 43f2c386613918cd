package sluice.network.spec;

import java.util.List;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.inputs.InputType;
import sluice.data.InvalidInput;
import sluice.features.TensorSpec;
import sluice.network.ExampleLayout;
import sluice.network.NetworkInput;
import sluice.network.layers.SeriesTokens;

/** What encoders of one series have in common: the series. */
final class OneSeries {
  private static final String SERIES = "series";

  private OneSeries() {}

  /**
   * The series whose steps an encoder reads in their order.
   *
   * @param encoder its name in a configuration
   * @throws InvalidInput (configuration) if the groups are not one series of indices or of numbers
   */
  static TensorSpec inOrder(String encoder, List<TensorSpec> groups) {
    TensorSpec series = of(encoder, groups);
    if (series.isWeighted()) {
      throw InvalidInput.configuration(
          "encoder %s needs steps in their order, which the weighted indices of feature group %s are not; encoder bag reads them"
              .formatted(encoder, series.name()));
    }
    return series;
  }

  /**
   * The series that an encoder reads, of weighted indices, too.
   *
   * @param encoder its name in a configuration
   * @throws InvalidInput (configuration) if the groups are not one series
   */
  static TensorSpec of(String encoder, List<TensorSpec> groups) {
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
      String prefix, TensorSpec group, ExampleLayout layout, int maxLength) {
    int features = NetworkInput.features(group);
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
      GraphBuilder graph, String prefix, TensorSpec group, SeriesTokens.Builder tokens) {
    if (group.isIndex()) {
      tokens.vocabulary(group.cardinalities().get(0));
    }
    graph.addLayer(tokens(prefix), tokens.build(), vertex(prefix));
    return tokens(prefix);
  }

  /** The layer of the tokens. */
  static String tokens(String prefix) {
    return prefix + "tokens";
  }
}
