package sluice.report;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How the classes are spread over the parts.
 *
 * @param parts the columns, such as train, validation, test, added
 * @param classes the rows; each has a count for every part
 */
public record ClassBalance(List<String> parts, List<ClassRows> classes) implements Section {
  public ClassBalance {
    parts = List.copyOf(parts);
    classes = List.copyOf(classes);
    for (ClassRows row : classes) {
      if (row.rows().size() != parts.size()) {
        throw new IllegalArgumentException(
            "class %s must have %d counts, got %d"
                .formatted(row.label(), parts.size(), row.rows().size()));
      }
    }
  }

  /**
   * The rows of one class.
   *
   * @param label the class
   * @param rows its rows in each part
   */
  public record ClassRows(String label, List<Long> rows) {
    public ClassRows {
      rows = List.copyOf(rows);
    }
  }

  @Override
  public String heading() {
    return "Class balance";
  }

  @Override
  public String anchor() {
    return "balance";
  }

  @Override
  public void writeTo(Html html) {
    List<Long> totals =
        IntStream.range(0, parts.size())
            .mapToObj(part -> classes.stream().mapToLong(row -> row.rows().get(part)).sum())
            .toList();
    List<Html.Column> columns =
        Stream.concat(Stream.of(Html.Column.text("Class")), parts.stream().map(Html.Column::number))
            .toList();
    html.table(
        "Rows of each class in each part",
        Html.Order.SORTABLE,
        columns,
        () ->
            html.rows(
                classes,
                columns.size(),
                row -> {
                  html.rowHead(row.label());
                  for (int part = 0; part < parts.size(); part++) {
                    cell(row.rows().get(part), totals.get(part), html);
                  }
                }));
  }

  private static void cell(long rows, long total, Html html) {
    double share = total == 0 ? 0 : (double) rows / total;
    html.open("td", "class", "num", "data-value", Long.toString(rows));
    html.text(Numbers.count(rows)).text(" ").element("small", Numbers.percent(share));
    html.drawing(Drawing.bar(share)).close();
  }
}
