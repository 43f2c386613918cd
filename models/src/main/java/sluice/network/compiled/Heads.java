package sluice.network.compiled;

import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.jspecify.annotations.Nullable;
import sluice.network.compiled.Products.Form;

/**
 * Scaled dot-product attention of some heads, over queries, keys and values that lie side by side
 * in {@link StepRows} and are read there by strides. Scores lie as [keys, queries], so that the
 * softmax of all queries runs over contiguous numbers.
 */
final class Heads {
  private static final float NEVER = -1e30f;

  private final Products products;
  private final int heads;
  private final boolean causal;
  private final int time;
  private final int width;
  private final int own;
  private final float root;
  private final boolean learns;

  /** Null without dropout. */
  private final @Nullable DropoutMask dropout;

  /** Queries, keys and values of each step. */
  private final Block all;

  /** Of each head [keys, queries], which the way back needs; without one of the last head. */
  private final Block weights;

  /** The weights behind dropout; the same block without it. */
  private final Block used;

  private final Block byAll;

  /** Of one head of one example at a time. */
  private final Block byWeight;

  private final float[] p;
  private final float[] d;
  private final float[] perQuery;

  /**
   * @param width of the heads together
   * @param dropRate the share of the weights that training drops
   */
  Heads(Compilation c, int heads, boolean causal, StepRows steps, int width, double dropRate) {
    products = c.products();
    this.heads = heads;
    this.causal = causal;
    time = steps.time();
    this.width = width;
    own = width / heads;
    root = (float) (1 / Math.sqrt((double) own));
    dropout = dropRate == 0 ? null : new DropoutMask(1 - dropRate);
    all = steps.block(c, 3 * width);
    learns = c.learns();
    weights = learns ? c.block(heads, time, time) : c.scratch(time, time);
    used = dropout == null || !learns ? weights : c.block(heads, time, time);
    byAll = c.backwardBlock(3, width, time);
    byWeight = learns ? c.scratch(time, time) : c.block(0);
    p = new float[time * time];
    d = new float[time * time];
    perQuery = new float[time];
  }

  /** Where queries, keys and values of each step are to be put, without their biases. */
  Block all() {
    return all;
  }

  /** Their gradients. */
  Block byAll() {
    return byAll;
  }

  private int matrix(int example, int head) {
    return learns ? (example * heads + head) * time * time : 0;
  }

  private int part(int which, StepRows steps, int example, int head) {
    return steps.start(example) * 3 * width + which * width + head * own;
  }

  private int gathered(StepRows steps, int example, int head) {
    return steps.start(example) * width + head * own;
  }

  private static FloatPointer cursor(Block block) {
    return new FloatPointer(block.pointer());
  }

  /**
   * Gathers values.
   *
   * @param steps the rows
   * @param drops whether dropout applies
   * @param mask over the steps, to which nobody attends where it is 0
   * @param to overwritten by the values that each step attends to
   */
  void forward(StepRows steps, boolean drops, StepMask mask, Block to) {
    int examples = steps.examples();
    boolean drawn = dropout != null && drops;
    if (dropout != null && drops) {
      dropout.draw(examples * heads * time * time);
    }
    FloatPointer other = cursor(all);
    for (int example = 0; example < examples; example++) {
      int length = steps.length(example);
      for (int head = 0; length > 0 && head < heads; head++) {
        int at = matrix(example, head);
        products.multiply(
            Form.PLAIN,
            Form.TRANSPOSED,
            length,
            length,
            own,
            root,
            all.at(part(1, steps, example, head)),
            3 * width,
            other.position(part(0, steps, example, head)),
            3 * width,
            0,
            weights.at(at),
            length);
        softmax(at, steps.first() + example, mask);
        if (used != weights) {
          if (drawn) {
            drop(p, at, length);
          }
          used.write(at, p, length * length);
        }
        products.multiply(
            Form.TRANSPOSED,
            Form.PLAIN,
            length,
            own,
            length,
            1,
            used.at(at),
            length,
            all.at(part(2, steps, example, head)),
            3 * width,
            0,
            to.at(gathered(steps, example, head)),
            width);
      }
    }
  }

  /** By what was drawn for [keys, queries] of all steps. */
  private void drop(float[] numbers, int at, int length) {
    if (dropout == null) {
      return;
    }
    if (length == time) {
      dropout.multiply(numbers, at, length * length);
      return;
    }
    for (int key = 0; key < length; key++) {
      dropout.multiply(numbers, key * length, at + key * time, length);
    }
  }

  /** Leaves the weights in {@link #p} too. */
  private void softmax(int at, int example, StepMask mask) {
    int length = mask.length(example);
    int count = length * length;
    weights.read(at, p, count);
    if (causal) {
      for (int key = 1; key < length; key++) {
        Arrays.fill(p, key * length, key * length + key, NEVER);
      }
    }
    for (int key = 0; mask.hasHoles(example) && key < length; key++) {
      if (mask.at(example, key) == 0) {
        Arrays.fill(p, key * length, (key + 1) * length, NEVER);
      }
    }
    System.arraycopy(p, 0, perQuery, 0, length);
    for (int key = 1; key < length; key++) {
      most(perQuery, p, key * length, length);
    }
    for (int key = 0; key < length; key++) {
      subtract(p, key * length, perQuery, length);
    }
    powers(p, count);
    Arrays.fill(perQuery, 0);
    for (int key = 0; key < length; key++) {
      sum(perQuery, p, key * length, length);
    }
    for (int query = 0; query < length; query++) {
      perQuery[query] = 1 / perQuery[query];
    }
    for (int key = 0; key < length; key++) {
      multiply(p, key * length, perQuery, length);
    }
    weights.write(at, p, count);
  }

  /**
   * Goes back to the gradients by queries, keys and values.
   *
   * @param steps as on the way forward
   * @param gradient by what {@link #forward} gathered
   */
  void backward(StepRows steps, Block gradient) {
    for (int example = 0; example < steps.examples(); example++) {
      int length = steps.length(example);
      for (int head = 0; length > 0 && head < heads; head++) {
        int at = matrix(example, head);
        products.multiply(
            Form.PLAIN,
            Form.TRANSPOSED,
            length,
            length,
            own,
            1,
            all.at(part(2, steps, example, head)),
            3 * width,
            gradient.at(gathered(steps, example, head)),
            width,
            0,
            byWeight.at(0),
            length);
        products.multiply(
            Form.PLAIN,
            Form.PLAIN,
            length,
            own,
            length,
            1,
            used.at(at),
            length,
            gradient.at(gathered(steps, example, head)),
            width,
            0,
            byAll.at(part(2, steps, example, head)),
            3 * width);
        throughSoftmax(at, length);
        products.multiply(
            Form.TRANSPOSED,
            Form.PLAIN,
            length,
            own,
            length,
            1,
            byWeight.at(0),
            length,
            all.at(part(1, steps, example, head)),
            3 * width,
            0,
            byAll.at(part(0, steps, example, head)),
            3 * width);
        products.multiply(
            Form.PLAIN,
            Form.PLAIN,
            length,
            own,
            length,
            1,
            byWeight.at(0),
            length,
            all.at(part(0, steps, example, head)),
            3 * width,
            0,
            byAll.at(part(1, steps, example, head)),
            3 * width);
      }
    }
  }

  private void throughSoftmax(int at, int length) {
    int count = length * length;
    weights.read(at, p, count);
    byWeight.read(0, d, count);
    drop(d, at, length);
    Arrays.fill(perQuery, 0);
    for (int key = 0; key < length; key++) {
      along(perQuery, p, d, key * length, length);
    }
    for (int key = 0; key < length; key++) {
      project(p, d, key * length, perQuery, length, root);
    }
    byWeight.write(0, d, count);
  }

  private static void most(float[] most, float[] x, int at, int count) {
    for (int i = 0; i < count; i++) {
      most[i] = Math.max(most[i], x[at + i]);
    }
  }

  private static void subtract(float[] x, int at, float[] by, int count) {
    for (int i = 0; i < count; i++) {
      x[at + i] -= by[i];
    }
  }

  /** All in one loop: that of a row is too short to be vectorised. */
  private static void powers(float[] x, int count) {
    for (int i = 0; i < count; i++) {
      x[i] = Exponentials.exp(x[i]);
    }
  }

  private static void sum(float[] sums, float[] x, int at, int count) {
    for (int i = 0; i < count; i++) {
      sums[i] += x[at + i];
    }
  }

  private static void multiply(float[] x, int at, float[] by, int count) {
    for (int i = 0; i < count; i++) {
      x[at + i] *= by[i];
    }
  }

  private static void along(float[] sums, float[] x, float[] y, int at, int count) {
    for (int i = 0; i < count; i++) {
      sums[i] += x[at + i] * y[at + i];
    }
  }

  private static void project(float[] p, float[] d, int at, float[] sums, int count, float root) {
    for (int i = 0; i < count; i++) {
      d[at + i] = p[at + i] * (d[at + i] - sums[i]) * root;
    }
  }
}
