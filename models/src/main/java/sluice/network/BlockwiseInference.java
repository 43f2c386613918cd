package sluice.network;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Predictions by Deeplearning4j's network, always of {@value #BLOCK} examples at a time, the last
 * of them filled up with zeros: a product of matrices chooses its order of summation by their
 * shapes, so that one example alone and the same example among many would differ in the last bits.
 */
final class BlockwiseInference implements Inference {
  /** The kernels of OpenBLAS treat up to 16 rows alike. */
  private static final int BLOCK = 8;

  private final Network network;

  BlockwiseInference(Network network) {
    this.network = network;
  }

  @Override
  public float[][] outputs(float[][] inputs, int examples) {
    float[][] all = {};
    for (int first = 0; first < examples; first += BLOCK) {
      float[][] some = block(inputs, first, examples);
      if (first == 0) {
        all = new float[some.length][];
        Arrays.setAll(all, i -> new float[examples * (some[i].length / BLOCK)]);
      }
      for (int i = 0; i < all.length; i++) {
        int each = some[i].length / BLOCK;
        int count = Math.min(BLOCK, examples - first);
        System.arraycopy(some[i], 0, all[i], first * each, count * each);
      }
    }
    return all;
  }

  private float[][] block(float[][] inputs, int first, int examples) {
    INDArray[] arrays = new INDArray[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      int width = inputs[i].length / examples;
      int to = Math.min(first + BLOCK, examples) * width;
      float[] rows = Arrays.copyOfRange(inputs[i], first * width, to);
      arrays[i] = FloatArrays.create(Arrays.copyOf(rows, BLOCK * width), BLOCK, width);
    }
    try {
      INDArray[] outputs = network.outputs(arrays);
      float[][] copies = new float[outputs.length][];
      Arrays.setAll(copies, i -> FloatArrays.copy(outputs[i]));
      return copies;
    } finally {
      for (INDArray array : arrays) {
        array.close();
      }
    }
  }
}
