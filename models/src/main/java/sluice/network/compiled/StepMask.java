package sluice.network.compiled;

import java.util.Arrays;
import org.deeplearning4j.nn.api.MaskState;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import sluice.network.FloatArrays;

/**
 * Which steps of the series of a minibatch are there: 1 for a step, 0 for padding. Without a mask
 * all are there. The values of an operation that keeps the steps share the mask of what it reads.
 */
final class StepMask {
  private final int steps;

  /** [examples, steps]; null without a mask. */
  private float @Nullable [] numbers;

  private MaskState state = MaskState.Active;

  /** Of each example the steps up to the last that is there. */
  private int[] lengths = {};

  /** Of each example whether a step is missing before the last that is there. */
  private boolean[] holes = {};

  /**
   * @param steps of each example, padding included
   */
  StepMask(int steps) {
    this.steps = steps;
  }

  /** Says that all steps are there. */
  void clear() {
    numbers = null;
  }

  /**
   * The mask of a minibatch.
   *
   * @param mask [examples, steps], which is kept
   * @param active whether Deeplearning4j's layers apply the mask, or only pass it on
   */
  void set(float[] mask, MaskState active) {
    numbers = mask;
    state = active;
    int examples = mask.length / steps;
    if (lengths.length < examples) {
      lengths = new int[examples];
      holes = new boolean[examples];
    }
    for (int i = 0; i < examples; i++) {
      int length = steps;
      while (length > 0 && mask[i * steps + length - 1] == 0) {
        length--;
      }
      lengths[i] = length;
      holes[i] = false;
      for (int step = 0; step < length; step++) {
        holes[i] |= mask[i * steps + step] == 0;
      }
    }
  }

  /**
   * The mask of another value over as many steps.
   *
   * @param active as with {@link #set}
   */
  void follow(StepMask other, MaskState active) {
    float[] mask = other.numbers;
    if (mask == null) {
      clear();
    } else {
      set(mask, active);
    }
  }

  /** The mask of some examples of the minibatch. */
  StepMask of(int first, int examples) {
    StepMask some = new StepMask(steps);
    float[] mask = numbers;
    if (mask != null) {
      some.set(Arrays.copyOfRange(mask, first * steps, (first + examples) * steps), state);
    }
    return some;
  }

  /** Whether a minibatch has a mask. */
  boolean isGiven() {
    return numbers != null;
  }

  MaskState state() {
    return state;
  }

  /** The mask in Deeplearning4j's terms; null without one. */
  @Nullable INDArray array() {
    float[] mask = numbers;
    return mask == null ? null : FloatArrays.create(mask, mask.length / steps, steps);
  }

  /** [examples, steps]; null without a mask. */
  float @Nullable [] numbers() {
    return numbers;
  }

  /** How many steps an example has up to the last that is there; all without a mask. */
  int length(int example) {
    return numbers == null ? steps : lengths[example];
  }

  /** Whether a step of an example is missing before the last that is there. */
  boolean hasHoles(int example) {
    return numbers != null && holes[example];
  }

  /** What the mask says of a step. */
  float at(int example, int step) {
    float[] mask = numbers;
    return mask == null ? 1 : mask[example * steps + step];
  }

  /** Multiplies the steps of an example, [time, width], by the mask. */
  void multiplyRows(int example, float[] rows, int width) {
    for (int step = 0; isGiven() && step < steps; step++) {
      float factor = at(example, step);
      if (factor != 1) {
        for (int i = step * width; i < (step + 1) * width; i++) {
          rows[i] = factor == 0 ? 0 : rows[i] * factor;
        }
      }
    }
  }

  /** Multiplies a step of some examples, [examples, width], by the mask. */
  void multiplyStep(int step, int first, int examples, float[] rows, int width) {
    for (int row = 0; isGiven() && row < examples; row++) {
      float factor = at(first + row, step);
      if (factor != 1) {
        for (int i = row * width; i < (row + 1) * width; i++) {
          rows[i] = factor == 0 ? 0 : rows[i] * factor;
        }
      }
    }
  }

  /** Multiplies the series of a minibatch, or their gradient, by the mask. */
  void multiply(int examples, Block block) {
    if (!isGiven()) {
      return;
    }
    float[] series = new float[block.size()];
    for (int example = 0; example < examples; example++) {
      if (length(example) < steps || hasHoles(example)) {
        block.read(example * series.length, series, series.length);
        multiplySeries(example, series, series.length / steps);
        block.write(example * series.length, series, series.length);
      }
    }
  }

  /** Multiplies the series of an example, [features, time], by the mask. */
  void multiplySeries(int example, float[] series, int features) {
    float[] mask = numbers;
    if (mask == null) {
      return;
    }
    int length = lengths[example];
    boolean ones = areOnes(mask, example * steps, length);
    for (int at = 0; at < features * steps; at += steps) {
      for (int step = 0; !ones && step < length; step++) {
        float factor = mask[example * steps + step];
        series[at + step] = factor == 0 ? 0 : series[at + step] * factor;
      }
      Arrays.fill(series, at + length, at + steps, 0);
    }
  }

  private static boolean areOnes(float[] mask, int from, int count) {
    for (int i = from; i < from + count; i++) {
      if (mask[i] != 1) {
        return false;
      }
    }
    return true;
  }
}
