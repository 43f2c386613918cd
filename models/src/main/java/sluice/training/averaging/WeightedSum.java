package sluice.training.averaging;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Results of workers added up, weighted by examples, in doubles along a fixed binary tree over the
 * workers' indices: the same to the bit whatever finished first, and whichever of the tree's nodes
 * were added up elsewhere. A product of a parameter and a number of examples is exact in doubles,
 * so that the mean of equal arrays is the array. A worker without examples counts as not there.
 */
final class WeightedSum implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Parameters that are added up at a time, to stay in the processor's cache. */
  private static final int CHUNK = 4096;

  private long examples;
  private double lossSum;
  private double squaredDistances;
  private double compute;
  private double data;
  private double[] parameters;
  private double[] updaterState;
  private final TreeMap<Integer, float[]> localStates = new TreeMap<>();

  private WeightedSum(double[] parameters, double[] updaterState) {
    this.parameters = parameters;
    this.updaterState = updaterState;
  }

  /**
   * The sum over a node of the tree.
   *
   * @param results of the node's workers, all of them, in their order
   */
  static WeightedSum of(List<WorkerResult> results, UpdaterState keeps) {
    WeightedSum sum =
        new WeightedSum(
            sum(results, result -> result.parameters().array()),
            keeps == UpdaterState.AVERAGED
                ? sum(results, result -> result.updaterState().array())
                : new double[0]);
    sum.examples = results.stream().mapToLong(WorkerResult::examples).sum();
    sum.lossSum = scalar(results, 0, results.size(), WorkerResult::lossSum);
    sum.squaredDistances =
        scalar(results, 0, results.size(), result -> result.examples() * result.squaredDistance());
    sum.compute = results.stream().mapToDouble(WorkerResult::compute).sum();
    sum.data = results.stream().mapToDouble(WorkerResult::data).sum();
    if (keeps == UpdaterState.LOCAL) {
      for (WorkerResult result : results) {
        if (result.examples() > 0) {
          sum.localStates.put(result.worker(), result.updaterState().array());
        }
      }
    }
    return sum;
  }

  /** Adds the node at the right of this one; both are then used up. */
  WeightedSum plus(WeightedSum right) {
    examples += right.examples;
    lossSum += right.lossSum;
    squaredDistances += right.squaredDistances;
    compute += right.compute;
    data += right.data;
    parameters = plus(parameters, right.parameters);
    updaterState = plus(updaterState, right.updaterState);
    localStates.putAll(right.localStates);
    return this;
  }

  long examples() {
    return examples;
  }

  double lossSum() {
    return lossSum;
  }

  /** Seconds in steps, of all workers. */
  double compute() {
    return compute;
  }

  /** Seconds in making minibatches, of all workers. */
  double data() {
    return data;
  }

  /** The weighted mean of the squared distances from the round's start. */
  double meanSquaredDistance() {
    return squaredDistances / examples;
  }

  /** The weighted mean of the parameters. */
  float[] meanParameters() {
    return mean(parameters);
  }

  /** The weighted mean of the updaters' states; empty where it is not averaged. */
  float[] meanUpdaterState() {
    return mean(updaterState);
  }

  /** The states of workers that keep their own and had examples. */
  Map<Integer, float[]> localStates() {
    return localStates;
  }

  private float[] mean(double[] sum) {
    float[] mean = new float[sum.length];
    inChunks(
        sum.length,
        (start, count) -> {
          for (int i = start; i < start + count; i++) {
            mean[i] = (float) (sum[i] / examples);
          }
        });
    return mean;
  }

  private static double[] plus(double[] left, double[] right) {
    if (left.length == 0) {
      return right;
    }
    for (int i = 0; i < right.length; i++) {
      left[i] += right[i];
    }
    return left;
  }

  private interface Chunk {
    void take(int start, int count);
  }

  /** On all processors: the workers wait, and what becomes of a chunk depends on no other. */
  private static void inChunks(int length, Chunk work) {
    IntStream.range(0, (length + CHUNK - 1) / CHUNK)
        .parallel()
        .forEach(chunk -> work.take(chunk * CHUNK, Math.min(CHUNK, length - chunk * CHUNK)));
  }

  private static double[] sum(List<WorkerResult> results, Function<WorkerResult, float[]> array) {
    int length = results.stream().mapToInt(result -> array.apply(result).length).max().orElse(0);
    double[] sum = new double[length];
    inChunks(
        length,
        (start, count) -> {
          double[] chunk = new double[count];
          chunk(results, array, 0, results.size(), start, count, chunk);
          System.arraycopy(chunk, 0, sum, start, count);
        });
    return sum;
  }

  /** The sum of a chunk over the workers from one to another; false if none of them is there. */
  private static boolean chunk(
      List<WorkerResult> results,
      Function<WorkerResult, float[]> array,
      int from,
      int to,
      int start,
      int count,
      double[] out) {
    if (to - from == 1) {
      WorkerResult result = results.get(from);
      double weight = result.examples();
      if (weight == 0) {
        return false;
      }
      float[] values = array.apply(result);
      for (int i = 0; i < count; i++) {
        out[i] = weight * values[start + i];
      }
      return true;
    }
    int middle = WorkerTree.middle(from, to);
    boolean left = chunk(results, array, from, middle, start, count, out);
    if (!left) {
      return chunk(results, array, middle, to, start, count, out);
    }
    double[] other = new double[count];
    if (chunk(results, array, middle, to, start, count, other)) {
      for (int i = 0; i < count; i++) {
        out[i] += other[i];
      }
    }
    return true;
  }

  private static double scalar(
      List<WorkerResult> results,
      int from,
      int to,
      java.util.function.ToDoubleFunction<WorkerResult> value) {
    if (to - from == 1) {
      return value.applyAsDouble(results.get(from));
    }
    int middle = WorkerTree.middle(from, to);
    return scalar(results, from, middle, value) + scalar(results, middle, to, value);
  }
}
