package sluice.network;

import java.util.Arrays;
import java.util.List;

/**
 * What the inputs of a network read of some examples, as {@link Inference} takes them.
 *
 * @param inputs the examples of each input, one behind the other; there may be room for more
 * @param masks over the steps of each input that is a series; empty for one that is none
 * @param steps that the series of each input are padded to; 0 for one that is none
 */
@SuppressWarnings("ArrayRecordComponent") // handed over in bulk and never compared
public record InputArrays(float[][] inputs, float[][] masks, int[] steps) {
  /** Zeros for so many examples, the series of them padded to as many steps. */
  static InputArrays zeros(List<NetworkInput> inputs, int examples, int[] steps) {
    float[][] arrays = new float[inputs.size()][];
    float[][] masks = new float[inputs.size()][];
    for (int i = 0; i < arrays.length; i++) {
      NetworkInput input = inputs.get(i);
      int each = input.isSeries() ? input.features() * steps[i] : input.width();
      arrays[i] = new float[Math.multiplyExact(examples, each)];
      masks[i] = new float[input.isSeries() ? examples * steps[i] : 0];
    }
    return new InputArrays(arrays, masks, steps);
  }

  /** The same arrays, zeros again, if they have this shape; else new ones. */
  InputArrays again(List<NetworkInput> inputs, int examples, int[] others) {
    if (!Arrays.equals(steps, others)) {
      return zeros(inputs, examples, others);
    }
    for (int i = 0; i < this.inputs.length; i++) {
      Arrays.fill(this.inputs[i], 0);
      Arrays.fill(masks[i], 0);
    }
    return this;
  }

  /** Writes an example of an input into a row, which is all zero. */
  void write(int index, NetworkInput input, Examples examples, int example, int row) {
    if (!input.isSeries()) {
      input.write(examples, example, inputs[index], row * input.width());
      return;
    }
    int room = steps[index];
    input.writeSeries(examples, example, inputs[index], row * input.features() * room, room);
    Arrays.fill(masks[index], row * room, row * room + input.steps(examples, example), 1);
  }
}
