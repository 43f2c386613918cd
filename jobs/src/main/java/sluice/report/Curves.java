package sluice.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * ROC, precision-recall and calibration curves of several models, or of one model's classes; each
 * kind is left out when it has no curves.
 *
 * @param note what the lines are, such as "one class against the rest"; may be empty
 * @param roc false positive rate (x) to true positive rate (y), both rising
 * @param precisionRecall recall (x, rising) to precision (y)
 * @param prevalence the share of positive rows, the precision of a guess; null when the lines do
 *     not share one
 * @param calibration mean predicted probability to observed share
 * @param thresholds what each threshold would come to; null when there is none to choose
 */
public record Curves(
    String note,
    List<Curve> roc,
    List<Curve> precisionRecall,
    @Nullable Double prevalence,
    List<CalibrationCurve> calibration,
    @Nullable Thresholds thresholds)
    implements Section {
  private static final double[] FALSE_POSITIVE_RATES = {
    0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1
  };
  private static final double[] THRESHOLDS = {
    0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85,
    0.9, 0.95
  };
  private static final double[] RECALLS = {0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1};

  public Curves {
    roc = List.copyOf(roc);
    precisionRecall = List.copyOf(precisionRecall);
    calibration = List.copyOf(calibration);
  }

  /**
   * A line of one model or class.
   *
   * @param name the model or class
   * @param points in the order of x
   * @param area the area under it; null if unknown
   */
  public record Curve(String name, List<Point> points, @Nullable Double area) {
    public Curve {
      points = List.copyOf(points);
    }
  }

  /**
   * Metrics by threshold.
   *
   * @param title whose rows they are
   * @param metrics threshold (x, rising) to value (y), undefined ones left out
   * @param chosen the threshold that is used
   */
  public record Thresholds(String title, List<Curve> metrics, double chosen) {
    public Thresholds {
      metrics = List.copyOf(metrics);
    }
  }

  /**
   * The calibration of one model or class.
   *
   * @param name the model or class
   * @param bins from the lowest predictions to the highest; bins without rows are left out
   */
  public record CalibrationCurve(String name, List<Bin> bins) {
    public CalibrationCurve {
      bins = List.copyOf(bins);
    }
  }

  /**
   * Rows of similar predictions.
   *
   * @param meanPredicted the mean predicted probability of the bin's rows
   * @param observed the share of them that are positive
   * @param rows how many they are
   */
  public record Bin(double meanPredicted, double observed, long rows) {}

  @Override
  public String heading() {
    return calibration.isEmpty() ? "Ranking" : "Ranking and calibration";
  }

  @Override
  public String anchor() {
    return "curves";
  }

  @Override
  public void writeTo(Html html) {
    if (!note.isEmpty()) {
      html.paragraph(note, "lead");
    }
    html.open("div", "class", "charts");
    if (!roc.isEmpty()) {
      html.chart(
          "ROC: positives found, and at what cost",
          "ROC curves. " + areas(roc),
          new Chart.Lines(
              Chart.Axis.unit("False positive rate"),
              Chart.Axis.unit("True positive rate"),
              lines(roc),
              List.of(new Chart.Guide(null, null, "chance"))),
          () ->
              table(html, "False positive rate", "true positive rate", roc, FALSE_POSITIVE_RATES));
    }
    if (!precisionRecall.isEmpty()) {
      html.chart(
          "Precision and recall: how pure the finds are",
          "Precision-recall curves. " + areas(precisionRecall),
          new Chart.Lines(
              Chart.Axis.unit("Recall"),
              Chart.Axis.unit("Precision"),
              lines(precisionRecall),
              prevalence == null
                  ? List.of()
                  : List.of(new Chart.Guide(null, prevalence, "chance"))),
          () -> table(html, "Recall", "precision", precisionRecall, RECALLS));
    }
    if (!calibration.isEmpty()) {
      html.chart(
          "Calibration: does a predicted 30 % happen 30 % of the time?",
          "Calibration curves, observed share by predicted probability, of "
              + calibration.stream()
                  .map(curve -> Text.name(curve.name()))
                  .collect(Collectors.joining(", ")),
          new Chart.Lines(
              new Chart.Axis("Mean predicted probability", 0.0, reach(), Chart.Scale.LINEAR),
              new Chart.Axis("Observed share", 0.0, reach(), Chart.Scale.LINEAR),
              calibration.stream().map(Curves::line).toList(),
              List.of(new Chart.Guide(null, null, ""))),
          () -> calibrationTable(html));
    }
    if (thresholds != null) {
      write(thresholds, html);
    }
    html.close();
  }

  private static void write(Thresholds thresholds, Html html) {
    String chosen = Numbers.result(thresholds.chosen());
    html.chart(
        thresholds.title(),
        "Metrics by threshold: "
            + thresholds.metrics().stream()
                .map(curve -> Text.name(curve.name()))
                .collect(Collectors.joining(", "))
            + ". The threshold is "
            + chosen,
        new Chart.Lines(
            Chart.Axis.unit("Threshold"),
            new Chart.Axis("Metric", null, 1.0, Chart.Scale.LINEAR),
            lines(thresholds.metrics()),
            List.of(new Chart.Guide(thresholds.chosen(), null, chosen))),
        () -> table(html, "Threshold", "metrics", thresholds.metrics(), THRESHOLDS));
  }

  /** The tenth above every calibration point: rare classes would else sit in a corner. */
  private double reach() {
    return calibration.stream()
            .flatMap(curve -> curve.bins().stream())
            .mapToDouble(bin -> Math.ceil(10 * Math.max(bin.meanPredicted(), bin.observed())))
            .max()
            .orElse(10)
        / 10;
  }

  private static String areas(List<Curve> curves) {
    return curves.stream()
        .map(
            curve ->
                curve.area() == null
                    ? Text.name(curve.name())
                    : "%s: area %s"
                        .formatted(Text.name(curve.name()), Numbers.result(curve.area())))
        .collect(Collectors.joining("; ", "", "."));
  }

  private static List<Chart.Line> lines(List<Curve> curves) {
    return curves.stream()
        .map(
            curve -> new Chart.Line(curve.name(), Chart.Marks.NONE, Thinning.drawn(curve.points())))
        .toList();
  }

  private static Chart.Line line(CalibrationCurve curve) {
    List<Point> points =
        curve.bins().stream().map(bin -> new Point(bin.meanPredicted(), bin.observed())).toList();
    return new Chart.Line(curve.name(), Chart.Marks.POINTS, Thinning.drawn(points));
  }

  /** The curves read off at a few places. */
  private static void table(Html html, String x, String y, List<Curve> curves, double[] places) {
    List<Html.Column> columns =
        Stream.concat(
                Stream.of(Html.Column.number(x)),
                curves.stream().map(curve -> Html.Column.number(curve.name())))
            .toList();
    List<Double> at = new ArrayList<>();
    for (double place : places) {
      at.add(place);
    }
    html.table(
        x + " and " + y,
        Html.Order.FIXED,
        columns,
        () -> {
          if (curves.stream().anyMatch(curve -> curve.area() != null)) {
            html.open("tr").element("th", "Area under the curve", "scope", "row");
            for (Curve curve : curves) {
              html.figureCell(
                  curve.area() == null
                      ? Figure.absent("the area is not known")
                      : Figure.of(curve.area()),
                  "");
            }
            html.close();
          }
          html.rows(
              at,
              columns.size(),
              place -> {
                html.element(
                    "th",
                    String.format(Locale.ROOT, "%.2f", place),
                    "scope",
                    "row",
                    "class",
                    "num");
                for (Curve curve : curves) {
                  html.figureCell(heightAt(curve.points(), place), "");
                }
              });
        });
  }

  /** The curve's highest point at x, or the straight line between its neighbours. */
  static Figure heightAt(List<Point> points, double x) {
    Point before = null;
    for (Point point : points) {
      if (point.x() > x) {
        if (before == null) {
          break;
        }
        double share = (x - before.x()) / (point.x() - before.x());
        return Figure.of(before.y() + share * (point.y() - before.y()));
      }
      before = before != null && before.x() == point.x() && before.y() > point.y() ? before : point;
    }
    return before != null && before.x() == x
        ? Figure.of(before.y())
        : Figure.absent("the curve has no point there");
  }

  private record NamedBin(String name, Bin bin) {}

  private void calibrationTable(Html html) {
    List<NamedBin> rows =
        calibration.stream()
            .flatMap(curve -> curve.bins().stream().map(bin -> new NamedBin(curve.name(), bin)))
            .toList();
    html.table(
        "Calibration by bin (equally wide ones)",
        Html.Order.SORTABLE,
        List.of(
            Html.Column.text("Model"),
            Html.Column.number("Mean predicted"),
            Html.Column.number("Observed"),
            Html.Column.number("Rows")),
        () ->
            html.rows(
                rows,
                4,
                row ->
                    html.rowHead(row.name())
                        .resultCell(row.bin().meanPredicted())
                        .resultCell(row.bin().observed())
                        .countCell(row.bin().rows())));
  }
}
