package sluice.evaluation.classification;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import sluice.data.Task;
import sluice.evaluation.metric.Direction;

/**
 * A metric of predicted sets, as scikit-learn defines it (1.9, of indicator matrices). Micro
 * metrics are of all pairs of a row and a name together, samples F1 is the mean over the rows.
 */
final class SetMetric extends OneTaskMetric {
  private final ToDoubleFunction<ClassCounts> value;
  private final Function<ClassCounts, Optional<String>> note;

  private SetMetric(
      String name,
      String title,
      Direction better,
      int headline,
      String explanation,
      ToDoubleFunction<ClassCounts> value,
      Function<ClassCounts, Optional<String>> note) {
    super(Task.MULTILABEL, name, title, better, headline, explanation);
    this.value = value;
    this.note = note;
  }

  static SetMetric microF1() {
    return new SetMetric(
        "microF1",
        "F1, micro",
        Direction.HIGHER,
        1,
        "Precision and recall of the names of all rows together in one number",
        counts -> 2.0 * right(counts) / (support(counts) + predicted(counts)),
        counts ->
            support(counts) + predicted(counts) > 0
                ? Optional.empty()
                : Optional.of("undefined: no name is true or predicted"));
  }

  static SetMetric microPrecision() {
    return new SetMetric(
        "microPrecision",
        "Precision, micro",
        Direction.HIGHER,
        0,
        "Of the predicted names of all rows, the share that is true",
        counts ->
            predicted(counts) == 0 && support(counts) > 0
                ? 0
                : (double) right(counts) / predicted(counts),
        counts ->
            predicted(counts) > 0
                ? Optional.empty()
                : Optional.of(
                    support(counts) > 0
                        ? "no name is predicted, which counts as 0"
                        : "undefined: no name is true or predicted"));
  }

  static SetMetric microRecall() {
    return new SetMetric(
        "microRecall",
        "Recall, micro",
        Direction.HIGHER,
        0,
        "Of the true names of all rows, the share that is predicted",
        counts -> (double) right(counts) / support(counts),
        counts ->
            support(counts) > 0 ? Optional.empty() : Optional.of("undefined: no name is true"));
  }

  static SetMetric samplesF1() {
    return new SetMetric(
        "samplesF1",
        "F1, mean over the rows",
        Direction.HIGHER,
        3,
        "Precision and recall of the names of a row in one number: the mean over the rows",
        counts -> sets(counts).f1s() / sets(counts).rows(),
        counts ->
            sets(counts).empty() == 0
                ? Optional.empty()
                : Optional.of(
                    "%d of %d rows have no true and no predicted name, which counts as 0"
                        .formatted(sets(counts).empty(), sets(counts).rows())));
  }

  static SetMetric subsetAccuracy() {
    return new SetMetric(
        "subsetAccuracy",
        "Subset accuracy",
        Direction.HIGHER,
        4,
        "The share of rows whose names are all predicted, and no other",
        counts -> (double) sets(counts).exact() / sets(counts).rows(),
        counts -> Optional.empty());
  }

  static SetMetric hammingLoss() {
    return new SetMetric(
        "hammingLoss",
        "Hamming loss",
        Direction.LOWER,
        5,
        "The share of pairs of a row and a name that is wrong",
        counts ->
            (double) (support(counts) + predicted(counts) - 2 * right(counts))
                / sets(counts).rows()
                / counts.classes(),
        counts -> Optional.empty());
  }

  private static SetCounts sets(ClassCounts counts) {
    return Objects.requireNonNull(counts.sets());
  }

  private static long support(ClassCounts counts) {
    return IntStream.range(0, counts.classes()).mapToLong(counts::support).sum();
  }

  private static long predicted(ClassCounts counts) {
    return IntStream.range(0, counts.classes()).mapToLong(counts::predicted).sum();
  }

  private static long right(ClassCounts counts) {
    return IntStream.range(0, counts.classes()).mapToLong(counts::right).sum();
  }

  @Override
  public double value(ClassCounts counts) {
    return value.applyAsDouble(counts);
  }

  @Override
  public Optional<String> note(ClassCounts counts) {
    return note.apply(counts);
  }
}
