package sluice.network.spec;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.inputs.InputType;
import sluice.data.InvalidInput;
import sluice.data.Require;
import sluice.network.ExampleLayout;
import sluice.network.NetworkInput;
import sluice.network.layers.ColumnTokens;
import sluice.network.layers.LastStep;
import sluice.network.layers.LayerNorm;
import sluice.network.layers.TransformerBlock;
import sluice.normalise.FeatureGroup;
import sluice.normalise.FeatureGroup.Encoding;

/**
 * A transformer over columns: FT-Transformer (Gorishniy, Rubachev, Khrulkov and Babenko 2021,
 * section 3.3) with GELU in place of ReGLU. Every number and every category, one-hot or index, is a
 * token; the token of the example, which attends to all of them, is the vector.
 *
 * @param dimension of the tokens and of the vector, a multiple of heads
 * @param heads of attention
 * @param layers blocks of attention and two connected layers, at least 1
 * @param hidden the width between the connected layers
 * @param attentionDropout share of attention's weights that is set to zero in a training step
 * @param dropout share of the units between the connected layers and before each sum, likewise
 */
public record TransformerEncoder(
    int dimension, int heads, int layers, int hidden, double attentionDropout, double dropout)
    implements Encoder {
  private static final int MOST_LAYERS = 100;
  private static final int WIDEST = 1 << 16;

  public TransformerEncoder {
    new Require()
        .within("heads", heads, 1, WIDEST)
        .within("dimension", dimension, 1, WIDEST)
        .within("layers", layers, 1, MOST_LAYERS)
        .within("hidden", hidden, 1, WIDEST)
        .that(
            heads < 1 || dimension % heads == 0,
            "dimension must be a multiple of heads, got %d and %d".formatted(dimension, heads))
        .that(
            attentionDropout >= 0 && attentionDropout < 1,
            "attention-dropout must be at least 0 and below 1, got " + attentionDropout)
        .that(dropout >= 0 && dropout < 1, "dropout must be at least 0 and below 1, got " + dropout)
        .hold();
  }

  @Override
  public List<Input> inputs(String prefix, List<FeatureGroup> groups, ExampleLayout layout) {
    for (FeatureGroup group : groups) {
      if (group.shape().size() != 1) {
        throw InvalidInput.configuration(
            "encoder transformer needs columns, got feature group %s of %s"
                .formatted(group.name(), group.shape()));
      }
    }
    NetworkInput input = NetworkInput.ofIndices(prefix + "columns", layout, ordered(groups));
    return List.of(new Input(input, InputType.feedForward(input.width())));
  }

  /** As the tokens are: numbers before categories. */
  private static List<FeatureGroup> ordered(List<FeatureGroup> groups) {
    List<FeatureGroup> ordered = new ArrayList<>();
    groups.stream().filter(group -> group.encoding() == Encoding.FLOAT).forEach(ordered::add);
    groups.stream().filter(group -> group.encoding() != Encoding.FLOAT).forEach(ordered::add);
    return ordered;
  }

  @Override
  public String addTo(GraphBuilder graph, String prefix, List<FeatureGroup> groups) {
    ColumnTokens.Builder tokens = new ColumnTokens.Builder(dimension);
    for (FeatureGroup group : ordered(groups)) {
      for (int i = 0; i < group.shape().get(0); i++) {
        if (group.encoding() == Encoding.FLOAT) {
          tokens.number(group.names().get(i));
        } else {
          tokens.category(group.names().get(i), group.cardinalities().get(i));
        }
      }
    }
    String last = prefix + "tokens";
    graph.addLayer(last, tokens.build(), prefix + "columns");
    for (int layer = 1; layer <= layers; layer++) {
      String block = prefix + "block" + layer;
      graph.addLayer(
          block,
          new TransformerBlock.Builder(heads, hidden)
              .attentionDropRate(attentionDropout)
              .dropRate(dropout)
              .build(),
          last);
      last = block;
    }
    graph.addLayer(prefix + "example", new LastStep.Builder().build(), last);
    graph.addLayer(prefix + "normalised", new LayerNorm.Builder().build(), prefix + "example");
    return prefix + "normalised";
  }
}
