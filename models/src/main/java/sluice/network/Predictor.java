package sluice.network;

import java.util.Arrays;
import java.util.List;
import sluice.data.Task;

/**
 * A network that predicts. An example's predictions depend on the example alone, to the bit.
 *
 * <p>Not thread-safe.
 */
public final class Predictor {
  /** Examples at a time, at most: whole blocks of rows with either library of products. */
  private static final int MOST = 240;

  private final Batcher batcher;
  private final Inference inference;

  /**
   * @param inference of the network
   * @param batcher of its minibatches
   */
  public Predictor(Inference inference, Batcher batcher) {
    this.inference = inference;
    this.batcher = batcher;
  }

  /**
   * The outputs for many examples.
   *
   * @param numbers the examples' numbers, one example behind the other
   * @param indices the examples' indices, likewise
   * @param examples how many there are
   * @return per target and example the probability of each class in the label's order, or the one
   *     number
   */
  public float[][][] predict(float[] numbers, int[] indices, int examples) {
    ProcessMemory.check();
    List<Target> targets = batcher.targets();
    float[][][] predictions = new float[targets.size()][examples][];
    int most = batcher.atOnce(MOST);
    for (int start = 0; start < examples; start += most) {
      int count = Math.min(most, examples - start);
      float[][] inputs = batcher.arrays(count);
      for (int i = 0; i < count; i++) {
        batcher.write(numbers, indices, start + i, inputs, i);
      }
      float[][] outputs = inference.outputs(inputs, count);
      for (int t = 0; t < outputs.length; t++) {
        for (int i = 0; i < count; i++) {
          predictions[t][start + i] = prediction(targets.get(t), outputs[t], i);
        }
      }
    }
    return predictions;
  }

  private static float[] prediction(Target target, float[] outputs, int row) {
    if (target.task() == Task.BINARY) {
      float positive = outputs[row];
      float[] both = new float[2];
      both[target.positive()] = positive;
      both[1 - target.positive()] = 1 - positive;
      return both;
    }
    int width = target.outputs();
    return Arrays.copyOfRange(outputs, row * width, (row + 1) * width);
  }
}
