package sluice.evaluation.classification;

import java.util.Optional;
import sluice.evaluation.metric.Metric;
import sluice.evaluation.metric.Tally;

/** The metrics of predicted sets, but for those of probabilities. Memory: 24 bytes a name. */
public final class SetTally implements Tally {
  private static final long serialVersionUID = 1L;

  private final long[] support;
  private final long[] predicted;
  private final long[] right;
  private final SetCounts sets = new SetCounts();

  /**
   * @param names how many there are
   */
  public SetTally(int names) {
    this.support = new long[names];
    this.predicted = new long[names];
    this.right = new long[names];
  }

  /**
   * Adds a row.
   *
   * @param truth the indices of the names that are true, ascending
   * @param guesses those of the names that are predicted
   */
  public void add(int[] truth, int[] guesses) {
    int both = byName().add(truth, guesses, 1);
    sets.add(truth.length, guesses.length, both, 1);
  }

  private ClassCounts.ByClass byName() {
    return new ClassCounts.ByClass(support, predicted, right);
  }

  @Override
  public void merge(Tally other) {
    if (!(other instanceof SetTally that)) {
      throw new IllegalArgumentException("a tally of sets cannot take in one of anything else");
    }
    for (int name = 0; name < support.length; name++) {
      support[name] += that.support[name];
      predicted[name] += that.predicted[name];
      right[name] += that.right[name];
    }
    sets.merge(that.sets);
  }

  @Override
  public double value(String metric) {
    return sets.rows() == 0 ? Double.NaN : ClassMetrics.named(metric).value(counts());
  }

  @Override
  public Optional<String> note(String metric) {
    return sets.rows() == 0
        ? Optional.of(Metric.NO_ROWS)
        : ClassMetrics.named(metric).note(counts());
  }

  private ClassCounts counts() {
    ClassCounts counts = new ClassCounts(-1, byName());
    counts.setSets(sets);
    return counts;
  }
}
