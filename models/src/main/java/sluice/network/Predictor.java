package sluice.network;

import java.util.Arrays;
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

  private final NetworkDefinition definition;
  private final InputLayout layout;
  private final Inference inference;
  private final float[] input;

  public Predictor(NetworkDefinition definition, float[] parameters) {
    this.definition = definition;
    this.layout = definition.layout();
    this.inference = definition.with(parameters).inference();
    this.input = new float[BLOCK * layout.width()];
  }

  public NetworkDefinition definition() {
    return definition;
  }

  /**
   * The outputs for many examples.
   *
   * @param numbers the examples' numbers, one example behind the other
   * @param indices the examples' indices, likewise
   * @param examples how many there are
   * @return per example the probability of each class in the label's order, or the one number
   */
  public float[][] predict(float[] numbers, int[] indices, int examples) {
    ProcessMemory.check();
    float[][] predictions = new float[examples][];
    for (int start = 0; start < examples; start += BLOCK) {
      int end = Math.min(examples, start + BLOCK);
      Arrays.fill(input, 0);
      for (int i = start; i < end; i++) {
        layout.write(numbers, indices, i, input, (i - start) * layout.width());
      }
      float[] outputs = inference.outputs(input, BLOCK);
      for (int i = start; i < end; i++) {
        predictions[i] = prediction(outputs, i - start);
      }
    }
    return predictions;
  }

  private float[] prediction(float[] outputs, int row) {
    Target target = definition.target();
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
