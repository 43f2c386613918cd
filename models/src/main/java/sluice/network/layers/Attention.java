package sluice.network.layers;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Scaled dot-product attention of several heads (Vaswani et al. 2017, section 3.2), between the two
 * products with matrices that every attention layer has around it.
 *
 * @param heads whose widths are equal
 * @param causal whether a step attends to itself and what came before alone
 * @param examples of the minibatch
 * @param time steps of an example
 */
record Attention(int heads, boolean causal, long examples, long time) {
  /** Further below all others than a difference of scores may be. */
  private static final double NEVER = -1e30;

  /** The name of the weights of queries, keys and values, [in, 3 width] by columns. */
  static final String PROJECTIONS = "Wqkv";

  static final String PROJECTION_BIASES = "bqkv";

  /** The name of the weights behind the heads, [width, out] by columns. */
  static final String OUTPUT = "Wo";

  static final String OUTPUT_BIASES = "bo";

  static List<ParameterArray> parameters(long in, long width, long out) {
    return List.of(
        ParameterArray.matrix(PROJECTIONS, in, 3 * width),
        ParameterArray.bias(PROJECTION_BIASES, 3 * width),
        ParameterArray.matrix(OUTPUT, width, out),
        ParameterArray.bias(OUTPUT_BIASES, out));
  }

  /** Queries, keys or values (0, 1, 2) of one head of an example, [time, width of a head]. */
  private INDArray part(INDArray all, int which, int example, int head) {
    long width = all.size(1) / 3;
    long own = width / heads;
    long from = which * width + head * own;
    return all.get(
        NDArrayIndex.interval(example * time, (example + 1L) * time),
        NDArrayIndex.interval(from, from + own));
  }

  private INDArray own(INDArray rows, int example, int head) {
    long own = rows.size(1) / heads;
    return rows.get(
        NDArrayIndex.interval(example * time, (example + 1L) * time),
        NDArrayIndex.interval(head * own, (head + 1L) * own));
  }

  private static double root(INDArray queries) {
    return Math.sqrt((double) queries.size(1));
  }

  /** [queries, keys] of what makes a weight zero. */
  private INDArray never(int example, @Nullable INDArray mask) {
    int steps = (int) time;
    double[][] never = new double[steps][steps];
    for (int key = 0; key < steps; key++) {
      boolean padded = mask != null && mask.getDouble(example, key) == 0;
      for (int query = 0; query < steps; query++) {
        never[query][key] = padded || (causal && key > query) ? NEVER : 0;
      }
    }
    return Nd4j.create(never);
  }

  /** [queries, keys], each row of sum 1. */
  private INDArray weights(INDArray all, int example, int head, @Nullable INDArray mask) {
    INDArray queries = part(all, 0, example, head).dup();
    INDArray keys = part(all, 1, example, head).dup();
    INDArray scores = queries.mmul(keys.transpose()).divi(root(queries));
    if (causal || mask != null) {
      scores.addi(never(example, mask).castTo(scores.dataType()));
    }
    INDArray powers = Transforms.exp(scores.subColumnVector(scores.max(true, 1)));
    return powers.divColumnVector(powers.sum(true, 1));
  }

  /** What dropout multiplies the weights of a head by; drawn for [keys, queries]. */
  private INDArray dropped(INDArray weights, @Nullable INDArray drawn, int example, int head) {
    if (drawn == null) {
      return weights;
    }
    long size = time * time;
    long at = ((long) example * heads + head) * size;
    INDArray own = drawn.get(NDArrayIndex.interval(at, at + size)).reshape('c', time, time);
    return weights.mul(own.transpose());
  }

  /**
   * The values that each step attends to.
   *
   * @param all queries, keys and values, [examples * time, 3 width]
   * @param mask [examples, time], zero where nobody attends to; null for ones
   * @param drawn by dropout, [examples * heads * time * time]; null without dropout
   * @return [examples * time, width]
   */
  INDArray forward(INDArray all, @Nullable INDArray mask, @Nullable INDArray drawn) {
    INDArray out = Nd4j.createUninitialized(all.dataType(), all.size(0), all.size(1) / 3);
    for (int example = 0; example < examples; example++) {
      for (int head = 0; head < heads; head++) {
        INDArray weights = dropped(weights(all, example, head, mask), drawn, example, head);
        own(out, example, head).assign(weights.mmul(part(all, 2, example, head).dup()));
      }
    }
    return out;
  }

  /** The gradient by queries, keys and values from that by what {@link #forward} gave. */
  INDArray backward(
      INDArray all, INDArray epsilon, @Nullable INDArray mask, @Nullable INDArray drawn) {
    INDArray below = Nd4j.createUninitialized(all.dataType(), all.size(0), all.size(1));
    for (int example = 0; example < examples; example++) {
      for (int head = 0; head < heads; head++) {
        INDArray queries = part(all, 0, example, head).dup();
        INDArray keys = part(all, 1, example, head).dup();
        INDArray values = part(all, 2, example, head).dup();
        INDArray delta = own(epsilon, example, head).dup();
        INDArray weights = weights(all, example, head, mask);
        INDArray used = dropped(weights, drawn, example, head);
        part(below, 2, example, head).assign(used.transpose().mmul(delta));
        INDArray byWeight = dropped(delta.mmul(values.transpose()), drawn, example, head);
        INDArray along = byWeight.mul(weights).sum(true, 1);
        INDArray byScore = weights.mul(byWeight.subColumnVector(along)).divi(root(queries));
        part(below, 0, example, head).assign(byScore.mmul(keys));
        part(below, 1, example, head).assign(byScore.transpose().mmul(queries));
      }
    }
    return below;
  }
}
