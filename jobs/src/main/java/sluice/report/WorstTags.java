package sluice.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The texts in which the network tags most tokens wrong, which are marked.
 *
 * @param text the column of the texts
 * @param rows the worst first
 */
public record WorstTags(String text, List<Line> rows) implements Section {
  public WorstTags {
    rows = List.copyOf(rows);
  }

  /**
   * A text.
   *
   * @param wrong how many tokens have another tag than they should
   * @param count how many tokens there are
   * @param tokens the first of them
   */
  public record Line(int wrong, int count, List<Token> tokens) {
    public Line {
      tokens = List.copyOf(tokens);
    }
  }

  /**
   * A token.
   *
   * @param truth its tag
   * @param predicted the tag that it was given; null if it was not read
   */
  public record Token(String text, String truth, @Nullable String predicted) {}

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
    html.paragraph(
        "The %s judged texts with most wrong tags, the worst first. Each wrong one is marked, with the true tag and the predicted one behind it."
            .formatted(Numbers.count(rows.size())),
        "lead");
    html.table(
        heading(),
        Html.Order.SORTABLE,
        List.of(
            Html.Column.number("Wrong tags"), Html.Column.number("Tokens"), Html.Column.text(text)),
        () ->
            html.rows(
                rows,
                3,
                row -> {
                  html.countCell(row.wrong()).countCell(row.count());
                  html.open("td", "class", "excerpt");
                  row.tokens().forEach(token -> write(token, html));
                  html.text(row.tokens().size() < row.count() ? "…" : "").close();
                }));
  }

  private static void write(Token token, Html html) {
    if (token.truth().equals(token.predicted())) {
      html.text(token.text());
    } else {
      html.element("mark", token.text()).text(" ");
      html.element(
          "small",
          "%s → %s".formatted(token.truth(), token.predicted() == null ? "–" : token.predicted()));
    }
    html.text(" ");
  }
}
