package sluice.report;

import java.util.ArrayList;
import java.util.List;

/**
 * The rows that the network predicts worst, with their texts.
 *
 * @param lead which rows these are
 * @param measure what is shown of each beside its truth and what was predicted
 * @param texts the columns of texts
 * @param rows the worst first
 */
public record WorstErrors(String lead, String measure, List<String> texts, List<Line> rows)
    implements Section {
  /** Characters of a text that are shown; the rest is an ellipsis. */
  public static final int LONGEST_EXCERPT = 300;

  public WorstErrors {
    texts = List.copyOf(texts);
    rows = List.copyOf(rows);
    for (Line row : rows) {
      if (row.texts().size() != texts.size()) {
        throw new IllegalArgumentException(
            "a row must have %s texts, got %s".formatted(texts.size(), row.texts().size()));
      }
    }
  }

  /**
   * A row.
   *
   * @param truth what is true of it
   * @param prediction what was predicted
   * @param figure of the measure
   * @param texts the beginning of each text, {@link #LONGEST_EXCERPT} characters and one more if
   *     there are more; empty where it is missing
   */
  public record Line(String truth, String prediction, double figure, List<String> texts) {
    public Line {
      texts = List.copyOf(texts);
    }
  }

  @Override
  public String heading() {
    return "The worst errors";
  }

  @Override
  public String anchor() {
    return "errors";
  }

  @Override
  public void writeTo(Html html) {
    html.paragraph(lead, "lead");
    List<Html.Column> head = new ArrayList<>();
    head.add(Html.Column.text("Truth"));
    head.add(Html.Column.text("Predicted"));
    head.add(Html.Column.number(measure));
    texts.forEach(text -> head.add(Html.Column.text(text)));
    html.table(
        heading(),
        Html.Order.SORTABLE,
        head,
        () ->
            html.rows(
                rows,
                head.size(),
                row -> {
                  html.rowHead(row.truth()).textCell(row.prediction()).resultCell(row.figure());
                  row.texts().forEach(text -> html.excerptCell(text, LONGEST_EXCERPT));
                }));
  }
}
