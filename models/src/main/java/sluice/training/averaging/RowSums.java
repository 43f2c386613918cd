package sluice.training.averaging;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import sluice.network.RowTables;
import sluice.network.TableRows;

/**
 * The rows of large tables that any worker of a node of the tree has brought, weighted by examples
 * and added up along it. A worker that has not brought a row has left it as it was at the round's
 * start and counts with that, so that sums are to the bit those of whole tables: products of a
 * number and of examples are exact in doubles, and so are their sums where all workers have the
 * same number.
 *
 * @param rows ascending
 * @param sums of the rows' values
 */
@SuppressWarnings("ArrayRecordComponent") // handed over in bulk and never compared
record RowSums(int[] rows, double[] sums) implements Serializable {
  /** Rows that are added up at a time. */
  private static final int CHUNK = 64;

  static final RowSums NONE = new RowSums(new int[0], new double[0]);

  /**
   * The sums over a node.
   *
   * @param results of its workers, all of them, in their order
   */
  static RowSums of(List<WorkerResult> results, RowTables tables, WholeNetwork start) {
    int[] rows =
        results.stream()
            .flatMapToInt(result -> IntStream.of(end(result).rows()))
            .sorted()
            .distinct()
            .toArray();
    int[] places = tables.places(rows);
    int[][] own =
        results.stream().map(result -> tables.places(end(result).rows())).toArray(int[][]::new);
    double[] sums = new double[places[rows.length]];
    chunks(
        rows.length,
        i -> {
          int count = places[i + 1] - places[i];
          float[] unmoved = new float[count];
          tables.read(
              rows[i], start.parameters().array(), start.updaterState().array(), unmoved, 0);
          double[] sum = new double[count];
          WorkerTree.sum(
              0,
              results.size(),
              sum,
              (worker, out) -> {
                WorkerResult result = results.get(worker);
                int place = Arrays.binarySearch(end(result).rows(), rows[i]);
                float[] values = place < 0 ? unmoved : end(result).values().array();
                int at = place < 0 ? 0 : own[worker][place];
                double weight = result.examples();
                for (int k = 0; k < count; k++) {
                  out[k] = weight * values[at + k];
                }
                return weight > 0;
              });
          System.arraycopy(sum, 0, sums, places[i], count);
        });
    return new RowSums(rows, sums);
  }

  private static Exchange end(WorkerResult result) {
    return Objects.requireNonNull(result.end());
  }

  private interface Row {
    void take(int index);
  }

  private static void chunks(int rows, Row work) {
    IntStream.range(0, (rows + CHUNK - 1) / CHUNK)
        .parallel()
        .forEach(
            chunk -> {
              for (int i = chunk * CHUNK; i < Math.min(rows, (chunk + 1) * CHUNK); i++) {
                work.take(i);
              }
            });
  }

  /**
   * With those of the node at the right.
   *
   * @param examples of this node
   * @param rightExamples of that node
   */
  RowSums plus(
      RowSums right, long examples, long rightExamples, RowTables tables, WholeNetwork start) {
    int[] all =
        IntStream.concat(IntStream.of(rows), IntStream.of(right.rows))
            .sorted()
            .distinct()
            .toArray();
    int[] places = tables.places(all);
    double[] added = new double[places[all.length]];
    int[] leftPlaces = tables.places(rows);
    int[] rightPlaces = tables.places(right.rows);
    chunks(
        all.length,
        i -> {
          int count = places[i + 1] - places[i];
          add(all[i], leftPlaces, examples, tables, start, added, places[i], count);
          right.add(all[i], rightPlaces, rightExamples, tables, start, added, places[i], count);
        });
    return new RowSums(all, added);
  }

  private void add(
      int row,
      int[] places,
      long examples,
      RowTables tables,
      WholeNetwork start,
      double[] to,
      int at,
      int count) {
    int place = Arrays.binarySearch(rows, row);
    if (place >= 0) {
      for (int k = 0; k < count; k++) {
        to[at + k] += sums[places[place] + k];
      }
    } else if (examples > 0) {
      float[] unmoved = new float[count];
      tables.read(row, start.parameters().array(), start.updaterState().array(), unmoved, 0);
      for (int k = 0; k < count; k++) {
        to[at + k] += (double) examples * unmoved[k];
      }
    }
  }

  /** The means of the rows. */
  TableRows mean(long examples) {
    float[] mean = new float[sums.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (float) (sums[i] / examples);
    }
    return new TableRows(rows, mean);
  }
}
