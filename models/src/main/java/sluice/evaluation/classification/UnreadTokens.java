package sluice.evaluation.classification;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import sluice.data.Task;
import sluice.evaluation.metric.Direction;

/** The share of tokens beyond what a model reads of a text, whose tags count as wrong. */
final class UnreadTokens extends ClassMetric {
  UnreadTokens() {
    super("unread", "Tokens not read", Direction.LOWER);
  }

  @Override
  public Set<Task> tasks() {
    return EnumSet.of(Task.TAGS);
  }

  @Override
  public int headline(Task task) {
    return 7;
  }

  @Override
  public String explanation(Subject subject) {
    return "The share of tokens beyond max-length, which are not read and count as wrong";
  }

  @Override
  public double value(ClassCounts counts) {
    return (double) counts.unread() / counts.rows();
  }

  @Override
  public Optional<String> note(ClassCounts counts) {
    return counts.rows() == 0 ? Optional.of("undefined: no tokens") : Optional.empty();
  }
}
