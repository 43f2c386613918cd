package sluice.evaluation.classification;

import java.util.Optional;
import sluice.evaluation.metric.Tally;

/** The metrics of predicted tags, but for those of probabilities. Memory: 24 bytes a tag. */
public final class TagTally implements Tally {
  private static final long serialVersionUID = 1L;

  private final ClassTally tokens;
  private final TagSpans spans;
  private final SpanCounts spanCounts = new SpanCounts();
  private long unread;

  /**
   * @param tags how many there are
   * @param spans that they tell
   */
  public TagTally(int tags, TagSpans spans) {
    this.tokens = ClassTally.of("accuracy", tags, -1);
    this.spans = spans;
  }

  /**
   * Adds the tokens of a row.
   *
   * @param truth the index of the tag of each
   * @param guesses likewise of the tokens that were read, the first; the others count as wrong
   */
  public void add(int[] truth, int[] guesses) {
    for (int i = 0; i < truth.length; i++) {
      tokens.add(truth[i], i < guesses.length ? guesses[i] : TagPredictions.wrong(truth[i]), 0);
    }
    unread += truth.length - guesses.length;
    if (spans.areTold()) {
      spanCounts.add(spans.count(truth, guesses), 1);
    }
  }

  @Override
  public void merge(Tally other) {
    if (!(other instanceof TagTally that)) {
      throw new IllegalArgumentException("a tally of tags cannot take in one of anything else");
    }
    tokens.merge(that.tokens);
    spanCounts.add(that.spanCounts, 1);
    unread += that.unread;
  }

  @Override
  public double value(String metric) {
    ClassCounts counts = counts();
    return counts.rows() == 0 ? Double.NaN : ClassMetrics.named(metric).value(counts);
  }

  @Override
  public Optional<String> note(String metric) {
    ClassCounts counts = counts();
    return counts.rows() == 0
        ? Optional.of("undefined: no tokens")
        : ClassMetrics.named(metric).note(counts);
  }

  private ClassCounts counts() {
    ClassCounts counts = tokens.counts();
    counts.setTags(spans.areTold() ? spanCounts : null, unread);
    return counts;
  }
}
