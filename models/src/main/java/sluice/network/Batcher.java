package sluice.network;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * Makes minibatches of compact examples: one array for each input of the network and one for each
 * target, examples first.
 *
 * <p>A label that is missing is NaN. Its target then counts for nothing in the loss of the example,
 * which the other targets still learn from.
 */
public final class Batcher implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Numbers of an array where the number of examples does not matter: 256 MiB. */
  private static final int MOST_NUMBERS = 1 << 26;

  private final ExampleLayout layout;
  private final List<NetworkInput> inputs;
  private final List<Target> targets;
  private final double[] lossWeights;

  /** For each target what an example of each class counts for; empty for one each. */
  private final float[][] classWeights;

  /**
   * @param layout of the examples
   * @param inputs of the network, in its order
   * @param targets of the network, in its order
   * @param lossWeights what a loss of each target counts for in the sum
   */
  public Batcher(
      ExampleLayout layout, List<NetworkInput> inputs, List<Target> targets, double[] lossWeights) {
    this(layout, inputs, targets, lossWeights, new float[targets.size()][0]);
  }

  private Batcher(
      ExampleLayout layout,
      List<NetworkInput> inputs,
      List<Target> targets,
      double[] lossWeights,
      float[][] classWeights) {
    this.layout = layout;
    this.inputs = List.copyOf(inputs);
    this.targets = List.copyOf(targets);
    this.lossWeights = lossWeights.clone();
    this.classWeights = classWeights;
  }

  /**
   * The same minibatches, in which the classes count for this much.
   *
   * @param weights for each target what an example of each class counts for; empty for one each
   */
  public Batcher weighing(float[][] weights) {
    return new Batcher(layout, inputs, targets, lossWeights, weights);
  }

  public ExampleLayout layout() {
    return layout;
  }

  public List<NetworkInput> inputs() {
    return inputs;
  }

  public List<Target> targets() {
    return targets;
  }

  /** What a loss of each target counts for in the sum over all. */
  public double[] lossWeights() {
    return lossWeights.clone();
  }

  private boolean isWeighted() {
    return targets.size() > 1
        || lossWeights[0] != 1
        || Arrays.stream(classWeights).anyMatch(weights -> weights.length > 0);
  }

  /** A minibatch of zeros with room for so many examples. */
  public Batch batch(int examples) {
    return new Batch(
        examples,
        arrays(examples),
        targets.stream()
            .map(target -> new float[examples * target.outputs()])
            .toArray(float[][]::new),
        isWeighted() ? new float[targets.size()][examples] : new float[0][]);
  }

  /**
   * How many examples are made arrays of at a time where their number does not matter: fewer of
   * wide ones, so that no array is too long, and at least one.
   */
  public int atOnce(int most) {
    int widest = inputs.stream().mapToInt(NetworkInput::width).max().orElse(1);
    return Math.max(1, Math.min(most, MOST_NUMBERS / Math.max(1, widest)));
  }

  /** New arrays for so many examples, one an input, row by row. */
  public float[][] arrays(int examples) {
    float[][] arrays = new float[inputs.size()][];
    Arrays.setAll(arrays, i -> new float[Math.multiplyExact(examples, inputs.get(i).width())]);
    return arrays;
  }

  /**
   * Writes one example into a row of every array.
   *
   * @param numbers the numbers of many examples, as the layout has them
   * @param indices the indices of many examples, likewise
   * @param example which of them
   * @param arrays one an input; the row is all zero
   */
  public void write(float[] numbers, int[] indices, int example, float[][] arrays, int row) {
    for (int i = 0; i < arrays.length; i++) {
      NetworkInput input = inputs.get(i);
      input.write(layout, numbers, indices, example, arrays[i], row * input.width());
    }
  }

  /**
   * Writes one example with its labels into a row of a minibatch, which is all zero.
   *
   * @param labels of many examples, one a target
   */
  public void write(
      float[] numbers, int[] indices, float[] labels, int example, Batch batch, int row) {
    write(numbers, indices, example, batch.inputs, row);
    for (int t = 0; t < targets.size(); t++) {
      float label = labels[example * targets.size() + t];
      if (Float.isNaN(label)) {
        continue;
      }
      Target target = targets.get(t);
      target.write(label, batch.targets[t], row * target.outputs());
      if (batch.weights.length > 0) {
        batch.weights[t][row] =
            (float) lossWeights[t]
                * (classWeights[t].length == 0 ? 1 : classWeights[t][(int) label]);
      }
    }
  }
}
