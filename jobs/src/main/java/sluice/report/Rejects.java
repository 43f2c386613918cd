package sluice.report;

import java.util.List;

/**
 * Why rows were turned away.
 *
 * @param reasons the most frequent first
 */
public record Rejects(List<Reason> reasons) implements Section {
  public Rejects {
    reasons = List.copyOf(reasons);
  }

  /**
   * A reason and how often it was met.
   *
   * @param rule the rule, or the reader for records that could not be read
   * @param reason what it found
   * @param rows how often
   */
  public record Reason(String rule, String reason, long rows) {}

  @Override
  public String heading() {
    return "Rejected rows";
  }

  @Override
  public String anchor() {
    return "rejects";
  }

  @Override
  public void writeTo(Html html) {
    if (reasons.isEmpty()) {
      html.paragraph("No row was turned away.", "lead");
      return;
    }
    html.table(
        "Rejected rows by rule and reason",
        Html.Order.SORTABLE,
        List.of(Html.Column.text("Rule"), Html.Column.text("Reason"), Html.Column.number("Rows")),
        () ->
            html.rows(
                reasons,
                3,
                reason ->
                    html.rowHead(reason.rule())
                        .textCell(reason.reason())
                        .countCell(reason.rows())));
  }
}
