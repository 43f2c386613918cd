package sluice.report;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What texts looked like, part by part.
 *
 * @param rows texts by part
 * @param parts the parts that shares are of
 * @param languages the languages of the texts
 * @param heuristics what speaks against texts as prose
 * @param note how languages and heuristics are told, for people
 */
public record TextOverview(
    List<PartTexts> rows,
    List<String> parts,
    List<Share> languages,
    List<Share> heuristics,
    String note)
    implements Section {
  public TextOverview {
    rows = List.copyOf(rows);
    parts = List.copyOf(parts);
    languages = List.copyOf(languages);
    heuristics = List.copyOf(heuristics);
  }

  /**
   * Of how many texts something is true.
   *
   * @param text the column
   * @param name what is true
   * @param shares of the texts of each part
   */
  public record Share(String text, String name, List<Double> shares) {
    public Share {
      shares = List.copyOf(shares);
    }
  }

  /**
   * The texts of a part.
   *
   * @param text the column, or the series where a column became several
   * @param vocabulary how many tokens are known
   * @param part the part
   * @param rows how many rows it has
   * @param empty how many texts have no character
   * @param characters the lengths in characters
   * @param tokens the lengths in tokens
   * @param unknown the share of tokens that are not known; null where each has an index of its own
   * @param cut the share of texts of which the network does not read all, or that have as many
   *     tokens as their step keeps at most
   * @param inTrain how many texts a train row has too; null where it makes no sense
   */
  public record PartTexts(
      String text,
      long vocabulary,
      String part,
      long rows,
      long empty,
      Lengths characters,
      Lengths tokens,
      @Nullable Double unknown,
      double cut,
      @Nullable Long inTrain) {}

  /** The median, what 95 % do not exceed, and the greatest length. */
  public record Lengths(long median, long high, long most) {}

  @Override
  public String heading() {
    return "What the texts looked like";
  }

  @Override
  public String anchor() {
    return "texts";
  }

  @Override
  public void writeTo(Html html) {
    html.paragraph(
        "As they were cleaned. Of lengths the table shows the median, what 95 % of the texts do not exceed, and the greatest. Cut are the texts of which the network reads the beginning alone, and those that have as many tokens as their step keeps at most (max-length of tokenizer); texts in train are those that a train row has letter by letter.",
        "lead");
    List<Html.Column> head =
        List.of(
            Html.Column.text("Text"),
            Html.Column.number("Vocabulary"),
            Html.Column.text("Part"),
            Html.Column.number("Rows"),
            Html.Column.number("Empty"),
            Html.Column.number("Characters"),
            Html.Column.number("Tokens"),
            Html.Column.number("Unknown"),
            Html.Column.number("Cut"),
            Html.Column.number("In train"));
    html.table(
        "Texts by part",
        Html.Order.SORTABLE,
        head,
        () -> html.rows(rows, head.size(), row -> write(row, html)));
    html.paragraph(note, "lead");
    write("Languages by part", "Language", languages, html);
    write("Texts that heuristics of corpora reject, by part", "Heuristic", heuristics, html);
  }

  private void write(String caption, String what, List<Share> shares, Html html) {
    List<Html.Column> head = new ArrayList<>(List.of(Html.Column.text("Text")));
    head.add(Html.Column.text(what));
    parts.forEach(part -> head.add(Html.Column.number(part)));
    html.table(
        caption,
        Html.Order.SORTABLE,
        head,
        () ->
            html.rows(
                shares,
                head.size(),
                share -> {
                  html.rowHead(share.text()).textCell(share.name());
                  share.shares().forEach(html::percentCell);
                }));
  }

  private static void write(PartTexts row, Html html) {
    html.rowHead(row.text()).countCell(row.vocabulary()).textCell(row.part());
    html.countCell(row.rows()).countCell(row.empty());
    write(row.characters(), html);
    write(row.tokens(), html);
    Double unknown = row.unknown();
    if (unknown == null) {
      none(html);
    } else {
      html.percentCell(unknown);
    }
    html.percentCell(row.cut());
    Long inTrain = row.inTrain();
    if (inTrain == null) {
      none(html);
    } else {
      html.countCell(inTrain);
    }
  }

  private static void write(Lengths lengths, Html html) {
    html.element(
        "td",
        "%s … %s … %s"
            .formatted(
                Numbers.count(lengths.median()),
                Numbers.count(lengths.high()),
                Numbers.count(lengths.most())),
        "class",
        "num",
        "data-value",
        Long.toString(lengths.median()));
  }

  private static void none(Html html) {
    html.element("td", "", "class", "num", "data-value", "");
  }
}
