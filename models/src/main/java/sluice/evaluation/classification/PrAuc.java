package sluice.evaluation.classification;

import java.util.Optional;
import java.util.Set;
import sluice.data.Decimal;
import sluice.data.Task;
import sluice.evaluation.metric.Direction;

/**
 * Average precision: the sum over the distinct scores, from the highest down, of the gain in recall
 * times the precision there; no interpolation.
 */
final class PrAuc extends ClassMetric {

  PrAuc() {
    super("prAuc", "PR AUC", Direction.HIGHER);
  }

  @Override
  public int headline(Task task) {
    return task == Task.BINARY ? 2 : 0;
  }

  @Override
  public Set<Task> watchable() {
    return Set.of(Task.BINARY);
  }

  @Override
  protected Needs needs() {
    return Needs.RANKS;
  }

  @Override
  public String explanation(Subject subject) {
    Double guess = subject.prevalence();
    return "Precision over all levels of recall"
        + (guess == null ? "" : "; a guess has " + Decimal.rounded(guess));
  }

  @Override
  public double value(ClassCounts counts) {
    return counts.headline(c -> counts.averagePrecisions[c]);
  }

  @Override
  public Optional<String> note(ClassCounts counts) {
    return counts.recallNote();
  }
}
