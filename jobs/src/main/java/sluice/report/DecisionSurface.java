package sluice.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a network of two inputs says everywhere between and around its rows.
 *
 * @param xName the first input
 * @param yName the second input
 * @param xs where it was asked along x, rising, at least two places
 * @param ys where it was asked along y, rising, at least two places
 * @param probabilities {@code probabilities.get(y).get(x)}, of the positive class
 * @param negative the label that a probability of 0 means
 * @param positive the label that a probability of 1 means
 * @param samples rows to draw on it
 */
public record DecisionSurface(
    String xName,
    String yName,
    List<Double> xs,
    List<Double> ys,
    List<List<Double>> probabilities,
    String negative,
    String positive,
    List<Sample> samples)
    implements Section {
  private static final int TABLE_PLACES = 7;
  private static final int MOST_SAMPLES = 1_000;

  public DecisionSurface {
    xs = List.copyOf(xs);
    ys = List.copyOf(ys);
    probabilities = probabilities.stream().map(List::copyOf).toList();
    samples = List.copyOf(samples);
    if (xs.size() < 2 || ys.size() < 2) {
      throw new IllegalArgumentException(
          "a surface must have two places along each input, got %d and %d"
              .formatted(xs.size(), ys.size()));
    }
    Bins.requireEdges(xs, xs.size() - 1);
    Bins.requireEdges(ys, ys.size() - 1);
    int columns = xs.size();
    if (probabilities.size() != ys.size()
        || probabilities.stream().anyMatch(row -> row.size() != columns)) {
      throw new IllegalArgumentException(
          "probabilities must be %d rows of %d".formatted(ys.size(), columns));
    }
  }

  /**
   * A row of data.
   *
   * @param x its first input
   * @param y its second input
   * @param label its true label
   * @param probability what the network says of it
   */
  public record Sample(double x, double y, String label, double probability) {}

  @Override
  public String heading() {
    return "Decision surface";
  }

  @Override
  public String anchor() {
    return "surface";
  }

  @Override
  public void writeTo(Html html) {
    html.paragraph(
        "The probability that the network gives to each combination of its two inputs. Where the"
            + " colour fades it is undecided; the dashed line is a probability of one half.",
        "lead");
    html.open("ul", "class", "sides");
    html.open("li").element("span", "", "class", "side side-0").name(negative).close();
    html.open("li").element("span", "", "class", "side side-1").name(positive).close();
    html.close();
    Map<Sample, Long> distinct = distinct();
    html.chart(
        "Probability of " + Text.name(positive) + ", with the rows on it",
        "Decision surface over %s and %s with %s rows drawn on it."
            .formatted(Text.name(xName), Text.name(yName), Numbers.count(samples.size())),
        new Chart.Cells(
            axis(xName, edges(xs)),
            axis(yName, edges(ys)),
            Chart.numbers(edges(xs)),
            Chart.numbers(edges(ys)),
            values(),
            Chart.Palette.DIVERGING,
            distinct.entrySet().stream()
                .limit(MOST_SAMPLES)
                .map(entry -> point(entry.getKey(), entry.getValue()))
                .toList(),
            List.of()),
        () -> tables(html, distinct));
  }

  /** Equal rows once, with their number. */
  private Map<Sample, Long> distinct() {
    Map<Sample, Long> distinct = new LinkedHashMap<>();
    samples.forEach(sample -> distinct.merge(sample, 1L, Long::sum));
    return distinct;
  }

  private static Chart.Axis axis(String name, List<Double> edges) {
    return new Chart.Axis(
        Text.name(name), edges.get(0), edges.get(edges.size() - 1), Chart.Scale.LINEAR);
  }

  /** Each place becomes a cell that reaches half the way to its neighbours. */
  private static List<Double> edges(List<Double> places) {
    List<Double> edges = new ArrayList<>();
    int last = places.size() - 1;
    edges.add(places.get(0) - (places.get(1) - places.get(0)) / 2);
    for (int i = 1; i <= last; i++) {
      edges.add((places.get(i - 1) + places.get(i)) / 2);
    }
    edges.add(places.get(last) + (places.get(last) - places.get(last - 1)) / 2);
    return edges;
  }

  private List<List<@Nullable Double>> values() {
    List<List<@Nullable Double>> values = new ArrayList<>();
    probabilities.forEach(row -> values.add(Chart.numbers(row)));
    return values;
  }

  private Chart.Point point(Sample sample, long times) {
    String label =
        "%s%s: %s"
            .formatted(
                Text.name(sample.label()),
                times == 1 ? "" : " (%s rows)".formatted(Numbers.count(times)),
                Numbers.result(sample.probability()));
    return new Chart.Point(sample.x(), sample.y(), sample.label().equals(positive) ? 1 : 0, label);
  }

  private void tables(Html html, Map<Sample, Long> distinct) {
    html.table(
        "The rows and what the network says of them",
        Html.Order.SORTABLE,
        List.of(
            Html.Column.number(xName),
            Html.Column.number(yName),
            Html.Column.text("Label"),
            Html.Column.number("Probability of " + Text.shortened(positive, 30)),
            Html.Column.number("Rows")),
        () ->
            html.rows(
                List.copyOf(distinct.entrySet()),
                50,
                5,
                entry -> {
                  Sample sample = entry.getKey();
                  html.valueCell(sample.x()).valueCell(sample.y()).textCell(sample.label());
                  html.resultCell(sample.probability()).countCell(entry.getValue());
                }));
    List<Double> across = Thinning.sample(xs, TABLE_PLACES);
    List<Double> down = Thinning.sample(ys, TABLE_PLACES);
    List<Html.Column> columns =
        Stream.concat(
                Stream.of(Html.Column.text(Text.name(yName) + " \\ " + Text.name(xName))),
                across.stream().map(x -> Html.Column.number(Numbers.value(x))))
            .toList();
    html.table(
        "The surface at some places",
        Html.Order.FIXED,
        columns,
        () ->
            html.rows(
                down,
                columns.size(),
                y -> {
                  html.rowHead(Numbers.value(y));
                  for (double x : across) {
                    html.resultCell(probabilities.get(ys.indexOf(y)).get(xs.indexOf(x)));
                  }
                }));
  }
}
