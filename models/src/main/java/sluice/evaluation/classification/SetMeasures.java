package sluice.evaluation.classification;

import java.util.Arrays;
import java.util.List;
import sluice.data.Task;
import sluice.evaluation.metric.Measures;

/**
 * Measures sets: their names one by one, each with its rows from the highest score down, and their
 * rows. Memory: 4 bytes a name and row.
 */
final class SetMeasures implements Measures<ClassCounts> {
  private final SetPredictions predictions;

  /** The predicted names of each row. */
  private final int[][] guesses;

  private final RankedRows[] ranked;

  SetMeasures(SetPredictions predictions) {
    this.predictions = predictions;
    guesses = new int[predictions.rows()][];
    Arrays.setAll(guesses, predictions::guesses);
    ranked = new RankedRows[predictions.names()];
    Arrays.setAll(
        ranked,
        name ->
            RankedRows.of(
                guesses.length,
                row -> predictions.probability(row, name),
                row -> Arrays.binarySearch(predictions.truth(row), name) >= 0));
  }

  @Override
  public List<ClassMetric> metrics() {
    return ClassMetrics.ALL.stream()
        .filter(metric -> metric.tasks().contains(Task.MULTILABEL))
        .toList();
  }

  @Override
  public int rows() {
    return predictions.rows();
  }

  @Override
  public ClassCounts count(byte[] weights) {
    int names = predictions.names();
    ClassCounts.ByClass byName =
        new ClassCounts.ByClass(new long[names], new long[names], new long[names]);
    SetCounts sets = new SetCounts();
    for (int row = 0; row < weights.length; row++) {
      if (weights[row] > 0) {
        int[] truth = predictions.truth(row);
        int right = byName.add(truth, guesses[row], weights[row]);
        sets.add(truth.length, guesses[row].length, right, weights[row]);
      }
    }
    ClassCounts counts = new ClassCounts(-1, byName);
    counts.setSets(sets);
    for (int name = 0; name < names; name++) {
      counts.setAreas(name, ranked[name].areas(weights, counts.support(name)));
    }
    return counts;
  }
}
