package sluice.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes markup that is always balanced and always escaped: tags and attribute names are literals
 * of this package, everything else goes through {@link Text}. Above the elements stand the few
 * shapes that the sections share: tables, figures with footnotes, charts with their numbers.
 */
public final class Html {
  /** Rows of a table that are shown; what is left out is counted in its last row. */
  static final int MOST_ROWS = 300;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final StringBuilder out = new StringBuilder();
  private final Deque<String> openTags = new ArrayDeque<>();
  private final List<String> footnotes = new ArrayList<>();

  Html() {}

  /** What was written; every element must have been closed. */
  String markup() {
    if (!openTags.isEmpty()) {
      throw new IllegalStateException("still open: " + openTags);
    }
    return out.toString();
  }

  /** Opens an element. Attributes are name and value in turn. */
  Html open(String tag, String... attributes) {
    tag(tag, attributes);
    openTags.push(tag);
    return this;
  }

  /** An element that has no content, such as {@code meta}. */
  Html empty(String tag, String... attributes) {
    tag(tag, attributes);
    return this;
  }

  /** Closes the element opened last. */
  Html close() {
    out.append("</").append(openTags.pop()).append('>');
    return this;
  }

  Html text(String text) {
    out.append(Text.escaped(text));
    return this;
  }

  /** An element with text in it. */
  Html element(String tag, String text, String... attributes) {
    return open(tag, attributes).text(text).close();
  }

  /** A paragraph of the page's own words, which may quote data. */
  Html paragraph(String text, String cssClass) {
    return element("p", Text.prose(text), "class", cssClass);
  }

  /**
   * A name from the data: one line, shortened, kept from reordering its neighbours; what was cut
   * off stands in the tooltip.
   */
  Html name(String name) {
    String shown = Text.name(name);
    if (shown.endsWith("…")) {
      return element("bdi", shown, "title", Text.shortened(name, Text.LONGEST_TITLE));
    }
    return element("bdi", shown);
  }

  /** The content of an element that the browser does not read as markup: style and script. */
  Html opaque(String tag, String content, String... attributes) {
    if (content.toLowerCase(Locale.ROOT).contains("</" + tag) || content.contains("<!--")) {
      throw new IllegalArgumentException("content would end its " + tag + " element");
    }
    open(tag, attributes);
    out.append(content);
    return close();
  }

  /** Markup that this package made from numbers alone. */
  Html drawing(Drawing drawing) {
    out.append(drawing.svg());
    return this;
  }

  /**
   * A table, in a box that scrolls sideways where the screen is narrow. Footnotes of absent figures
   * follow it.
   *
   * @param caption what it shows, for those who do not see it
   * @param order whether a reader can reorder the rows
   */
  Html table(String caption, Order order, List<Column> columns, Runnable rows) {
    open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", caption);
    open("table", "class", order == Order.SORTABLE ? "sortable" : "fixed");
    element("caption", caption);
    open("thead").open("tr");
    for (Column column : columns) {
      open("th", "scope", "col", "class", column.content().name().toLowerCase(Locale.ROOT));
      name(column.name());
      close();
    }
    close().close().open("tbody");
    rows.run();
    close().close().close();
    return footnotes();
  }

  /** The rows of a list, as many as a reader can take in; the last row counts the others. */
  <T> Html rows(List<T> items, int columns, Consumer<T> row) {
    return rows(items, MOST_ROWS, columns, row);
  }

  /** As {@link #rows(List, int, Consumer)}, with the number of rows to show. */
  <T> Html rows(List<T> items, int most, int columns, Consumer<T> row) {
    items.stream()
        .limit(most)
        .forEach(
            item -> {
              open("tr");
              row.accept(item);
              close();
            });
    if (items.size() > most) {
      open("tr", "class", "rest");
      element(
          "td",
          "and %s more that are not shown".formatted(Numbers.count(items.size() - most)),
          "colspan",
          Integer.toString(columns));
      close();
    }
    return this;
  }

  /** The head of a row: a name from the data. */
  Html rowHead(String name) {
    return open("th", "scope", "row").name(name).close();
  }

  Html textCell(String text) {
    return open("td").name(text).close();
  }

  /** The beginning of a text that reads from either side, kept from reordering its neighbours. */
  Html excerptCell(String text, int characters) {
    open("td", "class", "excerpt");
    element("bdi", Text.shortened(text, characters));
    return close();
  }

  Html countCell(long count) {
    return element("td", Numbers.count(count), "class", "num", "data-value", Long.toString(count));
  }

  Html resultCell(double value) {
    return figureCell(Figure.of(value), "");
  }

  Html valueCell(double value) {
    return element(
        "td", Numbers.value(value), "class", "num", "data-value", Double.toString(value));
  }

  Html percentCell(double share) {
    return element(
        "td", Numbers.percent(share), "class", "num", "data-value", Double.toString(share));
  }

  /** A figure with its interval below it; {@code mark} is a CSS class such as "best", or empty. */
  Html figureCell(Figure figure, String mark) {
    Double value = figure.value();
    open("td", "class", ("num " + mark).strip(), "data-value", value == null ? "" : value + "");
    figure(figure);
    if (mark.equals("best")) {
      element("span", " best", "class", "unseen");
    }
    return close();
  }

  /** A figure in a line of text; the reason of an absent one becomes a footnote. */
  Html figure(Figure figure) {
    Double value = figure.value();
    if (value == null) {
      return open("span", "class", "absent", "title", Text.prose(figure.whyAbsent()))
          .text("n/a")
          .element("sup", footnote(figure.whyAbsent()))
          .close();
    }
    text(Numbers.result(value));
    Double low = figure.low();
    Double high = figure.high();
    if (low != null && high != null) {
      element("small", Numbers.interval(low, high), "class", "interval");
    }
    return this;
  }

  /** Writes the footnotes collected since the last call. */
  Html footnotes() {
    if (!footnotes.isEmpty()) {
      open("ul", "class", "footnotes");
      for (int i = 0; i < footnotes.size(); i++) {
        open("li").element("sup", mark(i)).text(" n/a: " + Text.prose(footnotes.get(i))).close();
      }
      close();
      footnotes.clear();
    }
    return this;
  }

  /**
   * A chart and the numbers behind it. Without scripts only the numbers show; with them the chart
   * shows and the numbers fold away.
   *
   * @param caption the chart's title
   * @param alternative what the chart shows, in a sentence, for those who do not see it
   */
  Html chart(String caption, String alternative, Chart chart, Runnable numbers) {
    open("figure", "class", "chart");
    element("figcaption", caption);
    if (chart.names().size() > 1) {
      open("ul", "class", "legend");
      for (int i = 0; i < chart.names().size(); i++) {
        open("li").open("button", "type", "button", "aria-pressed", "true");
        drawing(Drawing.legendKey(i));
        name(chart.names().get(i));
        close().close();
      }
      close();
    }
    empty("div", "class", "plot plot-" + chart.kind(), "role", "img", "aria-label", alternative);
    out.append("</div>");
    opaque("script", json(chart), "type", "application/json");
    open("details", "open", "", "class", "numbers").element("summary", "The numbers");
    numbers.run();
    return close().close();
  }

  /** JSON that cannot end the element it stands in, whatever its strings hold. */
  static String json(@Nullable Object value) {
    try {
      return JSON.writeValueAsString(value)
          .replace("<", "\\u003c")
          .replace(">", "\\u003e")
          .replace("&", "\\u0026")
          .replace("\u2028", "\\u2028")
          .replace("\u2029", "\\u2029");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write chart data", e);
    }
  }

  private String footnote(String reason) {
    int known = footnotes.indexOf(reason);
    if (known < 0) {
      footnotes.add(reason);
      known = footnotes.size() - 1;
    }
    return mark(known);
  }

  private static String mark(int index) {
    String letter = Character.toString('a' + index % 26);
    return index < 26 ? letter : mark(index / 26 - 1) + letter;
  }

  private void tag(String tag, String... attributes) {
    out.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      out.append(' ').append(attributes[i]).append("=\"");
      out.append(Text.escaped(attributes[i + 1])).append('"');
    }
    out.append('>');
  }

  /** Whether a reader can reorder a table's rows. */
  enum Order {
    FIXED,
    SORTABLE
  }

  /** The head of a column. */
  record Column(String name, Content content) {
    static Column text(String name) {
      return new Column(name, Content.TEXT);
    }

    static Column number(String name) {
      return new Column(name, Content.NUM);
    }

    static Column drawing(String name) {
      return new Column(name, Content.DRAWING);
    }
  }

  /** What a column holds; the lower-case name is its CSS class. */
  enum Content {
    TEXT,
    NUM,
    /** Drawings of what other columns say; rows are not sorted by them. */
    DRAWING
  }
}
