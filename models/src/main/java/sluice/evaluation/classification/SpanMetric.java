package sluice.evaluation.classification;

import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import sluice.data.Task;
import sluice.evaluation.metric.Direction;
import sluice.evaluation.metric.Label;

/** A metric of the spans that tags tell: one is right if its first and last token and type are. */
final class SpanMetric extends OneTaskMetric {
  private final ToDoubleFunction<SpanCounts> value;

  private SpanMetric(
      String name,
      String title,
      int headline,
      String explanation,
      ToDoubleFunction<SpanCounts> value) {
    super(Task.TAGS, name, title, Direction.HIGHER, headline, explanation);
    this.value = value;
  }

  static SpanMetric f1() {
    return new SpanMetric(
        "spanF1",
        "F1 of spans",
        1,
        "Precision and recall of the spans that the tags tell in one number",
        SpanCounts::f1);
  }

  static SpanMetric precision() {
    return new SpanMetric(
        "spanPrecision",
        "Precision of spans",
        4,
        "Of the predicted spans, the share that is right from its first to its last token",
        SpanCounts::precision);
  }

  static SpanMetric recall() {
    return new SpanMetric(
        "spanRecall",
        "Recall of spans",
        5,
        "Of the true spans, the share that is found from its first to its last token",
        SpanCounts::recall);
  }

  @Override
  public boolean isOf(Label label) {
    return TagSpans.of(label).areTold();
  }

  @Override
  public double value(ClassCounts counts) {
    @Nullable SpanCounts spans = counts.spans();
    return spans == null ? Double.NaN : value.applyAsDouble(spans);
  }

  @Override
  public Optional<String> note(ClassCounts counts) {
    if (counts.spans() == null) {
      return Optional.of("undefined: normalise.label.spans says of no spans");
    }
    return Double.isNaN(value(counts)) ? Optional.of("undefined: no spans") : Optional.empty();
  }
}
