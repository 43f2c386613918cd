package sluice.network.spec;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.jspecify.annotations.Nullable;
import sluice.data.Require;
import sluice.features.TensorSpec;
import sluice.network.ExampleLayout;
import sluice.network.layers.LayerNorm;
import sluice.network.layers.SeriesPooling;
import sluice.network.layers.SeriesTokens;
import sluice.network.layers.TransformerBlock;

/**
 * A transformer over one series (Vaswani et al. 2017): each index or each step of numbers is a
 * token, and the pooled tokens are the vector. An empty series gives zeros.
 *
 * <p>With norm {@code post}, normalised tokens, 2 segments, GELU by the error function and an
 * epsilon of 1e-12 it is BERT's encoder (Devlin et al. 2018).
 *
 * @param dimension of the tokens and of the vector, a multiple of heads
 * @param heads of attention
 * @param layers blocks of attention and two connected layers, at least 1
 * @param hidden the width between the connected layers
 * @param positions how tokens know where they stand
 * @param norm where a block normalises; behind the last block normalises a layer of its own unless
 *     blocks normalise their sums
 * @param pooling what becomes of the tokens
 * @param maxLength steps that are read; of longer series the first
 * @param attentionDropout share of attention's weights that is set to zero in a training step
 * @param dropout share of the units between the connected layers and before each sum, likewise
 * @param normaliseTokens whether a layer normalises the tokens before the first block; null, as all
 *     that follow, in bundles from before there was a choice
 * @param segments of which each has a learnt vector that is added to its tokens; a series is in the
 *     first of them
 * @param gelu how blocks compute GELU
 * @param epsilon what is added to variances where they normalise
 */
public record SequenceTransformerEncoder(
    int dimension,
    int heads,
    int layers,
    int hidden,
    Positions positions,
    TransformerBlock.Norm norm,
    SeriesPooling.Kind pooling,
    int maxLength,
    double attentionDropout,
    double dropout,
    @Nullable Boolean normaliseTokens,
    @Nullable Integer segments,
    TransformerBlock.@Nullable Gelu gelu,
    @Nullable Double epsilon)
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

  private static final String NAME = "sequence-transformer";
  private static final int MOST_SEGMENTS = 100;

  public SequenceTransformerEncoder {
    normaliseTokens = requireNonNullElse(normaliseTokens, false);
    segments = requireNonNullElse(segments, 0);
    gelu = requireNonNullElse(gelu, TransformerBlock.Gelu.TANH);
    epsilon = requireNonNullElse(epsilon, LayerNorm.EPSILON);
    new Require()
        .within("heads", heads, 1, EncoderSizes.WIDEST)
        .within("dimension", dimension, 1, EncoderSizes.WIDEST)
        .within("layers", layers, 1, EncoderSizes.MOST_LAYERS)
        .within("hidden", hidden, 1, EncoderSizes.WIDEST)
        .within("max-length", maxLength, 1, EncoderSizes.LONGEST)
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
        .within("segments", segments, 0, MOST_SEGMENTS)
        .that(epsilon > 0 && epsilon < 1, "epsilon must be above 0 and below 1, got " + epsilon)
        .hold();
  }

  /** With GELU by a hyperbolic tangent, and tokens as they are. */
  public SequenceTransformerEncoder(
      int dimension,
      int heads,
      int layers,
      int hidden,
      Positions positions,
      TransformerBlock.Norm norm,
      SeriesPooling.Kind pooling,
      int maxLength,
      double attentionDropout,
      double dropout) {
    this(
        dimension,
        heads,
        layers,
        hidden,
        positions,
        norm,
        pooling,
        maxLength,
        attentionDropout,
        dropout,
        false,
        0,
        TransformerBlock.Gelu.TANH,
        LayerNorm.EPSILON);
  }

  /** What stands for nothing else said. */
  static SequenceTransformerEncoder standard() {
    return new SequenceTransformerEncoder(
        64,
        4,
        2,
        256,
        Positions.LEARNT,
        TransformerBlock.Norm.PRE,
        SeriesPooling.Kind.MEAN,
        512,
        0.1,
        0.1);
  }

  @Override
  public List<Input> inputs(String prefix, List<TensorSpec> groups, ExampleLayout layout) {
    return OneSeries.inputs(prefix, OneSeries.inOrder(NAME, groups), layout, maxLength);
  }

  @Override
  public String addTo(GraphBuilder graph, String prefix, List<TensorSpec> groups) {
    TensorSpec series = OneSeries.inOrder(NAME, groups);
    SeriesTokens.Builder tokens = new SeriesTokens.Builder(dimension);
    if (positions == Positions.LEARNT) {
      tokens.positions(maxLength);
    }
    tokens.segments(requireNonNull(segments));
    String last = OneSeries.addTokens(graph, prefix, series, tokens);
    if (requireNonNull(normaliseTokens)) {
      last = addNorm(graph, tokensNorm(prefix), last);
    }
    for (int layer = 1; layer <= layers; layer++) {
      TransformerBlock.Builder settings =
          new TransformerBlock.Builder(heads, hidden)
              .norm(norm)
              .attentionDropRate(attentionDropout)
              .dropRate(dropout)
              .gelu(requireNonNull(gelu))
              .epsilon(requireNonNull(epsilon));
      if (positions == Positions.ROTARY) {
        settings.rotary();
      }
      graph.addLayer(block(prefix, layer), settings.build(), last);
      last = block(prefix, layer);
    }
    if (norm == TransformerBlock.Norm.PRE) {
      last = addNorm(graph, prefix + "normalised", last);
    }
    graph.addLayer(prefix + "pooled", new SeriesPooling.Builder(pooling).build(), last);
    return prefix + "pooled";
  }

  private String addNorm(GraphBuilder graph, String name, String read) {
    graph.addLayer(name, new LayerNorm.Builder().epsilon(requireNonNull(epsilon)).build(), read);
    return name;
  }

  /** The name of the layer that gives the tokens. */
  public static String tokens(String prefix) {
    return OneSeries.tokens(prefix);
  }

  /** The name of the layer that normalises the tokens. */
  public static String tokensNorm(String prefix) {
    return prefix + "tokens-normalised";
  }

  /**
   * The name of a block.
   *
   * @param layer from 1 on
   */
  public static String block(String prefix, int layer) {
    return prefix + "block" + layer;
  }
}
