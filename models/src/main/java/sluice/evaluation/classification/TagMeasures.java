package sluice.evaluation.classification;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.evaluation.metric.Label;
import sluice.evaluation.metric.Measures;

/** Measures tags: their tokens, each as often as its row is drawn, and their spans. */
final class TagMeasures implements Measures<ClassCounts> {
  private final TagPredictions predictions;
  private final Label label;
  private final ClassMeasures tokens;

  /** By row; empty where tags tell no spans. */
  private final SpanCounts[] spans;

  TagMeasures(TagPredictions predictions, Label label) {
    this.predictions = predictions;
    this.label = label;
    TagSpans told = TagSpans.of(label);
    this.tokens = new ClassMeasures(predictions.tokens(), -1, ClassMeasures.Ranking.NONE);
    this.spans = new SpanCounts[told.areTold() ? predictions.rows() : 0];
    Arrays.setAll(spans, row -> told.count(predictions.truth(row), predictions.guesses(row)));
  }

  @Override
  public List<ClassMetric> metrics() {
    return ClassMetrics.ALL.stream().filter(metric -> metric.isOf(label)).toList();
  }

  @Override
  public int rows() {
    return predictions.rows();
  }

  @Override
  public ClassCounts count(byte[] weights) {
    byte[] ofTokens = new byte[tokens.rows()];
    @Nullable SpanCounts drawn = spans.length == 0 ? null : new SpanCounts();
    long unread = 0;
    int at = 0;
    for (int row = 0; row < weights.length; row++) {
      int all = predictions.truth(row).length;
      Arrays.fill(ofTokens, at, at + all, weights[row]);
      at += all;
      unread += (long) weights[row] * (all - predictions.guesses(row).length);
      if (drawn != null) {
        drawn.add(spans[row], weights[row]);
      }
    }
    ClassCounts counts = tokens.count(ofTokens);
    counts.setTags(drawn, unread);
    return counts;
  }
}
