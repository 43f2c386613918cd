package sluice.network;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * Makes the arrays of a minibatch of compact examples: one for each input of the network, examples
 * first.
 */
public final class Batcher implements Serializable {
  private static final long serialVersionUID = 1L;

  private final ExampleLayout layout;
  private final List<NetworkInput> inputs;

  /**
   * @param layout of the examples
   * @param inputs of the network, in its order
   */
  public Batcher(ExampleLayout layout, List<NetworkInput> inputs) {
    this.layout = layout;
    this.inputs = List.copyOf(inputs);
  }

  public ExampleLayout layout() {
    return layout;
  }

  public List<NetworkInput> inputs() {
    return inputs;
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
}
