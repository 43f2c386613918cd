package sluice.evaluation.classification;

import java.util.Optional;
import java.util.Set;
import sluice.data.Task;
import sluice.evaluation.metric.Direction;

/**
 * Cohen 1960, "A coefficient of agreement for nominal scales": how much more often the predicted
 * class is the true one than if as many rows of each class had been predicted at random, of what
 * there is to gain. Undefined where all rows are of one class and predicted to be.
 */
final class CohenKappa extends ClassMetric {

  CohenKappa() {
    super("kappa", "Cohen's kappa", Direction.HIGHER);
  }

  @Override
  public Set<Task> tasks() {
    return alsoOfTags();
  }

  @Override
  public Set<Task> watchable() {
    return tasks();
  }

  @Override
  public String explanation(Subject subject) {
    return "How far predictions agree with the truth beyond chance; 1 is all right, a guess has 0";
  }

  @Override
  public double value(ClassCounts counts) {
    double byChance = byChance(counts);
    return (counts.accuracy() - byChance) / (1 - byChance);
  }

  @Override
  public Optional<String> note(ClassCounts counts) {
    return byChance(counts) == 1
        ? Optional.of("undefined: all rows are of one class and predicted to be")
        : Optional.empty();
  }

  private static double byChance(ClassCounts counts) {
    double rows = counts.rows();
    double pairs = 0;
    for (int c = 0; c < counts.classes; c++) {
      pairs += (double) counts.support(c) * counts.predicted(c);
    }
    return pairs / rows / rows;
  }
}
