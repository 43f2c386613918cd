package sluice.network;

import java.util.Arrays;
import java.util.function.BiConsumer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;

/**
 * The arrays of a minibatch, row by row: one for each input and each target of a network, and for
 * each target what the loss of every example counts for. Not thread-safe.
 */
public final class Batch {
  private final int room;

  /** The examples of each input. */
  final float[][] inputs;

  /** What each output should give. */
  final float[][] targets;

  /** What the losses of each target count for; empty where all count for one. */
  final float[][] weights;

  Batch(int room, float[][] inputs, float[][] targets, float[][] weights) {
    this.room = room;
    this.inputs = inputs;
    this.targets = targets;
    this.weights = weights;
  }

  /** Makes all numbers zeros. */
  public void clear() {
    for (float[][] arrays : new float[][][] {inputs, targets, weights}) {
      for (float[] array : arrays) {
        Arrays.fill(array, 0);
      }
    }
  }

  /**
   * New native arrays of the first rows; {@link #close} gives them back.
   *
   * @param rows from 1 to as many as there is room for
   */
  public MultiDataSet arrays(int rows) {
    return new MultiDataSet(
        arrays(inputs, rows),
        arrays(targets, rows),
        null,
        weights.length == 0 ? null : arrays(weights, rows));
  }

  private INDArray[] arrays(float[][] from, int rows) {
    INDArray[] arrays = new INDArray[from.length];
    for (int i = 0; i < from.length; i++) {
      arrays[i] = FloatArrays.create(from[i], rows, from[i].length / room);
    }
    return arrays;
  }

  /** Overwrites arrays that were made of this batch by its numbers of now. */
  public void fill(MultiDataSet arrays) {
    each(arrays, FloatArrays::fill);
  }

  /** Gives back the memory of arrays that were made of this batch. */
  public void close(MultiDataSet arrays) {
    each(arrays, (array, numbers) -> array.close());
  }

  private void each(MultiDataSet arrays, BiConsumer<INDArray, float[]> what) {
    for (int i = 0; i < inputs.length; i++) {
      what.accept(arrays.getFeatures(i), inputs[i]);
    }
    for (int i = 0; i < targets.length; i++) {
      what.accept(arrays.getLabels(i), targets[i]);
    }
    for (int i = 0; i < weights.length; i++) {
      what.accept(arrays.getLabelsMaskArray(i), weights[i]);
    }
  }
}
