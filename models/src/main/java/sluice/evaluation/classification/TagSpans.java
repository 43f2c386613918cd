package sluice.evaluation.classification;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import sluice.data.SpanScheme;
import sluice.data.SpanScheme.Part;
import sluice.data.SpanScheme.Role;
import sluice.evaluation.metric.Label;

/**
 * Finds the spans that tags tell. Where tags do not follow each other as the scheme has it, a span
 * begins and ends as in conlleval, which seqeval follows unless it is strict: a tag that goes on
 * without a beginning, or with another type than the one before, begins a span.
 */
public final class TagSpans implements Serializable {
  /** Of tags that tell none. */
  public static final TagSpans NONE = new TagSpans(SpanScheme.NONE, List.of());

  private static final long serialVersionUID = 1L;

  private final List<Part> parts;

  /**
   * @param tags by index, each one of the scheme's
   */
  TagSpans(SpanScheme scheme, List<String> tags) {
    parts =
        scheme == SpanScheme.NONE
            ? List.of()
            : tags.stream().map(tag -> scheme.part(tag).orElseThrow()).toList();
  }

  /** The spans that the tags of a label tell. */
  public static TagSpans of(Label label) {
    return label.tagging() == null ? NONE : new TagSpans(label.tagging().spans(), label.classes());
  }

  /** Whether they tell spans. */
  boolean areTold() {
    return !parts.isEmpty();
  }

  /** A span of the tokens from the first to the last. */
  private record Span(int first, int last, String type) {}

  /**
   * Counts spans of the same tokens.
   *
   * @param truth the index of the tag of each token
   * @param guesses of each, or of the first alone
   */
  SpanCounts count(int[] truth, int[] guesses) {
    SpanCounts counts = new SpanCounts();
    List<Span> there = of(truth);
    List<Span> found = of(guesses);
    counts.support = there.size();
    counts.predicted = found.size();
    // Spans of one text do not overlap, so that they stand in one order.
    int other = 0;
    for (Span span : there) {
      while (other < found.size() && found.get(other).first < span.first) {
        other++;
      }
      if (other < found.size() && found.get(other).equals(span)) {
        counts.right++;
      }
    }
    return counts;
  }

  private List<Span> of(int[] tags) {
    List<Span> spans = new ArrayList<>();
    Part before = new Part(Role.OUTSIDE, "");
    int first = -1;
    for (int i = 0; i < tags.length; i++) {
      Part now = parts.get(tags[i]);
      if (first >= 0 && ends(before, now)) {
        spans.add(new Span(first, i - 1, before.type()));
        first = -1;
      }
      if (first < 0 && now.role() != Role.OUTSIDE) {
        first = i;
      }
      before = now;
    }
    if (first >= 0) {
      spans.add(new Span(first, tags.length - 1, before.type()));
    }
    return spans;
  }

  /** Whether a span ends between two tags that follow each other. */
  private static boolean ends(Part before, Part now) {
    return before.role() == Role.ENDS
        || before.role() == Role.ALONE
        || now.role() == Role.BEGINS
        || now.role() == Role.ALONE
        || now.role() == Role.OUTSIDE
        || !before.type().equals(now.type());
  }
}
