package sluice.report;

import java.util.List;

/**
 * The few numbers that answer "is it good?".
 *
 * @param note what the intervals are, such as "95 % bootstrap intervals, 1,000 resamples"; may be
 *     empty
 * @param metrics the numbers, the most important first
 */
public record HeadlineMetrics(String note, List<Metric> metrics) implements Section {
  public HeadlineMetrics {
    metrics = List.copyOf(metrics);
  }

  /**
   * One number.
   *
   * @param name such as "ROC AUC"
   * @param figure the value
   * @param explanation one line on how to read it
   */
  public record Metric(String name, Figure figure, String explanation) {}

  @Override
  public String heading() {
    return "At a glance";
  }

  @Override
  public String anchor() {
    return "headline";
  }

  @Override
  public void writeTo(Html html) {
    html.open("dl", "class", "headline");
    for (Metric metric : metrics) {
      html.open("div");
      html.open("dt").name(metric.name()).close();
      html.open("dd", "class", "value").figure(metric.figure()).close();
      html.element("dd", Text.prose(metric.explanation()), "class", "explanation");
      html.close();
    }
    html.close().footnotes();
    if (!note.isEmpty()) {
      html.paragraph(note, "aside");
    }
  }
}
