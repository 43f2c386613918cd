package sluice.network;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;

/**
 * The arrays of a minibatch, row by row: one for each input and each target of a network, a mask
 * over the steps of each input that is a series, and for each target what the loss of every example
 * counts for, or of every step that has a tag. Not thread-safe.
 */
public final class Batch {
  private final int room;
  private final List<NetworkInput> networkInputs;

  /** Per target the numbers of its outputs, and the input whose steps it tags; -1 of none. */
  private final int[] widths;

  private final int[] tagged;

  /** What each output should give, of tags [tags, steps]. */
  final float[][] targets;

  /** What the losses of each target count for; empty where all count for one. */
  final float[][] weights;

  /** The examples of each input. */
  InputArrays inputs;

  private int rows;

  /**
   * @param room examples at most
   * @param widths the numbers of outputs of each target
   * @param tagged the input whose steps each target tags; -1 of none
   * @param weighted whether losses count for anything but one
   */
  Batch(int room, List<NetworkInput> inputs, int[] widths, int[] tagged, boolean weighted) {
    this.room = room;
    this.networkInputs = inputs;
    this.widths = widths;
    this.tagged = tagged;
    this.targets = new float[widths.length][0];
    this.weights = new float[weighted ? widths.length : 0][0];
    this.inputs = InputArrays.zeros(inputs, room, new int[inputs.size()]);
  }

  /** How many steps the outputs of a target have; 1 where it tags none. */
  int steps(int target) {
    return tagged[target] < 0 ? 1 : inputs.steps()[tagged[target]];
  }

  /** Makes all numbers zeros, for so many examples whose series are padded to as many steps. */
  void begin(int examples, int[] steps) {
    rows = examples;
    inputs = inputs.again(networkInputs, room, steps);
    for (int t = 0; t < targets.length; t++) {
      targets[t] = zeros(targets[t], Math.multiplyExact(room * widths[t], steps(t)));
      if (weights.length > 0) {
        weights[t] = zeros(weights[t], room * steps(t));
      }
    }
  }

  /** The array with zeros if it has this length, else a new one. */
  private static float[] zeros(float[] array, int length) {
    if (array.length != length) {
      return new float[length];
    }
    Arrays.fill(array, 0);
    return array;
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
        arrays(
            targets,
            t -> tagged[t] < 0 ? new long[] {widths[t]} : new long[] {widths[t], steps(t)}),
        masked ? masks : null,
        weights.length == 0 ? null : arrays(weights, t -> new long[] {steps(t)}));
  }

  /**
   * @param shape of an example, by target
   */
  private INDArray[] arrays(float[][] from, IntFunction<long[]> shape) {
    INDArray[] arrays = new INDArray[from.length];
    for (int t = 0; t < from.length; t++) {
      long[] each = shape.apply(t);
      long[] all = new long[each.length + 1];
      all[0] = rows;
      System.arraycopy(each, 0, all, 1, each.length);
      arrays[t] = FloatArrays.create(from[t], all);
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
