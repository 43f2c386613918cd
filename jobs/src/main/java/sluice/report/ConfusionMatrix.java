package sluice.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What was true against what the network said. Up to {@value #MOST_CLASSES} classes it is drawn as
 * a matrix; above that the largest confusions are listed.
 *
 * @param labels the classes
 * @param counts {@code counts.get(actual).get(predicted)} rows
 */
public record ConfusionMatrix(List<String> labels, List<List<Long>> counts) implements Section {
  private static final String CAPTION = "Rows by true and predicted class";
  private static final int MOST_CLASSES = 30;
  private static final int MOST_CONFUSIONS = 50;

  /** The share from which a right cell is so dark that white reads better than black. */
  private static final double DEEP = 0.83;

  public ConfusionMatrix {
    labels = List.copyOf(labels);
    counts = counts.stream().map(List::copyOf).toList();
    int classes = labels.size();
    if (counts.size() != classes || counts.stream().anyMatch(row -> row.size() != classes)) {
      throw new IllegalArgumentException(
          "a confusion matrix of %d classes must be square".formatted(classes));
    }
  }

  private record Confusion(String actual, String predicted, long rows, double share) {}

  @Override
  public String heading() {
    return "Confusion matrix";
  }

  @Override
  public String anchor() {
    return "confusion";
  }

  @Override
  public void writeTo(Html html) {
    if (labels.size() > MOST_CLASSES) {
      writeLargest(html);
      return;
    }
    html.paragraph(
        "Down the side what was true, across the top what the network said; the diagonal is right.",
        "lead");
    html.open("div", "class", "confusion");
    html.empty(
        "input", "type", "radio", "name", "confusion", "id", "confusion-rows", "checked", "");
    html.element("label", "Rows", "for", "confusion-rows");
    html.empty(
        "input",
        "type",
        "radio",
        "name",
        "confusion",
        "id",
        "confusion-shares",
        "class",
        "by-share");
    html.element("label", "Share of the true class", "for", "confusion-shares");
    html.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", CAPTION);
    html.open("table", "class", "matrix");
    html.element("caption", CAPTION);
    html.open("thead").open("tr");
    html.element("td", "true \\ said", "class", "corner");
    for (String label : labels) {
      html.open("th", "scope", "col").name(label).close();
    }
    html.element("th", "Total", "scope", "col", "class", "total");
    html.close().close().open("tbody");
    for (int actual = 0; actual < labels.size(); actual++) {
      writeRow(html, actual);
    }
    html.close().close().close().close();
  }

  private void writeRow(Html html, int actual) {
    List<Long> row = counts.get(actual);
    long total = total(row);
    html.open("tr").rowHead(labels.get(actual));
    for (int predicted = 0; predicted < row.size(); predicted++) {
      double share = total == 0 ? 0 : (double) row.get(predicted) / total;
      html.open(
          "td",
          "class",
          (predicted == actual ? "right" : "wrong") + (share > DEEP ? " deep" : ""),
          "style",
          String.format(Locale.ROOT, "--share:%.3f", share),
          "title",
          "true %s, said %s: %s rows, %s"
              .formatted(
                  Text.name(labels.get(actual)),
                  Text.name(labels.get(predicted)),
                  Numbers.count(row.get(predicted)),
                  Numbers.percent(share)));
      html.element("span", Numbers.count(row.get(predicted)), "class", "rows");
      html.element("span", total == 0 ? "n/a" : Numbers.percent(share), "class", "share");
      html.close();
    }
    html.element("td", Numbers.count(total), "class", "total").close();
  }

  private void writeLargest(Html html) {
    html.paragraph(
        "The matrix has %s classes; these are the most frequent confusions."
            .formatted(Numbers.count(labels.size())),
        "lead");
    List<Confusion> confusions = new ArrayList<>();
    for (int actual = 0; actual < labels.size(); actual++) {
      long total = total(counts.get(actual));
      for (int predicted = 0; predicted < labels.size(); predicted++) {
        long rows = counts.get(actual).get(predicted);
        if (actual != predicted && rows > 0) {
          confusions.add(
              new Confusion(
                  labels.get(actual), labels.get(predicted), rows, (double) rows / total));
        }
      }
    }
    confusions.sort(Comparator.comparingLong(Confusion::rows).reversed());
    List<Html.Column> columns =
        Stream.of("True", "Said", "Rows", "Share of the true class")
            .map(name -> new Html.Column(name, name.equals("Rows") || name.startsWith("Share")))
            .toList();
    html.table(
        "Most frequent confusions",
        Html.Order.SORTABLE,
        columns,
        () ->
            html.rows(
                confusions,
                MOST_CONFUSIONS,
                columns.size(),
                confusion ->
                    html.rowHead(confusion.actual())
                        .textCell(confusion.predicted())
                        .countCell(confusion.rows())
                        .percentCell(confusion.share())));
  }

  private static long total(List<Long> row) {
    return row.stream().mapToLong(Long::longValue).sum();
  }
}
