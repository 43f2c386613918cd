package sluice.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How the network does on parts of the rows, by the values of a column.
 *
 * @param column the column that slices
 * @param metrics the columns of the table; the first is drawn with its intervals
 * @param slices the rows; each has a figure for every metric
 * @param fewRows slices with fewer rows are flagged
 * @param note what the intervals are; may be empty
 */
public record Slices(
    String column, List<String> metrics, List<Slice> slices, long fewRows, String note)
    implements Section {
  public Slices {
    metrics = List.copyOf(metrics);
    slices = List.copyOf(slices);
    for (Slice slice : slices) {
      if (slice.figures().size() != metrics.size()) {
        throw new IllegalArgumentException(
            "slice %s must have %d figures, got %d"
                .formatted(slice.value(), metrics.size(), slice.figures().size()));
      }
    }
  }

  /**
   * The rows with one value of the column.
   *
   * @param value the column's value
   * @param rows how many rows have it
   * @param figures one for each metric
   */
  public record Slice(String value, long rows, List<Figure> figures) {
    public Slice {
      figures = List.copyOf(figures);
    }
  }

  @Override
  public String heading() {
    return "By " + Text.name(column);
  }

  @Override
  public String anchor() {
    return "slices";
  }

  @Override
  public void writeTo(Html html) {
    List<Html.Column> columns = new ArrayList<>();
    columns.add(Html.Column.text(column));
    columns.add(Html.Column.number("Rows"));
    metrics.forEach(metric -> columns.add(Html.Column.number(MetricTitles.of(metric))));
    double from = ends().min(Double::compare).orElse(0.0);
    double to = ends().max(Double::compare).orElse(1.0);
    boolean drawn = !metrics.isEmpty() && slices.stream().anyMatch(Slices::hasInterval);
    if (drawn) {
      columns.add(
          Html.Column.drawing(
              "%s, %s"
                  .formatted(
                      Text.shortened(MetricTitles.of(metrics.get(0)), 30),
                      Numbers.interval(from, to))));
    }
    html.table(
        "Metrics by " + Text.name(column),
        Html.Order.SORTABLE,
        columns,
        () ->
            html.rows(
                slices,
                columns.size(),
                slice -> {
                  write(slice, html);
                  if (drawn) {
                    html.open("td");
                    draw(slice.figures().get(0), from, to, html);
                    html.close();
                  }
                }));
    if (slices.stream().anyMatch(this::few)) {
      html.open("p", "class", "aside").element("span", "few", "class", "flag");
      html.text(" fewer than %s rows: take it as a hint.".formatted(Numbers.count(fewRows)));
      html.close();
    }
    if (!note.isEmpty()) {
      html.paragraph(note, "aside");
    }
  }

  private void write(Slice slice, Html html) {
    html.open("th", "scope", "row").name(slice.value());
    if (few(slice)) {
      html.text(" ").element("span", "few", "class", "flag");
    }
    html.close().countCell(slice.rows());
    slice.figures().forEach(figure -> html.figureCell(figure, ""));
  }

  private static void draw(Figure figure, double from, double to, Html html) {
    Double value = figure.value();
    Double low = figure.low();
    Double high = figure.high();
    if (value != null && low != null && high != null) {
      html.drawing(Drawing.interval(value, low, high, from, to));
    }
  }

  private boolean few(Slice slice) {
    return slice.rows() < fewRows;
  }

  private static boolean hasInterval(Slice slice) {
    return slice.figures().get(0).low() != null;
  }

  private Stream<Double> ends() {
    return slices.stream()
        .flatMap(slice -> slice.figures().stream().limit(1))
        .flatMap(
            figure ->
                Stream.<@Nullable Double>of(figure.value(), figure.low(), figure.high())
                    .flatMap(Stream::ofNullable));
  }
}
