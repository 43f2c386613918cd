package sluice.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much a model needs each raw column: what a metric loses when the column is shuffled.
 *
 * @param model as a sentence has it
 * @param metric the metric that falls
 * @param features the columns, the most important first
 * @param note what was shuffled how often, and what the intervals are; may be empty
 */
public record Importance(String model, String metric, List<Feature> features, String note)
    implements Section {
  private static final int MOST_BARS = 25;

  public Importance {
    features = List.copyOf(features);
  }

  /**
   * What one column is worth.
   *
   * @param column the raw column
   * @param drop what the metric loses; below zero when shuffling helped
   */
  public record Feature(String column, Figure drop) {}

  @Override
  public String heading() {
    return "What %s looks at".formatted(Text.name(model));
  }

  @Override
  public String anchor() {
    return "importance";
  }

  @Override
  public void writeTo(Html html) {
    String name = Text.name(MetricTitles.of(metric));
    html.paragraph(
        "How much %s gets worse when a column is shuffled, so that it says nothing any more."
            .formatted(name),
        "lead");
    List<Chart.IntervalBar> bars = features.stream().limit(MOST_BARS).map(Importance::bar).toList();
    html.chart(
        bars.size() < features.size()
            ? "Loss of %s, the first %d of %s columns"
                .formatted(name, bars.size(), Numbers.count(features.size()))
            : "Loss of " + name,
        features.isEmpty()
            ? "No columns."
            : "Permutation importance of %s columns; the first is %s."
                .formatted(Numbers.count(features.size()), Text.name(features.get(0).column())),
        new Chart.Intervals(Chart.Axis.free("Loss of " + name), bars),
        () ->
            html.table(
                "Permutation importance",
                Html.Order.SORTABLE,
                List.of(Html.Column.text("Column"), Html.Column.number("Loss of " + name)),
                () ->
                    html.rows(
                        features,
                        2,
                        feature -> html.rowHead(feature.column()).figureCell(feature.drop(), ""))));
    if (!note.isEmpty()) {
      html.paragraph(note, "aside");
    }
  }

  private static Chart.IntervalBar bar(Feature feature) {
    Figure drop = feature.drop();
    @Nullable Double value = drop.value();
    return new Chart.IntervalBar(feature.column(), value, drop.low(), drop.high());
  }
}
