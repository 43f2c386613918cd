package sluice.report;

import java.util.List;
import java.util.stream.Stream;

/**
 * How well each class is found.
 *
 * @param metrics the columns, such as precision, recall, f1
 * @param classes the rows; each has a figure for every metric
 */
public record PerClass(List<String> metrics, List<ClassRow> classes) implements Section {
  public PerClass {
    metrics = List.copyOf(metrics);
    classes = List.copyOf(classes);
    for (ClassRow row : classes) {
      if (row.figures().size() != metrics.size()) {
        throw new IllegalArgumentException(
            "class %s must have %d figures, got %d"
                .formatted(row.label(), metrics.size(), row.figures().size()));
      }
    }
  }

  /**
   * What is known of one class.
   *
   * @param label the class; for averages over classes a name such as "macro average"
   * @param rows how many rows truly belong to it
   * @param figures one for each metric
   */
  public record ClassRow(String label, long rows, List<Figure> figures) {
    public ClassRow {
      figures = List.copyOf(figures);
    }
  }

  @Override
  public String heading() {
    return "Class by class";
  }

  @Override
  public String anchor() {
    return "classes";
  }

  @Override
  public void writeTo(Html html) {
    List<Html.Column> columns =
        Stream.concat(
                Stream.of(Html.Column.text("Class"), Html.Column.number("Rows")),
                metrics.stream().map(MetricTitles::of).map(Html.Column::number))
            .toList();
    html.table(
        "Metrics of each class",
        Html.Order.SORTABLE,
        columns,
        () ->
            html.rows(
                classes,
                columns.size(),
                row -> {
                  html.rowHead(row.label()).countCell(row.rows());
                  row.figures().forEach(figure -> html.figureCell(figure, ""));
                }));
  }
}
