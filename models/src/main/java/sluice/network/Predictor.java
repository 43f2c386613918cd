package sluice.network;

import java.util.Arrays;
import java.util.List;
import sluice.data.Task;

/**
 * A network that predicts. Every example is computed in a matrix of exactly {@value #BLOCK} rows,
 * the last one filled up with zeros: a product of matrices chooses its order of summation by their
 * shapes, so that one example alone and the same example among many would differ in the last bits.
 * With one shape for all, an example's outputs depend on the example only.
 *
 * <p>Not thread-safe.
 */
public final class Predictor {
  /** Rows of every product. The kernels of OpenBLAS treat up to 16 alike; a test holds that. */
  public static final int BLOCK = 8;

  private final Batcher batcher;
  private final Inference inference;
  private final float[][] inputs;

  /**
   * @param inference of the network
   * @param batcher of its minibatches
   */
  public Predictor(Inference inference, Batcher batcher) {
    this.inference = inference;
    this.batcher = batcher;
    this.inputs = batcher.arrays(BLOCK);
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
    for (int start = 0; start < examples; start += BLOCK) {
      int end = Math.min(examples, start + BLOCK);
      for (float[] input : inputs) {
        Arrays.fill(input, 0);
      }
      for (int i = start; i < end; i++) {
        batcher.write(numbers, indices, i, inputs, i - start);
      }
      float[][] outputs = inference.outputs(inputs, BLOCK);
      for (int t = 0; t < outputs.length; t++) {
        for (int i = start; i < end; i++) {
          predictions[t][i] = prediction(targets.get(t), outputs[t], i - start);
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
