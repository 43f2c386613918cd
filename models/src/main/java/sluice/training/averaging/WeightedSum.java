package sluice.training.averaging;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import sluice.network.RowTables;
import sluice.network.TableRows;
import sluice.training.examples.FloatVector;

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
  private RowSums rows = RowSums.NONE;
  private boolean lacking;
  private final TreeMap<Integer, float[]> localStates = new TreeMap<>();

  private WeightedSum(double[] parameters, double[] updaterState) {
    this.parameters = parameters;
    this.updaterState = updaterState;
  }

  /**
   * The sum over a node of the tree; {@link #isLacking} if a worker's process, or this one, had no
   * network to begin with.
   *
   * @param results of the node's workers, all of them, in their order
   * @param start where they started; null if this process does not have it
   */
  static WeightedSum of(
      List<WorkerResult> results,
      UpdaterState keeps,
      RowTables tables,
      @Nullable WholeNetwork start) {
    if (start == null || results.stream().anyMatch(result -> result.end() == null)) {
      WeightedSum lacking = new WeightedSum(new double[0], new double[0]);
      lacking.lacking = true;
      return lacking;
    }
    WeightedSum sum =
        new WeightedSum(
            sum(results, Exchange::parameters),
            keeps == UpdaterState.AVERAGED ? sum(results, Exchange::updaterState) : new double[0]);
    sum.rows = RowSums.of(results, tables, start);
    sum.examples = results.stream().mapToLong(WorkerResult::examples).sum();
    sum.lossSum = scalar(results, 0, results.size(), WorkerResult::lossSum);
    sum.squaredDistances =
        scalar(results, 0, results.size(), result -> result.examples() * result.squaredDistance());
    sum.compute = results.stream().mapToDouble(WorkerResult::compute).sum();
    sum.data = results.stream().mapToDouble(WorkerResult::data).sum();
    if (keeps == UpdaterState.LOCAL) {
      for (WorkerResult result : results) {
        if (result.examples() > 0) {
          sum.localStates.put(result.worker(), end(result).updaterState().array());
        }
      }
    }
    return sum;
  }

  /** Adds the node at the right of this one; both are then used up. */
  WeightedSum plus(WeightedSum right, RowTables tables, WholeNetwork start) {
    lacking |= right.lacking;
    rows = rows.plus(right.rows, examples, right.examples, tables, start);
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

  /** Whether the round must be run again, since processes had no network to begin with. */
  boolean isLacking() {
    return lacking;
  }

  /** The weighted means of the rows of large tables that any worker has brought. */
  TableRows meanRows() {
    return rows.mean(examples);
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

  private static double[] sum(List<WorkerResult> results, Function<Exchange, FloatVector> array) {
    List<float[]> arrays =
        results.stream().map(result -> array.apply(end(result)).array()).toList();
    int length = arrays.stream().mapToInt(values -> values.length).max().orElse(0);
    double[] sum = new double[length];
    inChunks(
        length,
        (start, count) -> {
          double[] chunk = new double[count];
          WorkerTree.sum(
              0,
              results.size(),
              chunk,
              (worker, out) -> {
                double weight = results.get(worker).examples();
                if (weight == 0) {
                  return false;
                }
                float[] values = arrays.get(worker);
                for (int i = 0; i < count; i++) {
                  out[i] = weight * values[start + i];
                }
                return true;
              });
          System.arraycopy(chunk, 0, sum, start, count);
        });
    return sum;
  }

  private static Exchange end(WorkerResult result) {
    return Objects.requireNonNull(result.end());
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
