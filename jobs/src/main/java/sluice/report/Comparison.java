package sluice.report;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The network beside the baselines, on the same rows; the best of each metric is marked.
 *
 * @param note what was compared on what; may be empty
 * @param models the columns, the network first
 * @param rows the metrics; each has a figure for every model
 */
public record Comparison(String note, List<String> models, List<Row> rows) implements Section {
  public Comparison {
    models = List.copyOf(models);
    rows = List.copyOf(rows);
    for (Row row : rows) {
      if (row.figures().size() != models.size()) {
        throw new IllegalArgumentException(
            "%s must have a figure for each of %d models, got %d"
                .formatted(row.metric(), models.size(), row.figures().size()));
      }
    }
  }

  /** Which end of a metric is the good one. */
  public enum Better {
    HIGHER,
    LOWER,
    /** Neither: nothing is marked. */
    NEITHER;

    /** What is known of a metric by its name in {@code metrics.json}; else neither. */
    public static Better of(String metric) {
      return MetricNames.better(metric);
    }
  }

  /**
   * A metric of every model.
   *
   * @param metric its name in {@code metrics.json}, or any other
   * @param better which values win
   * @param figures one for each model
   */
  public record Row(String metric, Better better, List<Figure> figures) {
    public Row {
      figures = List.copyOf(figures);
    }

    /** The value that wins, as it is shown, so that equal-looking figures share the mark. */
    @Nullable String best() {
      Stream<Double> values = figures.stream().map(Figure::value).flatMap(Stream::ofNullable);
      return switch (better) {
        case HIGHER -> values.max(Double::compare).map(Numbers::result).orElse(null);
        case LOWER -> values.min(Double::compare).map(Numbers::result).orElse(null);
        case NEITHER -> null;
      };
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
    List<Html.Column> columns =
        Stream.concat(
                Stream.of(Html.Column.text("Metric")), models.stream().map(Html.Column::number))
            .toList();
    html.table(
        "Metrics of each model",
        Html.Order.FIXED,
        columns,
        () -> html.rows(rows, columns.size(), row -> write(row, html)));
    html.open("p", "class", "aside").element("span", "Green", "class", "best");
    html.text(" is the best of its row; arrows show which way is better.").close();
  }

  private static void write(Row row, Html html) {
    html.open("th", "scope", "row").name(MetricNames.shown(row.metric()));
    switch (row.better()) {
      case HIGHER -> html.element("span", "\u00a0↑", "class", "arrow", "title", "higher is better");
      case LOWER -> html.element("span", "\u00a0↓", "class", "arrow", "title", "lower is better");
      case NEITHER -> {}
    }
    html.close();
    String best = row.best();
    for (Figure figure : row.figures()) {
      Double value = figure.value();
      boolean wins = best != null && value != null && best.equals(Numbers.result(value));
      html.figureCell(figure, wins ? "best" : "");
    }
  }
}
