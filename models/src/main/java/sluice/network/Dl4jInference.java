package sluice.network;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Predictions by Deeplearning4j's network, of one example at a time: how its layers sum up may
 * depend on the number of examples and on an example's place among them.
 */
final class Dl4jInference implements Inference {
  private final Network network;
  private final ExampleBlocks blocks = new ExampleBlocks(1, this::one);

  Dl4jInference(Network network) {
    this.network = network;
  }

  @Override
  public float[][] outputs(float[][] inputs, float[][] masks, int examples) {
    return blocks.outputs(inputs, masks, examples);
  }

  private float[][] one(float[][] inputs, float[][] masks, List<Integer> steps) {
    INDArray[] arrays = new INDArray[inputs.length];
    @Nullable INDArray[] over = new INDArray[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      long width = inputs[i].length;
      long each = steps.get(i);
      if (each == 0) {
        arrays[i] = FloatArrays.create(inputs[i], 1, width);
      } else {
        arrays[i] = FloatArrays.create(inputs[i], 1, width / each, each);
        over[i] = FloatArrays.create(masks[i], 1, each);
      }
    }
    try {
      INDArray[] outputs = network.outputs(arrays, over);
      float[][] copies = new float[outputs.length][];
      Arrays.setAll(copies, i -> FloatArrays.copy(outputs[i]));
      return copies;
    } finally {
      for (int i = 0; i < arrays.length; i++) {
        arrays[i].close();
        INDArray mask = over[i];
        if (mask != null) {
          mask.close();
        }
      }
    }
  }
}
