package sluice.network;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Predictions by Deeplearning4j's network, always of {@value #BLOCK} examples at a time. */
final class BlockwiseInference implements Inference {
  /** The kernels of OpenBLAS treat up to 16 rows alike. */
  private static final int BLOCK = 8;

  private final Network network;
  private final ExampleBlocks blocks = new ExampleBlocks(BLOCK, this::block);

  BlockwiseInference(Network network) {
    this.network = network;
  }

  @Override
  public float[][] outputs(float[][] inputs, float[][] masks, int examples) {
    return blocks.outputs(inputs, masks, examples);
  }

  private float[][] block(float[][] inputs, float[][] masks, List<Integer> steps) {
    INDArray[] arrays = new INDArray[inputs.length];
    @Nullable INDArray[] over = new INDArray[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      long width = inputs[i].length / BLOCK;
      long each = steps.get(i);
      if (each == 0) {
        arrays[i] = FloatArrays.create(inputs[i], BLOCK, width);
      } else {
        arrays[i] = FloatArrays.create(inputs[i], BLOCK, width / each, each);
        over[i] = FloatArrays.create(masks[i], BLOCK, each);
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
