package sluice.network;

import java.util.Arrays;
import java.util.List;

/**
 * Predictions in blocks of as many examples each, the last of them filled up with zeros, and of
 * examples whose series are padded alike: a product of matrices chooses its order of summation by
 * their shapes, so that one example alone and the same example among many, or among longer ones,
 * would differ in the last bits.
 */
public final class ExampleBlocks {
  /** What predicts a whole block. */
  @FunctionalInterface
  public interface Network {
    /**
     * The outputs of the examples of a block.
     *
     * @param steps of each input that is a series, 0 of one that is none
     */
    float[][] outputs(float[][] inputs, float[][] masks, List<Integer> steps);
  }

  private final int size;
  private final Network network;

  /**
   * @param size examples of a block
   */
  public ExampleBlocks(int size, Network network) {
    this.size = size;
    this.network = network;
  }

  /** As {@link Inference#outputs(float[][], float[][], int)} says. */
  public float[][] outputs(float[][] inputs, float[][] masks, int examples) {
    float[][] all = {};
    for (StepLengths.Alike alike : StepLengths.group(masks, examples)) {
      int[] members = alike.members();
      for (int first = 0; first < members.length; first += size) {
        int[] block = Arrays.copyOfRange(members, first, Math.min(first + size, members.length));
        float[][] some = block(inputs, masks, examples, alike.steps(), block);
        if (all.length == 0) {
          all = new float[some.length][];
          for (int i = 0; i < all.length; i++) {
            all[i] = new float[examples * (some[i].length / size)];
          }
        }
        for (int i = 0; i < all.length; i++) {
          int each = some[i].length / size;
          if (each != all[i].length / examples) {
            throw new IllegalStateException(
                "output %d must not depend on the length of a series, got %d and %d numbers"
                    .formatted(i, all[i].length / examples, each));
          }
          for (int member = 0; member < block.length; member++) {
            System.arraycopy(some[i], member * each, all[i], block[member] * each, each);
          }
        }
      }
    }
    return all;
  }

  private float[][] block(
      float[][] inputs, float[][] masks, int examples, List<Integer> steps, int[] members) {
    float[][] someInputs = new float[inputs.length][];
    float[][] someMasks = new float[inputs.length][];
    for (int i = 0; i < inputs.length; i++) {
      int had = masks[i].length / examples;
      int has = steps.get(i);
      someMasks[i] = rows(masks[i], examples, had, has, members);
      int width = inputs[i].length / examples;
      someInputs[i] =
          had == 0
              ? rows(inputs[i], examples, width, width, members)
              : rows(inputs[i], examples, had, has, members);
    }
    return network.outputs(someInputs, someMasks, steps);
  }

  /** Of some examples what each has, in rows that are padded to another length. */
  private float[] rows(float[] from, int examples, int had, int has, int[] members) {
    if (had == 0) {
      return new float[0];
    }
    int rows = from.length / examples / had;
    float[] to = new float[size * rows * has];
    for (int member = 0; member < members.length; member++) {
      StepLengths.copy(from, members[member] * rows * had, had, to, member * rows * has, has, rows);
    }
    return to;
  }
}
