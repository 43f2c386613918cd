package sluice.evaluation.classification;

import java.util.Optional;
import java.util.Set;
import sluice.data.Task;
import sluice.decision.ConfusionMetrics;
import sluice.evaluation.metric.Direction;

/**
 * The correlation of true and predicted classes: Matthews 1975, for any number of classes Gorodkin
 * 2004; see {@link ConfusionMetrics#matthews}. Where all rows are of one class, or predicted to be,
 * it is 0, as in scikit-learn, with a note.
 */
final class MatthewsCorrelation extends ClassMetric {

  MatthewsCorrelation() {
    super("mcc", "Matthews correlation", Direction.HIGHER);
  }

  @Override
  public Set<Task> watchable() {
    return tasks();
  }

  @Override
  public String explanation(Subject subject) {
    return "How the true and the predicted classes correlate; 1 is all right, a guess has 0";
  }

  @Override
  public double value(ClassCounts counts) {
    return counts.matthews();
  }

  @Override
  public Optional<String> note(ClassCounts counts) {
    return counts.matthewsNote();
  }
}
