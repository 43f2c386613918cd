package sluice.network.spec;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.layers.Layer;
import sluice.data.Require;
import sluice.network.ExampleLayout;
import sluice.network.layers.LastStep;
import sluice.network.layers.LayerNorm;
import sluice.network.layers.SeriesPooling;
import sluice.network.layers.SeriesTokens;
import sluice.network.layers.TransformerBlock;
import sluice.normalise.FeatureGroup;

/**
 * A transformer over one series (Vaswani et al. 2017; the norms stand where Xiong et al. 2020 have
 * them): each index or each step of numbers is a token, and the pooled tokens are the vector. An
 * empty series gives zeros.
 *
 * @param dimension of the tokens and of the vector, a multiple of heads
 * @param heads of attention
 * @param layers blocks of attention and two connected layers, at least 1
 * @param hidden the width between the connected layers
 * @param positions how tokens know where they stand
 * @param pooling what becomes of the tokens
 * @param maxLength steps that are read; of longer series the first
 * @param attentionDropout share of attention's weights that is set to zero in a training step
 * @param dropout share of the units between the connected layers and before each sum, likewise
 */
public record SequenceTransformerEncoder(
    int dimension,
    int heads,
    int layers,
    int hidden,
    Positions positions,
    Pooling pooling,
    int maxLength,
    double attentionDropout,
    double dropout)
    implements Encoder {
  /** How tokens know where they stand. */
  public enum Positions {
    /** A learnt vector for each position. */
    LEARNT,
    /** Queries and keys are turned, see {@link sluice.network.layers.Rotation}. */
    ROTARY,
    /** They do not. */
    NONE
  }

  /** What becomes of the tokens. */
  public enum Pooling {
    MEAN,
    MAX,
    FIRST,
    LAST,
    ATTENTION
  }

  private static final int MOST_LAYERS = 100;
  private static final int WIDEST = 1 << 16;
  private static final int LONGEST = 1 << 15;
  private static final String NAME = "sequence-transformer";

  public SequenceTransformerEncoder {
    new Require()
        .within("heads", heads, 1, WIDEST)
        .within("dimension", dimension, 1, WIDEST)
        .within("layers", layers, 1, MOST_LAYERS)
        .within("hidden", hidden, 1, WIDEST)
        .within("max-length", maxLength, 1, LONGEST)
        .that(
            heads < 1 || dimension % heads == 0,
            "dimension must be a multiple of heads, got %d and %d".formatted(dimension, heads))
        .that(
            positions != Positions.ROTARY || heads < 1 || dimension / heads % 2 == 0,
            "rotary positions need an even dimension of each head, got %d and %d heads"
                .formatted(dimension, heads))
        .that(
            attentionDropout >= 0 && attentionDropout < 1,
            "attention-dropout must be at least 0 and below 1, got " + attentionDropout)
        .that(dropout >= 0 && dropout < 1, "dropout must be at least 0 and below 1, got " + dropout)
        .hold();
  }

  /** What stands for nothing else said. */
  static SequenceTransformerEncoder standard() {
    return new SequenceTransformerEncoder(
        64, 4, 2, 256, Positions.LEARNT, Pooling.MEAN, 512, 0.1, 0.1);
  }

  @Override
  public List<Input> inputs(String prefix, List<FeatureGroup> groups, ExampleLayout layout) {
    return OneSeries.inputs(prefix, OneSeries.of(NAME, groups), layout, maxLength);
  }

  @Override
  public String addTo(GraphBuilder graph, String prefix, List<FeatureGroup> groups) {
    SeriesTokens.Builder tokens = new SeriesTokens.Builder(dimension);
    if (positions == Positions.LEARNT) {
      tokens.positions(maxLength);
    }
    String last = OneSeries.addTokens(graph, prefix, OneSeries.of(NAME, groups), tokens);
    for (int layer = 1; layer <= layers; layer++) {
      String block = prefix + "block" + layer;
      TransformerBlock.Builder settings =
          new TransformerBlock.Builder(heads, hidden)
              .attentionDropRate(attentionDropout)
              .dropRate(dropout);
      if (positions == Positions.ROTARY) {
        settings.rotary();
      }
      graph.addLayer(block, settings.build(), last);
      last = block;
    }
    graph.addLayer(prefix + "normalised", new LayerNorm.Builder().build(), last);
    graph.addLayer(prefix + "pooled", pool(), prefix + "normalised");
    return prefix + "pooled";
  }

  private Layer pool() {
    return switch (pooling) {
      case MEAN -> new SeriesPooling.Builder(SeriesPooling.Kind.MEAN).build();
      case MAX -> new SeriesPooling.Builder(SeriesPooling.Kind.MAX).build();
      case FIRST -> new SeriesPooling.Builder(SeriesPooling.Kind.FIRST).build();
      case ATTENTION -> new SeriesPooling.Builder(SeriesPooling.Kind.ATTENTION).build();
      case LAST -> new LastStep.Builder().build();
    };
  }
}
