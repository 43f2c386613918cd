package sluice.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Predicted against actual values, and what is left between them.
 *
 * @param target the label column
 * @param actualEdges edges of the bins of actual values
 * @param predictedEdges edges of the bins of predicted values
 * @param counts {@code counts.get(predictedBin).get(actualBin)} rows
 * @param residuals predicted minus actual
 */
public record RegressionFit(
    String target,
    List<Double> actualEdges,
    List<Double> predictedEdges,
    List<List<Long>> counts,
    Bins residuals)
    implements Section {
  public RegressionFit {
    actualEdges = List.copyOf(actualEdges);
    predictedEdges = List.copyOf(predictedEdges);
    counts = counts.stream().map(List::copyOf).toList();
    Bins.requireEdges(predictedEdges, counts.size());
    for (List<Long> row : counts) {
      Bins.requireEdges(actualEdges, row.size());
    }
  }

  @Override
  public String heading() {
    return "Predicted and actual";
  }

  @Override
  public String anchor() {
    return "fit";
  }

  @Override
  public void writeTo(Html html) {
    String name = Text.name(target);
    html.open("div", "class", "charts");
    html.chart(
        "Predicted against actual: the darker, the more rows",
        "Density of predicted against actual %s; the diagonal is a perfect prediction."
            .formatted(name),
        new Chart.Cells(
            axis("Actual " + name, actualEdges),
            axis("Predicted " + name, predictedEdges),
            Chart.numbers(actualEdges),
            Chart.numbers(predictedEdges),
            shades(),
            Chart.Palette.DENSITY,
            List.of(),
            List.of(new Chart.Guide(null, null, "perfect"))),
        () -> fitTable(html));
    html.chart(
        "Residuals: predicted minus actual",
        "Histogram of the residuals of %s rows.".formatted(Numbers.count(residuals.rows())),
        new Chart.Histogram(
            axis("Predicted \u2212 actual " + name, residuals.edges()),
            Chart.Axis.free("Rows"),
            Chart.numbers(residuals.edges()),
            residuals.counts()),
        () -> residualTable(html));
    html.close();
  }

  private static Chart.Axis axis(String name, List<Double> edges) {
    return new Chart.Axis(name, edges.get(0), edges.get(edges.size() - 1), Chart.Scale.LINEAR);
  }

  /** Cells by the square root of their share of the fullest, so that thin regions show. */
  private List<List<@Nullable Double>> shades() {
    double most =
        Math.max(
            1, counts.stream().flatMap(List::stream).mapToLong(Long::longValue).max().orElse(1));
    List<List<@Nullable Double>> shades = new ArrayList<>();
    for (List<Long> row : counts) {
      shades.add(Chart.numbers(row.stream().map(count -> Math.sqrt(count / most)).toList()));
    }
    return shades;
  }

  private void fitTable(Html html) {
    html.table(
        "Predictions by actual value (means from the bins' middles)",
        Html.Order.FIXED,
        List.of(
            Html.Column.number("Actual from"),
            Html.Column.number("to"),
            Html.Column.number("Rows"),
            Html.Column.number("Mean predicted")),
        () ->
            html.rows(
                IntStream.range(0, actualEdges.size() - 1).boxed().toList(),
                4,
                bin -> {
                  long rows = 0;
                  double sum = 0;
                  for (int predicted = 0; predicted < counts.size(); predicted++) {
                    long count = counts.get(predicted).get(bin);
                    rows += count;
                    sum +=
                        count
                            * (predictedEdges.get(predicted) + predictedEdges.get(predicted + 1))
                            / 2;
                  }
                  html.valueCell(actualEdges.get(bin)).valueCell(actualEdges.get(bin + 1));
                  html.countCell(rows);
                  html.figureCell(
                      rows == 0
                          ? Figure.absent("no rows with such an actual value")
                          : Figure.of(sum / rows),
                      "");
                }));
  }

  private void residualTable(Html html) {
    html.table(
        "Rows by residual",
        Html.Order.FIXED,
        List.of(Html.Column.number("From"), Html.Column.number("to"), Html.Column.number("Rows")),
        () ->
            html.rows(
                IntStream.range(0, residuals.counts().size()).boxed().toList(),
                3,
                bin ->
                    html.valueCell(residuals.edges().get(bin))
                        .valueCell(residuals.edges().get(bin + 1))
                        .countCell(residuals.counts().get(bin))));
  }
}
