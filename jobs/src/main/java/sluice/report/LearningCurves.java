package sluice.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How the loss fell, how what else was watched went, and how fast the rows went through.
 *
 * @param unit what a step is, such as "epoch" or "round"
 * @param watched the shown name of the metric that was watched; empty if it was the loss
 * @param steps in order
 * @param best the index of the step whose network was kept; null if the last was
 * @param note such as why training stopped; may be empty
 */
public record LearningCurves(
    String unit, String watched, List<Step> steps, @Nullable Long best, String note)
    implements Section {
  private static final int ROWS = 100;

  /** Where the largest loss is this many times the smallest, a logarithmic axis shows more. */
  private static final double WIDE = 30;

  public LearningCurves {
    steps = List.copyOf(steps);
  }

  /**
   * What was measured at one step.
   *
   * @param index the step's number, from 1
   * @param trainLoss the loss on the train rows; null if not measured at this step
   * @param validationLoss the loss on the validation rows; null if not measured at this step
   * @param validationMetric what was watched on the validation rows; null if not measured
   * @param examplesPerSecond null if not measured
   */
  public record Step(
      long index,
      @Nullable Double trainLoss,
      @Nullable Double validationLoss,
      @Nullable Double validationMetric,
      @Nullable Double examplesPerSecond) {}

  @Override
  public String heading() {
    return "Learning";
  }

  @Override
  public String anchor() {
    return "learning";
  }

  @Override
  public void writeTo(Html html) {
    if (!note.isEmpty()) {
      html.paragraph(note, "lead");
    }
    if (steps.size() == 1) {
      // One point is no curve.
      table(html);
      return;
    }
    html.open("div", "class", "charts");
    List<Chart.Line> losses = new ArrayList<>();
    line("training", steps, Step::trainLoss, losses);
    line("validation", steps, Step::validationLoss, losses);
    if (!losses.isEmpty()) {
      html.chart(
          "Loss by " + unit,
          alternative(),
          new Chart.Lines(
              Chart.Axis.free(unit),
              new Chart.Axis("Loss", null, null, scale()),
              losses,
              bestGuide()),
          () -> table(html));
    }
    List<Chart.Line> metrics = new ArrayList<>();
    line("validation", steps, Step::validationMetric, metrics);
    if (!metrics.isEmpty()) {
      html.chart(
          "Validation %s by %s".formatted(watched, unit),
          "%s on the validation rows by %s; it decides which network is kept."
              .formatted(watched, unit),
          new Chart.Lines(Chart.Axis.free(unit), Chart.Axis.free(watched), metrics, bestGuide()),
          () ->
              table(
                  html,
                  "Validation %s by %s".formatted(watched, unit),
                  watched,
                  Step::validationMetric));
    }
    List<Chart.Line> speeds = new ArrayList<>();
    line("examples per second", steps, Step::examplesPerSecond, speeds);
    if (!speeds.isEmpty()) {
      html.chart(
          "Examples per second",
          "Training speed by " + unit + ".",
          new Chart.Lines(
              Chart.Axis.free(unit),
              new Chart.Axis("Examples per second", 0.0, null, Chart.Scale.LINEAR),
              speeds,
              List.of()),
          () ->
              table(
                  html,
                  "Examples per second by " + unit,
                  "Examples per second",
                  Step::examplesPerSecond));
    }
    html.close();
  }

  private List<Chart.Guide> bestGuide() {
    return best == null
        ? List.of()
        : List.of(new Chart.Guide((double) best, null, "best: " + Numbers.count(best)));
  }

  private interface Measure {
    @Nullable Double of(Step step);
  }

  private static void line(String name, List<Step> steps, Measure measure, List<Chart.Line> lines) {
    List<Point> points = new ArrayList<>();
    for (Step step : steps) {
      Double value = measure.of(step);
      if (value != null && Double.isFinite(value)) {
        points.add(new Point(step.index(), value));
      }
    }
    if (!points.isEmpty()) {
      Chart.Marks marks = points.size() <= 40 ? Chart.Marks.POINTS : Chart.Marks.NONE;
      lines.add(new Chart.Line(name, marks, Thinning.drawn(points)));
    }
  }

  private Chart.Scale scale() {
    List<Double> losses =
        steps.stream()
            .flatMap(step -> Stream.of(step).flatMap(LearningCurves::losses))
            .filter(Double::isFinite)
            .toList();
    double least = losses.stream().min(Double::compare).orElse(0.0);
    double most = losses.stream().max(Double::compare).orElse(0.0);
    return least > 0 && most > WIDE * least ? Chart.Scale.LOGARITHMIC : Chart.Scale.LINEAR;
  }

  private static Stream<Double> losses(Step step) {
    return Stream.concat(
        Stream.ofNullable(step.trainLoss()), Stream.ofNullable(step.validationLoss()));
  }

  private String alternative() {
    if (steps.isEmpty()) {
      return "Loss by " + unit + ".";
    }
    Step last = steps.get(steps.size() - 1);
    return "Loss over %s steps, ending with %s on the train rows and %s on the validation rows."
        .formatted(
            Numbers.count(steps.size()), shown(last.trainLoss()), shown(last.validationLoss()));
  }

  private static String shown(@Nullable Double value) {
    return value == null ? "no figure" : Numbers.result(value);
  }

  private void table(Html html) {
    List<Step> rows = new ArrayList<>(Thinning.sample(steps, ROWS));
    steps.stream()
        .filter(step -> best != null && step.index() == best && !rows.contains(step))
        .forEach(rows::add);
    rows.sort(java.util.Comparator.comparingLong(Step::index));
    String caption =
        rows.size() < steps.size()
            ? "Loss by %s, %s of %s steps"
                .formatted(unit, Numbers.count(rows.size()), Numbers.count(steps.size()))
            : "Loss by " + unit;
    html.table(
        caption,
        Html.Order.FIXED,
        List.of(
            Html.Column.text(unit),
            Html.Column.number("Training loss"),
            Html.Column.number("Validation loss")),
        () ->
            html.rows(
                rows,
                3,
                step -> {
                  boolean isBest = best != null && step.index() == best;
                  html.rowHead(Numbers.count(step.index()) + (isBest ? " (best)" : ""));
                  html.figureCell(figure(step.trainLoss()), isBest ? "best" : "");
                  html.figureCell(figure(step.validationLoss()), isBest ? "best" : "");
                }));
  }

  private void table(Html html, String caption, String column, Measure measure) {
    html.table(
        caption,
        Html.Order.FIXED,
        List.of(Html.Column.text(unit), Html.Column.number(column)),
        () ->
            html.rows(
                Thinning.sample(steps, ROWS),
                2,
                step ->
                    html.rowHead(Numbers.count(step.index()))
                        .figureCell(figure(measure.of(step)), "")));
  }

  private static Figure figure(@Nullable Double value) {
    return value == null ? Figure.absent("not measured at this step") : Figure.of(value);
  }
}
