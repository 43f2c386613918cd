package sluice.report;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the raw data looked like, column by column.
 *
 * @param rows the rows that were looked at
 * @param columns in the order of the data
 * @param note which rows these are; may be empty
 */
public record DataProfile(long rows, List<Column> columns, String note) implements Section {
  public DataProfile {
    columns = List.copyOf(columns);
  }

  /**
   * What is known of one column.
   *
   * @param name the column
   * @param type its type, as the schema says it
   * @param missing how many rows have no value
   * @param distinct how many different values there are; null if too many to be counted
   * @param content what the values are
   */
  public record Column(
      String name, String type, long missing, @Nullable Long distinct, Content content) {}

  /** What a column's values are. */
  public sealed interface Content permits Numeric, Categorical, Opaque {}

  /**
   * Numbers.
   *
   * @param histogram of the values that are there
   */
  public record Numeric(double min, double median, double max, Bins histogram) implements Content {}

  /**
   * Categories.
   *
   * @param top the most frequent, falling
   * @param others the rows of all other categories
   */
  public record Categorical(List<Category> top, long others) implements Content {
    public Categorical {
      top = List.copyOf(top);
    }
  }

  /** Values of which nothing more is said, such as a column of nulls, free text or bytes. */
  public record Opaque(String why) implements Content {}

  /** A category and how many rows have it. */
  public record Category(String value, long rows) {}

  @Override
  public String heading() {
    return "What the data looked like";
  }

  @Override
  public String anchor() {
    return "data";
  }

  @Override
  public void writeTo(Html html) {
    html.paragraph(
        "%s rows, %s columns. %s Of numbers the table shows the smallest, the median and the largest."
            .formatted(Numbers.count(rows), Numbers.count(columns.size()), note)
            .replace("  ", " "),
        "lead");
    List<Html.Column> head =
        List.of(
            Html.Column.text("Column"),
            Html.Column.text("Type"),
            Html.Column.number("Missing"),
            Html.Column.number("Distinct"),
            Html.Column.text("Values"),
            Html.Column.drawing("Shape"));
    html.table(
        "Columns of the data",
        Html.Order.SORTABLE,
        head,
        () -> html.rows(columns, head.size(), column -> write(column, html)));
  }

  private void write(Column column, Html html) {
    html.rowHead(column.name());
    html.open("td", "class", "type").name(column.type()).close();
    html.percentCell(rows == 0 ? 0 : (double) column.missing() / rows);
    Long distinct = column.distinct();
    if (distinct == null) {
      html.open("td", "class", "num").text("many").close();
    } else {
      html.countCell(distinct);
    }
    html.open("td", "class", "values");
    if (column.content() instanceof Numeric numbers) {
      html.open("span", "class", "range");
      html.text(
          "%s … %s … %s"
              .formatted(
                  Numbers.value(numbers.min()),
                  Numbers.value(numbers.median()),
                  Numbers.value(numbers.max())));
      html.close().close().open("td").drawing(Drawing.histogram(numbers.histogram().counts()));
    } else if (column.content() instanceof Categorical categories) {
      writeTop(categories, html);
      html.close().open("td").drawing(Drawing.histogram(bars(categories)));
    } else if (column.content() instanceof Opaque opaque) {
      html.text(Text.prose(opaque.why())).close().open("td");
    }
    html.close();
  }

  private void writeTop(Categorical categories, Html html) {
    String separator = "";
    for (Category category : categories.top()) {
      html.text(separator).name(Text.shortened(category.value(), 24));
      html.text("\u00a0").element("small", share(category.rows()));
      separator = ", ";
    }
    if (categories.others() > 0) {
      html.text(separator + "others\u00a0").element("small", share(categories.others()));
    }
  }

  private String share(long count) {
    return Numbers.percent(rows == 0 ? 0 : (double) count / rows);
  }

  private static List<Long> bars(Categorical categories) {
    List<Long> bars = categories.top().stream().map(Category::rows).collect(Collectors.toList());
    if (categories.others() > 0) {
      bars.add(categories.others());
    }
    return bars;
  }
}
