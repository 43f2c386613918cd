package sluice.network.spec;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.inputs.InputType;
import sluice.data.InvalidInput;
import sluice.data.Require;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.network.ExampleLayout;
import sluice.network.NetworkInput;
import sluice.network.layers.ColumnTokens;
import sluice.network.layers.LayerNorm;
import sluice.network.layers.SeriesPooling;
import sluice.network.layers.TransformerBlock;

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
  public TransformerEncoder {
    new Require()
        .within("heads", heads, 1, EncoderSizes.WIDEST)
        .within("dimension", dimension, 1, EncoderSizes.WIDEST)
        .within("layers", layers, 1, EncoderSizes.MOST_LAYERS)
        .within("hidden", hidden, 1, EncoderSizes.WIDEST)
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
  public boolean readsSeries(Element of) {
    return false;
  }

  @Override
  public List<Input> inputs(String prefix, List<TensorSpec> groups, ExampleLayout layout) {
    for (TensorSpec group : groups) {
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
  private static List<TensorSpec> ordered(List<TensorSpec> groups) {
    List<TensorSpec> ordered = new ArrayList<>();
    groups.stream().filter(group -> group.element().isNumber()).forEach(ordered::add);
    groups.stream().filter(group -> !group.element().isNumber()).forEach(ordered::add);
    return ordered;
  }

  @Override
  public String addTo(GraphBuilder graph, String prefix, List<TensorSpec> groups) {
    ColumnTokens.Builder tokens = new ColumnTokens.Builder(dimension);
    for (TensorSpec group : ordered(groups)) {
      for (int i = 0; i < group.shape().get(0); i++) {
        if (group.element().isNumber()) {
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
    graph.addLayer(
        prefix + "example", new SeriesPooling.Builder(SeriesPooling.Kind.LAST).build(), last);
    graph.addLayer(prefix + "normalised", new LayerNorm.Builder().build(), prefix + "example");
    return prefix + "normalised";
  }
}
