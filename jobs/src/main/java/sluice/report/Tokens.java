package sluice.report;

import java.util.List;

/**
 * Which tokens of texts speak for what a model predicts.
 *
 * @param model as a sentence has it
 * @param lead what is measured
 * @param measure the same, in a few words
 * @param sides what the tokens speak for, each with those that do
 * @param note which rows were looked at; may be empty
 */
public record Tokens(String model, String lead, String measure, List<Side> sides, String note)
    implements Section {
  /** Of more sides each is a line of a table. */
  private static final int MOST_CHARTS = 8;

  /** Tokens of such a line. */
  private static final int IN_LINE = 5;

  public Tokens {
    sides = List.copyOf(sides);
  }

  /**
   * What tokens speak for.
   *
   * @param name as a caption and a line of a table have it
   * @param tokens the strongest first; may be empty
   */
  public record Side(String name, List<Token> tokens) {
    public Side {
      tokens = List.copyOf(tokens);
    }
  }

  /**
   * A token.
   *
   * @param text the token
   * @param effect what it changes
   * @param rows how many rows have it
   */
  public record Token(String text, double effect, long rows) {}

  @Override
  public String heading() {
    return "What tokens say to %s".formatted(Text.name(model));
  }

  @Override
  public String anchor() {
    return "tokens";
  }

  @Override
  public void writeTo(Html html) {
    html.paragraph(lead, "lead");
    List<Side> told = sides.stream().filter(side -> !side.tokens().isEmpty()).toList();
    if (told.isEmpty()) {
      html.paragraph("No token that enough rows have changes a prediction.", "lead");
    } else if (told.size() > MOST_CHARTS) {
      writeTable(told, html);
    } else {
      html.open("div", "class", "charts");
      told.forEach(side -> write(side, html));
      html.close();
    }
    if (!note.isEmpty()) {
      html.paragraph(note, "aside");
    }
  }

  private void write(Side side, Html html) {
    html.chart(
        Text.name(side.name()),
        "%s tokens, the strongest is %s."
            .formatted(Numbers.count(side.tokens().size()), Text.name(side.tokens().get(0).text())),
        new Chart.Intervals(
            Chart.Axis.free(measure),
            side.tokens().stream()
                .map(token -> new Chart.IntervalBar(token.text(), token.effect(), null, null))
                .toList()),
        () ->
            html.table(
                Text.name(side.name()),
                Html.Order.SORTABLE,
                List.of(
                    Html.Column.text("Token"),
                    Html.Column.number(measure),
                    Html.Column.number("Rows")),
                () ->
                    html.rows(
                        side.tokens(),
                        3,
                        token ->
                            html.rowHead(token.text())
                                .resultCell(token.effect())
                                .countCell(token.rows()))));
  }

  private void writeTable(List<Side> told, Html html) {
    html.table(
        "The strongest tokens",
        Html.Order.SORTABLE,
        List.of(Html.Column.text("For"), Html.Column.text("Tokens · " + measure)),
        () ->
            html.rows(
                told,
                2,
                side -> {
                  html.rowHead(side.name()).open("td", "class", "values");
                  String separator = "";
                  for (Token token :
                      side.tokens().subList(0, Math.min(IN_LINE, side.tokens().size()))) {
                    html.text(separator).name(token.text()).text("\u00a0");
                    html.element("small", Numbers.result(token.effect()));
                    separator = ", ";
                  }
                  html.close();
                }));
  }
}
