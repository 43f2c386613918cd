package sluice.network.spec;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import sluice.data.Require;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.network.ExampleLayout;
import sluice.network.layers.SeriesPooling;
import sluice.network.layers.SeriesTokens;
import sluice.network.layers.WeightedBag;
import sluice.network.spec.MultilayerPerceptron.HiddenActivation;
import sluice.network.spec.MultilayerPerceptron.InitialWeights;

/**
 * The mean of learnt vectors of one series' steps, in whatever order they stand, and fully
 * connected layers behind it ("Bag of Tricks for Efficient Text Classification", Joulin et al.
 * 2016, which has none). Of weighted indices it is the sum in which each vector counts for its
 * weight, and begins near zero: at the start every text is as good as an empty one, as for a linear
 * model, and n-grams that few rows have add no noise. An empty series gives the layers' vector of
 * zeros.
 *
 * @param dimension of the vectors of steps
 * @param hidden units of each fully connected layer; may be empty, then the mean or the sum is the
 *     vector
 * @param activation of the layers
 * @param maxLength steps that are read; of longer series the first. Of weighted indices, whose
 *     number is no length, as many as any series may have are read, the heaviest
 * @param dropout share of the layers' units that is set to zero in a training step
 */
public record BagEncoder(
    int dimension, List<Integer> hidden, HiddenActivation activation, int maxLength, double dropout)
    implements Encoder {
  private static final String NAME = "bag";

  /** What vectors of weighted indices begin with: not 0, from which layers of ReLU never rise. */
  private static final double DEVIATION = 0.01;

  public BagEncoder {
    hidden = List.copyOf(hidden);
    new Require()
        .within("dimension", dimension, 1, EncoderSizes.WIDEST)
        .within("max-length", maxLength, 1, EncoderSizes.LONGEST)
        .hold();
    DenseStack.check(hidden, dropout);
  }

  /** What stands for nothing else said. */
  static BagEncoder standard() {
    return new BagEncoder(16, List.of(), HiddenActivation.RELU, 512, 0.2);
  }

  @Override
  public boolean readsSeries(Element of) {
    return true;
  }

  @Override
  public List<Input> inputs(String prefix, List<TensorSpec> groups, ExampleLayout layout) {
    TensorSpec series = OneSeries.of(NAME, groups);
    int most = series.isWeighted() ? EncoderSizes.LONGEST : maxLength;
    return OneSeries.inputs(prefix, series, layout, most);
  }

  @Override
  public String addTo(GraphBuilder graph, String prefix, List<TensorSpec> groups) {
    TensorSpec series = OneSeries.of(NAME, groups);
    return new DenseStack(hidden, activation, dropout, InitialWeights.HE)
        .addTo(
            graph,
            prefix,
            series.isWeighted() ? sum(graph, prefix, series) : mean(graph, prefix, series));
  }

  private String sum(GraphBuilder graph, String prefix, TensorSpec series) {
    String sum = prefix + "sum";
    graph.addLayer(
        sum,
        new WeightedBag.Builder(series.cardinalities().get(0))
            .nOut(dimension)
            .weightInit(new NormalDistribution(0, DEVIATION))
            .build(),
        OneSeries.vertex(prefix));
    return sum;
  }

  private String mean(GraphBuilder graph, String prefix, TensorSpec series) {
    String mean = prefix + "mean";
    graph.addLayer(
        mean,
        new SeriesPooling.Builder(SeriesPooling.Kind.MEAN).build(),
        OneSeries.addTokens(graph, prefix, series, new SeriesTokens.Builder(dimension)));
    return mean;
  }
}
