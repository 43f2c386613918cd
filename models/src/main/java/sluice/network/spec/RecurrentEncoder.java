package sluice.network.spec;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.nd4j.linalg.activations.Activation;
import sluice.data.Require;
import sluice.features.TensorSpec;
import sluice.network.ExampleLayout;
import sluice.network.layers.Gru;
import sluice.network.layers.SeriesPooling;
import sluice.network.layers.SeriesPooling.Kind;
import sluice.network.layers.SeriesTokens;

/**
 * Recurrent layers over one series, and one vector of their states. Each index or each step of
 * numbers becomes a vector first. An empty series gives zeros.
 *
 * <p>States do not run through the padding of a minibatch; but on GPUs, where Deeplearning4j's own
 * steps train, those of an LSTM of both directions do, which a GRU's do not.
 *
 * @param cell of the layers
 * @param dimension of the vectors of steps
 * @param hidden numbers of a state
 * @param layers one behind the other, at least 1
 * @param bidirectional whether each layer goes through the steps forth and back, with states of its
 *     own side by side
 * @param pooling what becomes of the states: not the first, and the last in one direction alone
 * @param maxLength steps that are read; of longer series the first
 * @param dropout share of what each layer gives that is set to zero in a training step
 */
public record RecurrentEncoder(
    Cell cell,
    int dimension,
    int hidden,
    int layers,
    boolean bidirectional,
    Kind pooling,
    int maxLength,
    double dropout)
    implements SeriesEncoder {
  /** What a state is made by. */
  public enum Cell {
    /** Hochreiter and Schmidhuber 1997, with forget gates. */
    LSTM,
    /** See {@link Gru}. */
    GRU
  }

  private static final String NAME = "recurrent";

  public RecurrentEncoder {
    new Require()
        .within("dimension", dimension, 1, EncoderSizes.WIDEST)
        .within("hidden", hidden, 1, EncoderSizes.WIDEST)
        .within("layers", layers, 1, EncoderSizes.MOST_LAYERS)
        .within("max-length", maxLength, 1, EncoderSizes.LONGEST)
        .that(
            pooling != Kind.FIRST,
            "pooling must not be first: the first state has seen but the first step")
        .that(
            pooling != Kind.LAST || !bidirectional,
            "pooling must not be last where bidirectional is true: at the last step, the layers that go back have seen no other")
        .that(dropout >= 0 && dropout < 1, "dropout must be at least 0 and below 1, got " + dropout)
        .hold();
  }

  @Override
  public List<Input> inputs(String prefix, List<TensorSpec> groups, ExampleLayout layout) {
    return OneSeries.inputs(prefix, OneSeries.inOrder(NAME, groups), layout, maxLength);
  }

  @Override
  public String addSteps(GraphBuilder graph, String prefix, List<TensorSpec> groups) {
    String last =
        OneSeries.addTokens(
            graph, prefix, OneSeries.inOrder(NAME, groups), new SeriesTokens.Builder(dimension));
    for (int i = 1; i <= layers; i++) {
      graph.addLayer(prefix + "states" + i, layer(), last);
      last = prefix + "states" + i;
      if (dropout > 0) {
        String dropped = prefix + "dropped" + i;
        graph.addLayer(dropped, new DropoutLayer.Builder(1 - dropout).build(), last);
        last = dropped;
      }
    }
    return last;
  }

  @Override
  public String addPooling(GraphBuilder graph, String prefix, String steps) {
    graph.addLayer(prefix + "pooled", new SeriesPooling.Builder(pooling).build(), steps);
    return prefix + "pooled";
  }

  private Layer layer() {
    Layer forth =
        switch (cell) {
          case LSTM -> new LSTM.Builder().nOut(hidden).activation(Activation.TANH).build();
          case GRU -> new Gru.Builder().nOut(hidden).build();
        };
    return bidirectional ? new Bidirectional(Bidirectional.Mode.CONCAT, forth) : forth;
  }
}
