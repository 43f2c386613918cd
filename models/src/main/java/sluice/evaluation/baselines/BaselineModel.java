package sluice.evaluation.baselines;

import java.util.Arrays;
import java.util.List;
import sluice.evaluation.metric.Label;
import sluice.evaluation.predictions.Model;
import sluice.network.ExampleLayout;
import sluice.network.Examples;
import sluice.network.NetworkInput;

/**
 * A fitted baseline.
 *
 * @param layout of the features that it reads
 * @param input the values of an example that are of no series, as the baseline was fitted to them
 */
record BaselineModel(
    ExampleLayout layout, NetworkInput input, Label label, Baseline.Prediction prediction)
    implements Model {
  private static final long serialVersionUID = 1L;

  @Override
  public List<Label> labels() {
    return List.of(label);
  }

  @Override
  public Outputs open() {
    return this::outputs;
  }

  private double[][][] outputs(Examples examples) {
    float[] values = new float[input.width()];
    double[][] outputs = new double[examples.size()][];
    for (int i = 0; i < outputs.length; i++) {
      input.write(examples, i, values, 0);
      outputs[i] = prediction.of(withSeries(values, examples, i));
    }
    return new double[][][] {outputs};
  }

  /** The values with each series behind them, as {@link ExpandFeatures.Values} has it. */
  private float[] withSeries(float[] values, Examples examples, int example) {
    float[] all = values;
    for (int g = 0; g < layout.groups(); g++) {
      if (layout.series(g) < 0) {
        continue;
      }
      int[] series = examples.indices(example, g);
      float[] weights = layout.isWeighted(g) ? examples.weights(example, g) : new float[0];
      int at = all.length;
      all = Arrays.copyOf(all, at + 1 + series.length + weights.length);
      all[at++] = series.length;
      for (int index : series) {
        all[at++] = index;
      }
      System.arraycopy(weights, 0, all, at, weights.length);
    }
    return all;
  }
}
