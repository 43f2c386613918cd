package sluice.network;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;

/**
 * The arrays of a minibatch, row by row: one for each input and each target of a network, a mask
 * over the steps of each input that is a series, and for each target what the loss of every example
 * counts for. Not thread-safe.
 */
public final class Batch {
  private final int room;
  private final List<NetworkInput> networkInputs;

  /** What each output should give. */
  final float[][] targets;

  /** What the losses of each target count for; empty where all count for one. */
  final float[][] weights;

  /** The examples of each input. */
  InputArrays inputs;

  private int rows;

  Batch(int room, List<NetworkInput> inputs, float[][] targets, float[][] weights) {
    this.room = room;
    this.networkInputs = inputs;
    this.targets = targets;
    this.weights = weights;
    this.inputs = InputArrays.zeros(inputs, room, new int[inputs.size()]);
  }

  /** Makes all numbers zeros, for so many examples whose series are padded to as many steps. */
  void begin(int examples, int[] steps) {
    rows = examples;
    inputs = inputs.again(networkInputs, room, steps);
    for (float[][] arrays : new float[][][] {targets, weights}) {
      for (float[] array : arrays) {
        Arrays.fill(array, 0);
      }
    }
  }

  /** How many examples there are, and the steps of each input: what arrays can be filled again. */
  public List<Integer> shape() {
    Integer[] shape = new Integer[networkInputs.size() + 1];
    Arrays.setAll(shape, i -> i == 0 ? rows : inputs.steps()[i - 1]);
    return List.of(shape);
  }

  /** New native arrays of the examples; {@link #close} gives them back. */
  public MultiDataSet arrays() {
    INDArray[] features = new INDArray[networkInputs.size()];
    @Nullable INDArray[] masks = new INDArray[features.length];
    boolean masked = false;
    for (int i = 0; i < features.length; i++) {
      NetworkInput input = networkInputs.get(i);
      if (input.isSeries()) {
        int steps = inputs.steps()[i];
        features[i] = FloatArrays.create(inputs.inputs()[i], rows, input.features(), steps);
        masks[i] = FloatArrays.create(inputs.masks()[i], rows, steps);
        masked = true;
      } else {
        features[i] = FloatArrays.create(inputs.inputs()[i], rows, input.width());
      }
    }
    return new MultiDataSet(
        features,
        arrays(targets),
        masked ? masks : null,
        weights.length == 0 ? null : arrays(weights));
  }

  private INDArray[] arrays(float[][] from) {
    INDArray[] arrays = new INDArray[from.length];
    for (int i = 0; i < from.length; i++) {
      arrays[i] = FloatArrays.create(from[i], rows, from[i].length / room);
    }
    return arrays;
  }

  /** Overwrites arrays that were made of this batch in this shape by its numbers of now. */
  public void fill(MultiDataSet arrays) {
    each(arrays, FloatArrays::fill);
  }

  /** Gives back the memory of arrays that were made of this batch. */
  public void close(MultiDataSet arrays) {
    each(arrays, (array, numbers) -> array.close());
  }

  private void each(MultiDataSet arrays, BiConsumer<INDArray, float[]> what) {
    for (int i = 0; i < networkInputs.size(); i++) {
      what.accept(arrays.getFeatures(i), inputs.inputs()[i]);
      if (networkInputs.get(i).isSeries()) {
        what.accept(arrays.getFeaturesMaskArray(i), inputs.masks()[i]);
      }
    }
    for (int i = 0; i < targets.length; i++) {
      what.accept(arrays.getLabels(i), targets[i]);
    }
    for (int i = 0; i < weights.length; i++) {
      what.accept(arrays.getLabelsMaskArray(i), weights[i]);
    }
  }
}
