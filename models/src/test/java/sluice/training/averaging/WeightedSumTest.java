package sluice.training.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.network.Replica;
import sluice.network.RowTables;
import sluice.network.TableRows;
import sluice.training.examples.FloatVector;

class WeightedSumTest {
  /** Longer than a chunk of the sum. */
  private static final int LENGTH = 5000;

  /** Where networks without large tables start does not matter. */
  private static final WholeNetwork NOWHERE =
      new WholeNetwork(new FloatVector(), new FloatVector());

  static IntStream workers() {
    return IntStream.rangeClosed(1, 20);
  }

  private static List<WorkerResult> results(int workers, long seed) {
    Random random = new Random(seed);
    List<WorkerResult> results = new ArrayList<>();
    for (int worker = 0; worker < workers; worker++) {
      // Some have no examples, but never the last.
      int examples = worker < workers - 1 && random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(999);
      int length = examples == 0 ? 0 : LENGTH;
      results.add(
          new WorkerResult(
              worker,
              examples,
              random.nextDouble(),
              random.nextDouble(),
              0,
              0,
              end(floats(length, random), floats(2 * length, random))));
    }
    return results;
  }

  private static Exchange end(float[] parameters, float[] updaterState) {
    return Exchange.of(new Replica.Changes(parameters, updaterState, TableRows.NONE));
  }

  private static float[] parameters(WorkerResult result) {
    return Objects.requireNonNull(result.end()).parameters().array();
  }

  private static WeightedSum sum(List<WorkerResult> results) {
    return WeightedSum.of(results, UpdaterState.AVERAGED, RowTables.none(), NOWHERE);
  }

  private static float[] floats(int length, Random random) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static WeightedSum along(List<WorkerResult> results, int depth) {
    WorkerTree tree = new WorkerTree(results.size(), depth);
    List<WeightedSum> nodes = new ArrayList<>();
    for (int node = 0; node < tree.numPartitions(); node++) {
      int own = node;
      nodes.add(sum(results.stream().filter(r -> tree.getPartition(r.worker()) == own).toList()));
    }
    return tree.root(nodes, RowTables.none(), NOWHERE);
  }

  @ParameterizedTest
  @MethodSource("workers")
  void whereTheTreeIsCutChangesNoBit(int workers) {
    List<WorkerResult> results = results(workers, workers);
    WeightedSum whole = sum(results);
    for (int depth = 0; depth <= 5; depth++) {
      WeightedSum cut = along(results, depth);
      assertThat(cut.meanParameters()).containsExactly(whole.meanParameters());
      assertThat(cut.meanUpdaterState()).containsExactly(whole.meanUpdaterState());
      assertThat(cut.lossSum()).isEqualTo(whole.lossSum());
      assertThat(cut.meanSquaredDistance()).isEqualTo(whole.meanSquaredDistance());
      assertThat(cut.examples()).isEqualTo(whole.examples());
    }
  }

  @ParameterizedTest
  @MethodSource("workers")
  void isTheMeanWeightedByExamples(int workers) {
    List<WorkerResult> results = results(workers, 100 + workers);
    long total = results.stream().mapToLong(WorkerResult::examples).sum();
    float[] mean = sum(results).meanParameters();
    for (int i = 0; i < LENGTH; i += 97) {
      double sum = 0;
      for (WorkerResult result : results) {
        sum += result.examples() == 0 ? 0 : result.examples() * parameters(result)[i];
      }
      assertThat(mean[i]).isCloseTo((float) (sum / total), within(1e-6f));
    }
  }

  @ParameterizedTest
  @MethodSource("workers")
  void theMeanOfEqualArraysIsTheArray(int workers) {
    Random random = new Random(workers);
    float[] same = floats(LENGTH, random);
    List<WorkerResult> results =
        IntStream.range(0, workers)
            .mapToObj(
                w -> new WorkerResult(w, 1 + random.nextInt(99999), 0, 0, 0, 0, end(same, same)))
            .toList();
    WeightedSum sum = sum(results);
    assertThat(sum.meanParameters()).containsExactly(same);
    assertThat(sum.meanUpdaterState()).containsExactly(same);
  }
}
