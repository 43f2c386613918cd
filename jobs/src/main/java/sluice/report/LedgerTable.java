package sluice.report;

import java.util.List;
import java.util.Locale;

/**
 * Where every row went: read = quarantined + rejected + duplicates + train + validation + test, and
 * an epoch trains on train + added. The page shows the sum and says whether it holds.
 *
 * @param read records in the source
 * @param quarantined records that could not be read
 * @param rejected rows that a rule turned away
 * @param duplicates rows that equal one that stays
 * @param train rows trained on
 * @param validation rows that decided when to stop
 * @param test rows judged on
 * @param added examples that augmentation added to train
 * @param parts whether the parts are apart, or train, validation and test are the same rows and
 *     count once
 */
public record LedgerTable(
    long read,
    long quarantined,
    long rejected,
    long duplicates,
    long train,
    long validation,
    long test,
    long added,
    Parts parts)
    implements Section {

  /** How the parts relate. */
  public enum Parts {
    APART,
    SAME_ROWS
  }

  private record Entry(String name, String key, long rows, String meaning) {}

  /** The rows that are accounted for. */
  public long accounted() {
    return entries().stream().mapToLong(Entry::rows).sum();
  }

  private List<Entry> entries() {
    Entry quarantine =
        new Entry("quarantined", "lost", quarantined, "could not be read; see quarantine/");
    Entry reject = new Entry("rejected", "lost", rejected, "turned away by a rule; see rejects/");
    Entry duplicate =
        new Entry("duplicates", "lost", duplicates, "equal to a row that stays; see rejects/");
    return switch (parts) {
      case APART ->
          List.of(
              quarantine,
              reject,
              duplicate,
              new Entry("train", "train", train, "trained on"),
              new Entry("validation", "validation", validation, "decided when to stop"),
              new Entry("test", "test", test, "judged on"));
      case SAME_ROWS ->
          List.of(
              quarantine,
              reject,
              duplicate,
              new Entry("train = test", "train", train, "trained and judged on: the same rows"));
    };
  }

  @Override
  public String heading() {
    return "Where every row went";
  }

  @Override
  public String anchor() {
    return "ledger";
  }

  @Override
  public void writeTo(Html html) {
    html.open("div", "class", "flow", "aria-hidden", "true");
    for (Entry entry : entries()) {
      if (entry.rows() > 0) {
        html.open(
            "div",
            "class",
            "flow-part flow-" + entry.key(),
            "style",
            String.format(Locale.ROOT, "--rows:%d", entry.rows()));
        html.element("span", entry.name()).element("span", Numbers.count(entry.rows())).close();
      }
    }
    html.close();
    html.table(
        "The ledger",
        Html.Order.FIXED,
        List.of(
            Html.Column.text("Part"),
            Html.Column.number("Rows"),
            Html.Column.number("Share"),
            Html.Column.text("What became of them")),
        () -> {
          row(html, "sum", "read", read, "records in the source");
          for (Entry entry : entries()) {
            row(html, "part", entry.name(), entry.rows(), entry.meaning());
          }
          row(html, "sum", "accounted for", accounted(), balance());
        });
    html.open("p", "class", "aside");
    html.text(
        "An epoch trains on %s rows: %s of train and %s added by augmentation."
            .formatted(Numbers.count(train + added), Numbers.count(train), Numbers.count(added)));
    html.close();
  }

  private String balance() {
    return accounted() == read
        ? "✓ adds up"
        : "✗ does not add up: %s rows differ".formatted(Numbers.count(accounted() - read));
  }

  private void row(Html html, String cssClass, String name, long rows, String meaning) {
    html.open("tr", "class", cssClass).rowHead(name).countCell(rows);
    html.percentCell(read == 0 ? 0 : (double) rows / read);
    html.element("td", meaning).close();
  }
}
