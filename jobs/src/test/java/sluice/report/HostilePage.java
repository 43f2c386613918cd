package sluice.report;

import java.time.Instant;
import java.util.List;

/** A page in which every text tries to break out of where it stands. */
final class HostilePage {
  static final String SCRIPT =
      "</script><script>window.pwned=1</script><img src=x onerror=\"window.pwned=1\">";
  static final String QUOTES = "\"' onmouseover='window.pwned=1' x=\"`";
  static final String STYLE = "</style><svg onload=window.pwned=1><!--";
  static final String CONTROLS = "null\u0000 bell\u0007 escape\u001b[31m line\nfeed \u2028\u2029";
  static final String REORDERED = "user\u202Etxt.exe\u2066 שלום עולם";
  static final String EMOJI = "👩‍🚀🌊 \uD83D half";
  static final String RICH = "{a|rich} {b} ${window.pwned=1} {{constructor}} javascript:alert(1)";
  static final String LONG = "x<b>".repeat(2_500);
  static final String PROTOTYPE = "__proto__";
  static final List<String> ALL =
      List.of(SCRIPT, QUOTES, STYLE, CONTROLS, REORDERED, EMOJI, RICH, LONG, PROTOTYPE);

  private HostilePage() {}

  static ReportPage page() {
    Figure absent = Figure.absent(SCRIPT);
    Figure value = Figure.of(0.5, 0.4, 0.6);
    List<Point> points = List.of(new Point(0, 0), new Point(0.2, 0.7), new Point(1, 1));
    List<Double> places = List.of(0.0, 0.5, 1.0);
    Bins bins = new Bins(places, List.of(3L, 4L));
    List<Curves.Curve> curves =
        ALL.stream().map(name -> new Curves.Curve(name, points, 0.5)).toList();
    return new ReportPage(
        SCRIPT,
        QUOTES,
        Instant.parse("2026-03-14T09:26:53Z"),
        STYLE,
        SCRIPT + REORDERED,
        ALL,
        List.of(
            new HeadlineMetrics(
                QUOTES,
                ALL.stream().map(name -> new HeadlineMetrics.Metric(name, absent, name)).toList()),
            new Comparison(
                SCRIPT,
                ALL,
                ALL.stream()
                    .map(
                        name -> new Comparison.Row(name, ALL.stream().map(model -> value).toList()))
                    .toList(),
                List.of()),
            new PerClass(
                List.of(SCRIPT),
                ALL.stream().map(name -> new PerClass.ClassRow(name, 1, List.of(absent))).toList()),
            new ConfusionMatrix(
                ALL, ALL.stream().map(name -> ALL.stream().map(other -> 2L).toList()).toList()),
            new Curves(
                SCRIPT,
                curves,
                curves,
                0.5,
                ALL.stream()
                    .map(
                        name ->
                            new Curves.CalibrationCurve(name, List.of(new Curves.Bin(0.2, 0.3, 4))))
                    .toList(),
                new Curves.Thresholds(SCRIPT, curves, 0.5)),
            new LearningCurves(
                SCRIPT,
                STYLE,
                List.of(
                    new LearningCurves.Step(1, 1.0, 2.0, 0.5, 3.0),
                    new LearningCurves.Step(2, 1.0, 2.0, 0.5, 3.0)),
                1L,
                STYLE),
            new RegressionFit(
                SCRIPT, places, places, List.of(List.of(1L, 2L), List.of(3L, 0L)), bins),
            new DecisionSurface(
                SCRIPT,
                QUOTES,
                places,
                places,
                List.of(List.of(0.0, 0.4, 0.6), List.of(0.1, 0.5, 0.9), List.of(0.7, 0.8, 1.0)),
                STYLE,
                RICH,
                ALL.stream().map(name -> new DecisionSurface.Sample(0.5, 0.5, name, 0.5)).toList()),
            new Slices(
                SCRIPT,
                List.of(QUOTES),
                ALL.stream().map(name -> new Slices.Slice(name, 3, List.of(value))).toList(),
                10,
                STYLE),
            new Importance(
                SCRIPT,
                SCRIPT,
                ALL.stream().map(name -> new Importance.Feature(name, value)).toList(),
                STYLE),
            new Tokens(
                SCRIPT,
                SCRIPT,
                QUOTES,
                List.of(
                    new Tokens.Side(
                        SCRIPT, ALL.stream().map(name -> new Tokens.Token(name, 0.5, 3)).toList()),
                    new Tokens.Side(REORDERED, List.of())),
                STYLE),
            new Tokens(
                QUOTES,
                RICH,
                SCRIPT,
                ALL.stream()
                    .map(name -> new Tokens.Side(name, List.of(new Tokens.Token(name, 0.5, 3))))
                    .toList(),
                STYLE),
            new DataProfile(
                10,
                ALL.stream()
                    .map(
                        name ->
                            new DataProfile.Column(
                                name,
                                name,
                                1,
                                2L,
                                new DataProfile.Categorical(
                                    List.of(new DataProfile.Category(name, 3)), 2)))
                    .toList(),
                SCRIPT),
            new TextOverview(
                ALL.stream()
                    .map(
                        name ->
                            new TextOverview.PartTexts(
                                name,
                                5,
                                name,
                                4,
                                0,
                                new TextOverview.Lengths(1, 2, 3),
                                new TextOverview.Lengths(1, 2, 3),
                                null,
                                0.25,
                                1L))
                    .toList(),
                ALL,
                ALL.stream()
                    .map(
                        name ->
                            new TextOverview.Share(name, name, ALL.stream().map(n -> 0.5).toList()))
                    .toList(),
                ALL.stream()
                    .map(
                        name ->
                            new TextOverview.Share(name, name, ALL.stream().map(n -> 0.5).toList()))
                    .toList(),
                SCRIPT),
            new WorstErrors(
                SCRIPT,
                QUOTES,
                ALL,
                ALL.stream().map(name -> new WorstErrors.Line(name, name, 0.1, ALL)).toList()),
            new ClassBalance(
                List.of(SCRIPT),
                ALL.stream().map(name -> new ClassBalance.ClassRows(name, List.of(1L))).toList()),
            new Rejects(ALL.stream().map(name -> new Rejects.Reason(name, name, 1)).toList()),
            new ProvenanceTable(
                ALL.stream()
                    .map(
                        name ->
                            new ProvenanceTable.Entry(
                                name,
                                "",
                                List.of(new ProvenanceTable.Entry(name, name, List.of()))))
                    .toList()),
            new Configuration(String.join("\n", ALL))));
  }
}
