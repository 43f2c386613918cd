package sluice.report;

import java.util.List;
import java.util.stream.Stream;
import sluice.evaluation.Metrics;
import sluice.evaluation.metric.Direction;

/**
 * The network beside the baselines, on the same rows; a model that is better than all others is
 * marked.
 *
 * @param note what was compared on what; may be empty
 * @param models the columns, the network first
 * @param rows the metrics; each has a figure for every model
 * @param differences the network's metrics less those of each other model; each has a figure for
 *     every other model
 */
public record Comparison(String note, List<String> models, List<Row> rows, List<Row> differences)
    implements Section {
  public Comparison {
    models = List.copyOf(models);
    rows = List.copyOf(rows);
    differences = List.copyOf(differences);
    for (Row row : rows) {
      requireFigures(row, models.size());
    }
    for (Row row : differences) {
      requireFigures(row, models.size() - 1);
    }
  }

  private static void requireFigures(Row row, int models) {
    if (row.figures().size() != models || row.best() >= models) {
      throw new IllegalArgumentException(
          "%s must have a figure for each of %d models, got %d and the best at %d"
              .formatted(row.metric(), models, row.figures().size(), row.best()));
    }
  }

  /**
   * A metric of every model.
   *
   * @param metric its name in {@code metrics.json}, or any other, of which no values win
   * @param figures one for each model
   * @param best the position of the model that is marked, or -1
   */
  public record Row(String metric, List<Figure> figures, int best) {
    public Row {
      figures = List.copyOf(figures);
    }

    /** A row in which nothing is marked. */
    public Row(String metric, List<Figure> figures) {
      this(metric, figures, -1);
    }
  }

  @Override
  public String heading() {
    return "Against the baselines";
  }

  @Override
  public String anchor() {
    return "comparison";
  }

  @Override
  public void writeTo(Html html) {
    if (!note.isEmpty()) {
      html.paragraph(note, "lead");
    }
    table("Metrics of each model", models, rows, html);
    html.open("p", "class", "aside");
    if (rows.stream().anyMatch(row -> row.best() >= 0)) {
      html.element("span", "Green", "class", "best");
      html.text(
          " is better than all others in its row by more than the interval of each difference; ");
    }
    html.text("arrows show which way is better.").close();
    if (!differences.isEmpty()) {
      html.paragraph(
          "What the network has more (or less) than each other model, on the same resamples; where an interval holds 0 the two are level.",
          "lead");
      table("The network less each model", models.subList(1, models.size()), differences, html);
    }
  }

  private static void table(String caption, List<String> models, List<Row> rows, Html html) {
    List<Html.Column> columns =
        Stream.concat(
                Stream.of(Html.Column.text("Metric")), models.stream().map(Html.Column::number))
            .toList();
    html.table(
        caption,
        Html.Order.FIXED,
        columns,
        () -> html.rows(rows, columns.size(), row -> write(row, html)));
  }

  private static void arrow(Direction better, Html html) {
    switch (better) {
      case HIGHER -> html.element("span", "\u00a0↑", "class", "arrow", "title", "higher is better");
      case LOWER -> html.element("span", "\u00a0↓", "class", "arrow", "title", "lower is better");
    }
  }

  private static void write(Row row, Html html) {
    html.open("th", "scope", "row").name(MetricTitles.of(row.metric()));
    Metrics.find(row.metric()).ifPresent(metric -> arrow(metric.better(), html));
    html.close();
    for (int model = 0; model < row.figures().size(); model++) {
      html.figureCell(row.figures().get(model), model == row.best() ? "best" : "");
    }
  }
}
