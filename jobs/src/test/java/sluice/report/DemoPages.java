package sluice.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Pages of invented data that looks like real data; {@link #main} writes them to be looked at. */
final class DemoPages {
  private static final Instant WHEN = Instant.parse("2026-03-14T09:26:53Z");
  private static final String INTERVALS =
      "Small figures: 95 % bootstrap intervals, 1,000 resamples.";

  private DemoPages() {}

  /** Writes every page into the directory named first. */
  public static void main(String[] arguments) throws IOException {
    Path directory = Files.createDirectories(Path.of(arguments[0]));
    Files.writeString(directory.resolve("binary.html"), HtmlReport.render(binary()));
    Files.writeString(directory.resolve("multiclass.html"), HtmlReport.render(multiclass()));
    Files.writeString(directory.resolve("regression.html"), HtmlReport.render(regression()));
    Files.writeString(directory.resolve("four-points.html"), HtmlReport.render(fourPoints()));
    Files.writeString(directory.resolve("texts.html"), HtmlReport.render(texts()));
    Files.writeString(directory.resolve("hostile.html"), HtmlReport.render(HostilePage.page()));
  }

  static ReportPage binary() {
    List<Curves.Curve> roc = new ArrayList<>();
    List<Curves.Curve> precisionRecall = new ArrayList<>();
    List<Curves.CalibrationCurve> calibration = new ArrayList<>();
    List<String> models =
        List.of("network", "logistic regression", "gradient-boosted trees", "majority");
    double[] separation = {1.14, 1.05, 1.16};
    for (int model = 0; model < separation.length; model++) {
      Scores scores = Scores.invented(separation[model], 6_782, 0.117, 11 + model);
      roc.add(scores.roc(models.get(model)));
      precisionRecall.add(scores.precisionRecall(models.get(model)));
      calibration.add(scores.calibration(models.get(model)));
    }
    return new ReportPage(
        "bank",
        "binary",
        WHEN,
        "bank-2026-03-14-7f3a91c0",
        "ROC AUC 0.7934 (0.7781–0.8086) on 6,782 test rows: above logistic regression (0.7719),"
            + " level with gradient-boosted trees (0.7968).",
        List.of(),
        List.of(
            new HeadlineMetrics(
                "95 % bootstrap intervals, 1,000 resamples of the 6,782 test rows.",
                List.of(
                    new HeadlineMetrics.Metric(
                        "ROC AUC",
                        Figure.of(0.79341, 0.7781, 0.80862),
                        "How often a random \"yes\" is ranked above a random \"no\"."),
                    new HeadlineMetrics.Metric(
                        "PR AUC",
                        Figure.of(0.44219, 0.4071, 0.4779),
                        "Precision over all levels of recall; a guess has 0.117."),
                    new HeadlineMetrics.Metric(
                        "Balanced accuracy",
                        Figure.of(0.71284, 0.6972, 0.7284),
                        "The mean of the share found in each class."),
                    new HeadlineMetrics.Metric(
                        "Calibration error",
                        Figure.of(0.01832, 0.0122, 0.0261),
                        "How far predicted probabilities lie from what happens (ECE)."))),
            new Comparison(
                "All on the same features and the same 6,782 test rows.",
                models,
                List.of(
                    row("rocAuc", 0.7934, 0.7719, 0.7968, Double.NaN),
                    row("prAuc", 0.4422, 0.4057, 0.4491, 0.117),
                    row("accuracy", 0.8976, 0.8938, 0.8989, 0.883),
                    row("balancedAccuracy", 0.7128, 0.7066, 0.7133, 0.5),
                    row("f1", 0.4537, 0.4312, 0.4581, 0),
                    row("logLoss", 0.2861, 0.2964, 0.2849, 0.3609),
                    row("brier", 0.0827, 0.0852, 0.0821, 0.1033),
                    row("ece", 0.0183, 0.0121, 0.0097, 0.00002)),
                List.of(row("rocAuc", 0.0215, -0.0034, 0.2934))),
            new Curves("", roc, precisionRecall, 0.117, calibration, thresholds()),
            new ConfusionMatrix(
                List.of("no", "yes"), List.of(List.of(5_612L, 377L), List.of(472L, 321L))),
            new PerClass(
                List.of("precision", "recall", "f1"),
                List.of(
                    new PerClass.ClassRow("no", 5_989, figures(0.9224, 0.9371, 0.9297)),
                    new PerClass.ClassRow("yes", 793, figures(0.4599, 0.4048, 0.4306)),
                    new PerClass.ClassRow(
                        "macro average", 6_782, figures(0.6911, 0.6709, 0.6801)))),
            learning(24, 15, 0.41, 0.283, 92_000),
            jobs(),
            new Importance(
                "the network",
                "rocAuc",
                List.of(
                    feature("poutcome", 0.0612, 0.0541, 0.0688),
                    feature("month", 0.0534, 0.0466, 0.0601),
                    feature("contact", 0.0311, 0.0254, 0.0366),
                    feature("day", 0.0187, 0.0139, 0.0239),
                    feature("housing", 0.0142, 0.0104, 0.0181),
                    feature("balance", 0.0081, 0.0049, 0.0116),
                    feature("age", 0.0064, 0.0031, 0.0099),
                    feature("campaign", 0.0059, 0.0033, 0.0087),
                    feature("loan", 0.0031, 0.0012, 0.0051),
                    feature("job", 0.0028, -0.0004, 0.0057),
                    feature("education", 0.0012, -0.0011, 0.0036),
                    feature("marital", 0.0006, -0.0009, 0.0023),
                    feature("default", -0.0002, -0.0007, 0.0004)),
                "Five shuffles of each column over the test rows; whiskers are 95 % intervals."),
            bankData(),
            new ClassBalance(
                List.of("train", "validation", "test", "added"),
                List.of(
                    new ClassBalance.ClassRows("no", List.of(27_941L, 5_992L, 5_989L, 0L)),
                    new ClassBalance.ClassRows("yes", List.of(3_702L, 792L, 793L, 24_239L)))),
            new LedgerTable(45_211, 2, 0, 0, 31_643, 6_784, 6_782, 24_239, LedgerTable.Parts.APART),
            new Rejects(
                List.of(
                    new Rejects.Reason("csv reader", "17 columns expected, 16 found", 1),
                    new Rejects.Reason("csv reader", "age: \"unknown\" is not an INT", 1))),
            provenance(),
            configuration()));
  }

  static ReportPage texts() {
    return new ReportPage(
        "reviews",
        "binary",
        WHEN,
        "reviews-2026-03-14-2b9d77e1",
        "ROC AUC 0.9714 (0.9668–0.9757) on 5,310 test rows: above logistic regression (0.9562).",
        List.of(
            "Held-out rows whose text in column text a train row has too: 3 of test, as \"很好\"."),
        List.of(
            new WorstErrors(
                "The 2 judged rows whose true class is the least probable, the worst first.",
                "Probability of the truth",
                List.of("text"),
                List.of(
                    new WorstErrors.Line(
                        "pos", "neg", 0.0031, List.of("书的内容没有失望，失望的是物流太慢了。".repeat(6))),
                    new WorstErrors.Line("neg", "pos", 0.0094, List.of("好评都是假的 שלום 👩‍🚀")))),
            new Tokens(
                "the network",
                "How much more probable a class is with a token than without it.",
                "Change of the probability",
                List.of(
                    new Tokens.Side(
                        "neg",
                        List.of(
                            new Tokens.Token("失望", 0.3612, 41),
                            new Tokens.Token("太差", 0.2914, 17),
                            new Tokens.Token("退货", 0.2217, 12),
                            new Tokens.Token("不", 0.0741, 133),
                            new Tokens.Token("<br>", 0.0127, 9))),
                    new Tokens.Side(
                        "pos",
                        List.of(
                            new Tokens.Token("喜欢", 0.2788, 52),
                            new Tokens.Token("值得", 0.2143, 23),
                            new Tokens.Token("推荐", 0.1882, 31),
                            new Tokens.Token("不错", 0.1711, 64),
                            new Tokens.Token("谢谢", 0.0968, 8)))),
                "Each token that at least 5 of 200 test rows have was left out."),
            new TextOverview(
                List.of(
                    partTexts("train", 24_780, 0.0041, null),
                    partTexts("validation", 5_310, 0.0312, 4L),
                    partTexts("test", 5_310, 0.0329, 3L)),
                List.of("train", "validation", "test"),
                List.of(
                    new TextOverview.Share("text", "cmn", List.of(0.9312, 0.9287, 0.9301)),
                    new TextOverview.Share("text", "not sure", List.of(0.0688, 0.0713, 0.0699))),
                List.of(
                    new TextOverview.Share(
                        "text", "C4, any of its heuristics", List.of(0.7214, 0.7188, 0.7206)),
                    new TextOverview.Share(
                        "text", "C4: sentence count at least 3", List.of(0.7214, 0.7188, 0.7206))),
                "Languages and heuristics are those of about 5,000 texts of a part.")));
  }

  private static TextOverview.PartTexts partTexts(
      String part, long rows, double unknown, @Nullable Long inTrain) {
    return new TextOverview.PartTexts(
        "text",
        31_207,
        part,
        rows,
        0,
        new TextOverview.Lengths(58, 287, 1_999),
        new TextOverview.Lengths(36, 175, 1_213),
        unknown,
        0.0213,
        inTrain);
  }

  static ReportPage multiclass() {
    List<String> labels =
        List.of(
            "Mobile Phone",
            "Tablet",
            "Desktop",
            "TV Device",
            "Console",
            "Ebook Reader",
            "Car Entertainment System",
            "Digital Camera",
            "Mobile Device");
    Random random = new Random(5);
    int classes = labels.size();
    long[] sizes = {31_120, 18_407, 6_011, 2_214, 410, 302, 61, 37, 4_946};
    List<List<Long>> counts = new ArrayList<>();
    List<PerClass.ClassRow> rows = new ArrayList<>();
    List<Curves.Curve> roc = new ArrayList<>();
    for (int actual = 0; actual < classes; actual++) {
      long[] row = new long[classes];
      double accuracy = 0.72 + 0.26 * random.nextDouble();
      row[actual] = Math.round(sizes[actual] * accuracy);
      long left = sizes[actual] - row[actual];
      while (left > 0) {
        int wrong = random.nextInt(classes);
        long some = Math.min(left, 1 + (long) (left * random.nextDouble()));
        if (wrong != actual) {
          row[wrong] += some;
          left -= some;
        }
      }
      counts.add(LongStream.of(row).boxed().toList());
      rows.add(
          new PerClass.ClassRow(
              labels.get(actual),
              sizes[actual],
              figures(accuracy + 0.01, accuracy, accuracy + 0.005)));
      roc.add(
          Scores.invented(1.4 + random.nextDouble(), 3_000, 0.2, actual).roc(labels.get(actual)));
    }
    return new ReportPage(
        "browscap",
        "multiclass",
        WHEN,
        "browscap-2026-03-14-0c11d2e8",
        "Accuracy 0.9127 (0.9105–0.9149) over 9 classes; logistic regression 0.8714, majority"
            + " 0.4901.",
        List.of("Two classes have fewer than 100 test rows; their figures are hints."),
        List.of(
            new HeadlineMetrics(
                INTERVALS,
                List.of(
                    new HeadlineMetrics.Metric(
                        "Accuracy", Figure.of(0.9127, 0.9105, 0.9149), "The share that is right."),
                    new HeadlineMetrics.Metric(
                        "Macro F1",
                        Figure.of(0.8342, 0.8101, 0.8533),
                        "The mean over classes, small ones counted like large ones."),
                    new HeadlineMetrics.Metric(
                        "Log loss",
                        Figure.of(0.2713, 0.2644, 0.2782),
                        "How surprised the network is by the truth."))),
            new Comparison(
                "",
                List.of("network", "logistic regression", "majority"),
                List.of(
                    row("accuracy", 0.9127, 0.8714, 0.4901),
                    row("f1", 0.8342, 0.7214, 0.0731),
                    row("logLoss", 0.2713, 0.4122, 1.4213)),
                List.of()),
            new ConfusionMatrix(labels, counts),
            new PerClass(List.of("precision", "recall", "f1"), rows),
            new Curves("One class against the rest.", roc, List.of(), null, List.of(), null),
            learning(60, 52, 1.9, 0.26, 140_000),
            new LedgerTable(
                423_367, 0, 12, 0, 296_344, 63_503, 63_508, 0, LedgerTable.Parts.APART)));
  }

  static ReportPage regression() {
    Random random = new Random(3);
    int bins = 40;
    List<Double> edges = IntStream.rangeClosed(0, bins).mapToObj(i -> -40.0 + 4.0 * i).toList();
    long[][] counts = new long[bins][bins];
    long[] residuals = new long[48];
    for (int i = 0; i < 200_000; i++) {
      double actual =
          22 * random.nextGaussian() * random.nextDouble()
              - 4
              + 60 * Math.pow(random.nextDouble(), 6);
      double predicted = 0.72 * actual + 4 + 7 * random.nextGaussian();
      int x = (int) ((actual + 40) / 4);
      int y = (int) ((predicted + 40) / 4);
      if (x >= 0 && x < bins && y >= 0 && y < bins) {
        counts[y][x]++;
      }
      int r = (int) ((predicted - actual + 36) / 1.5);
      if (r >= 0 && r < residuals.length) {
        residuals[r]++;
      }
    }
    return new ReportPage(
        "flights",
        "regression",
        WHEN,
        "flights-2026-03-14-91ab00de",
        "RMSE 9.841 minutes (9.712–9.969) on 449,996 test rows; linear regression 11.32,"
            + " gradient-boosted trees 9.905.",
        List.of(),
        List.of(
            new HeadlineMetrics(
                INTERVALS,
                List.of(
                    new HeadlineMetrics.Metric(
                        "RMSE",
                        Figure.of(9.841, 9.712, 9.969),
                        "Typical error, large ones weigh more; minutes."),
                    new HeadlineMetrics.Metric(
                        "MAE", Figure.of(6.02, 5.981, 6.061), "Mean size of the error; minutes."),
                    new HeadlineMetrics.Metric(
                        "R²",
                        Figure.of(0.612, 0.603, 0.621),
                        "The share of the variance that is explained."),
                    new HeadlineMetrics.Metric(
                        "Median error",
                        Figure.of(4.113, 4.09, 4.141),
                        "Half of the predictions are closer; minutes."))),
            new Comparison(
                "",
                List.of("network", "mean", "linear regression", "gradient-boosted trees"),
                List.of(
                    row("rmse", 9.841, 15.8, 11.32, 9.905),
                    row("mae", 6.02, 10.11, 7.34, 6.093),
                    row("r2", 0.612, -0.00001, 0.487, 0.607),
                    row("medianAbsoluteError", 4.113, 7.02, 5.21, 4.171)),
                List.of()),
            new RegressionFit(
                "delay",
                edges,
                edges,
                Arrays.stream(counts).map(r -> LongStream.of(r).boxed().toList()).toList(),
                new Bins(
                    IntStream.rangeClosed(0, residuals.length)
                        .mapToObj(i -> -36 + 1.5 * i)
                        .toList(),
                    LongStream.of(residuals).boxed().toList())),
            learning(12, 11, 148, 97, 310_000),
            new LedgerTable(
                3_000_000, 0, 41, 0, 2_099_970, 449_993, 449_996, 0, LedgerTable.Parts.APART)));
  }

  static ReportPage fourPoints() {
    List<Double> places = IntStream.rangeClosed(0, 60).mapToObj(i -> -0.5 + i / 30.0).toList();
    List<List<Double>> probabilities =
        places.stream()
            .map(y -> places.stream().map(x -> fourPointsNetwork(x, y)).toList())
            .toList();
    List<LearningCurves.Step> steps =
        IntStream.rangeClosed(1, 1_000)
            .mapToObj(
                i ->
                    new LearningCurves.Step(
                        i, 0.71 * Math.exp(-i / 240.0) + 0.004, null, null, null))
            .toList();
    return new ReportPage(
        "four-points",
        "binary",
        WHEN,
        "four-points-2026-03-14-51be2c77",
        "All 4 rows right (accuracy 1.000), log loss 0.01513.",
        List.of("Measured on training rows: split.by = none, so train and test are the same rows."),
        List.of(
            new HeadlineMetrics(
                "",
                List.of(
                    new HeadlineMetrics.Metric(
                        "Accuracy", Figure.of(1), "The share of rows that is right."),
                    new HeadlineMetrics.Metric(
                        "ROC AUC",
                        Figure.of(1),
                        "How often a random 1 is ranked above a random 0."),
                    new HeadlineMetrics.Metric(
                        "Log loss",
                        Figure.of(0.01513),
                        "How surprised the network is by the truth."),
                    new HeadlineMetrics.Metric(
                        "Calibration error",
                        Figure.absent("four rows are too few for bins"),
                        "How far predicted probabilities lie from what happens (ECE)."))),
            new DecisionSurface(
                "a",
                "b",
                places,
                places,
                probabilities,
                "0",
                "1",
                List.of(
                    sample(1, 0, "0"), sample(0, 1, "1"), sample(1, 1, "1"), sample(1, 0, "0"))),
            new ConfusionMatrix(List.of("0", "1"), List.of(List.of(2L, 0L), List.of(0L, 2L))),
            new LearningCurves(
                "epoch", "", steps, null, "1,000 epochs on one worker, averaged once."),
            new LedgerTable(4, 0, 0, 0, 4, 4, 4, 0, LedgerTable.Parts.SAME_ROWS),
            configuration()));
  }

  private static double fourPointsNetwork(double x, double y) {
    double first = 1 / (1 + Math.exp(-(7 * y - 2.1 * x - 1.9)));
    double second = 1 / (1 + Math.exp(-(-4 * x + 3 * y + 1)));
    return 1 / (1 + Math.exp(-(7.5 * first + 3.2 * second - 4.6)));
  }

  private static DecisionSurface.Sample sample(double x, double y, String label) {
    return new DecisionSurface.Sample(x, y, label, fourPointsNetwork(x, y));
  }

  private static Curves.Thresholds thresholds() {
    List<Point> recall =
        IntStream.rangeClosed(0, 100)
            .mapToObj(i -> new Point(i / 100.0, 1 - Math.sqrt(i / 100.0)))
            .toList();
    List<Point> correlation =
        recall.stream().map(point -> new Point(point.x(), point.x() / 2 - 0.1)).toList();
    return new Curves.Thresholds(
        "Thresholds: what each would come to on the validation rows",
        List.of(
            new Curves.Curve("recall", recall, null),
            new Curves.Curve("Matthews correlation", correlation, null)),
        0.27);
  }

  private static Comparison.Row row(String metric, double... values) {
    return new Comparison.Row(
        metric,
        DoubleStream.of(values)
            .mapToObj(
                value ->
                    Double.isNaN(value)
                        ? Figure.absent("it gives every row the same score")
                        : Figure.of(value, value * 0.985, value * 1.015))
            .toList());
  }

  private static List<Figure> figures(double... values) {
    return DoubleStream.of(values).mapToObj(Figure::of).toList();
  }

  private static Importance.Feature feature(String name, double drop, double low, double high) {
    return new Importance.Feature(name, Figure.of(drop, low, high));
  }

  private static LearningCurves learning(
      int epochs, long best, double from, double to, double speed) {
    Random random = new Random(epochs);
    List<LearningCurves.Step> steps = new ArrayList<>();
    for (int epoch = 1; epoch <= epochs; epoch++) {
      double fall = Math.exp(-4.0 * epoch / epochs);
      double train = to * 0.97 + (from - to) * fall;
      double over = Math.max(0, epoch - best) * (from - to) / 300;
      steps.add(
          new LearningCurves.Step(
              epoch,
              train,
              train * 1.02 + over + to * 0.004 * random.nextGaussian(),
              0.9 - 0.3 * fall,
              speed * (epoch == 1 ? 0.55 : 0.97 + 0.05 * random.nextDouble())));
    }
    return new LearningCurves(
        "epoch",
        "ROC AUC",
        steps,
        best,
        "Stopped early: no better ROC AUC on the validation rows for %d epochs."
            .formatted(epochs - best));
  }

  private static Slices jobs() {
    return new Slices(
        "job",
        List.of("rocAuc", "accuracy", "logLoss"),
        List.of(
            slice("blue-collar", 1_460, 0.7712, 0.031, 0.931, 0.227),
            slice("management", 1_419, 0.7981, 0.029, 0.872, 0.322),
            slice("technician", 1_140, 0.7822, 0.034, 0.894, 0.291),
            slice("admin.", 776, 0.7741, 0.042, 0.889, 0.31),
            slice("services", 623, 0.7503, 0.055, 0.915, 0.262),
            slice("retired", 339, 0.8214, 0.049, 0.812, 0.412),
            slice("self-employed", 237, 0.8017, 0.081, 0.89, 0.301),
            slice("entrepreneur", 223, 0.7408, 0.099, 0.919, 0.253),
            slice("unemployed", 195, 0.8107, 0.083, 0.871, 0.33),
            slice("housemaid", 186, 0.7922, 0.104, 0.909, 0.27),
            slice("student", 141, 0.7366, 0.085, 0.738, 0.53),
            new Slices.Slice(
                "unknown",
                43,
                List.of(
                    Figure.absent("only one class in these rows"),
                    Figure.of(0.9767),
                    Figure.of(0.142)))),
        100,
        INTERVALS);
  }

  private static Slices.Slice slice(
      String value, long rows, double auc, double half, double accuracy, double loss) {
    return new Slices.Slice(
        value,
        rows,
        List.of(
            Figure.of(auc, auc - half, Math.min(1, auc + half)),
            Figure.of(accuracy),
            Figure.of(loss)));
  }

  private static DataProfile bankData() {
    return new DataProfile(
        45_211,
        List.of(
            numeric("age", "INT", 0, 77, 18, 39, 95, 2, 9, 21, 18, 14, 11, 8, 3, 1, 0.4),
            categorical(
                "job",
                288,
                12,
                "blue-collar",
                9_732,
                "management",
                9_458,
                "technician",
                7_597,
                18_136),
            categorical("marital", 0, 3, "married", 27_214, "single", 12_790, "divorced", 5_207, 0),
            categorical(
                "education",
                1_857,
                4,
                "secondary",
                23_202,
                "tertiary",
                13_301,
                "primary",
                6_851,
                0),
            numeric(
                "balance", "INT", 0, 7_168, -8_019, 448, 102_127, 0.1, 96, 3, 0.6, 0.2, 0.1, 0, 0,
                0, 0),
            categorical("housing", 0, 2, "yes", 25_130, "no", 20_081, "", 0, 0),
            numeric("day", "INT", 0, 31, 1, 16, 31, 9, 10, 11, 9, 10, 12, 11, 10, 9, 9),
            numeric(
                "pdays", "INT", 36_954, 558, 1, 194, 871, 6, 9, 5, 8, 2, 0.5, 0.3, 0.2, 0.1, 0.1),
            categorical(
                "poutcome", 36_959, 4, "failure", 4_901, "other", 1_840, "success", 1_511, 0),
            new DataProfile.Column(
                "comment", "STRING", 45_211, 0L, new DataProfile.Opaque("every value is missing")),
            categorical("y", 0, 2, "no", 39_922, "yes", 5_289, "", 0, 0)),
        "Before any cleaning.");
  }

  private static DataProfile.Column numeric(
      String name,
      String type,
      long missing,
      long distinct,
      double min,
      double median,
      double max,
      double... shape) {
    List<Double> edges =
        IntStream.rangeClosed(0, shape.length)
            .mapToObj(i -> min + (max - min) * i / shape.length)
            .toList();
    List<Long> counts = DoubleStream.of(shape).mapToObj(s -> Math.round(s * 400)).toList();
    return new DataProfile.Column(
        name,
        type,
        missing,
        distinct,
        new DataProfile.Numeric(min, median, max, new Bins(edges, counts)));
  }

  private static DataProfile.Column categorical(
      String name,
      long missing,
      long distinct,
      String a,
      long rowsA,
      String b,
      long rowsB,
      String c,
      long rowsC,
      long others) {
    List<DataProfile.Category> top = new ArrayList<>();
    top.add(new DataProfile.Category(a, rowsA));
    top.add(new DataProfile.Category(b, rowsB));
    if (!c.isEmpty()) {
      top.add(new DataProfile.Category(c, rowsC));
    }
    return new DataProfile.Column(
        name, "STRING", missing, distinct, new DataProfile.Categorical(top, others));
  }

  private static ProvenanceTable provenance() {
    try {
      return ProvenanceTable.of(
          new ObjectMapper()
              .readTree(
                  """
                  {"bundle": "bank-2026-03-14-7f3a91c0", "seed": 42,
                   "data": {"data/bank-full.csv": {"bytes": 4610348, "sha256": "d1513ec63b385506f7cfce9f2c5caa9fe99e7ba4e8c3fa264b3aaf0f849ed32d"}},
                   "configuration": {"file": "conf/bank.conf", "sha256": "8a0b3c0f2f4d0f6a1b0e8b8a9c6d5e4f"},
                   "versions": {"sluice": "0.1.0", "spark": "3.5.7", "dl4j": "1.0.0-M2.1", "java": "17.0.13"},
                   "machine": {"os": "Linux amd64", "cores": 2, "backend": "nd4j-native avx2", "executors": []}}
                  """));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Configuration configuration() {
    return new Configuration(
        """
        pipeline { name = bank, seed = 42, runs-dir = runs }
        ingest {
          format = csv
          path = "data/bank-full.csv"
          options { header = true, sep = ";" }
        }
        split { by = rank, stratify-by = y, train = 0.7, validation = 0.15, test = 0.15 }
        model { type = mlp, hidden = [64, 32], activation = relu, dropout = 0.1 }
        """);
  }

  /** Scores of invented rows, two bell curves apart by a distance. */
  private record Scores(List<Scored> rows, double positives) {
    private record Scored(double score, boolean positive) {}

    static Scores invented(double separation, int size, double prevalence, long seed) {
      Random random = new Random(seed);
      List<Scored> rows = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        boolean positive = random.nextDouble() < prevalence;
        double logit = Math.log(prevalence / (1 - prevalence)) - separation * separation / 2;
        double z = random.nextGaussian() + (positive ? separation : 0);
        rows.add(new Scored(1 / (1 + Math.exp(-(logit + separation * z))), positive));
      }
      rows.sort(Comparator.comparingDouble(Scored::score).reversed());
      return new Scores(rows, rows.stream().filter(Scored::positive).count());
    }

    Curves.Curve roc(String name) {
      List<Point> points = new ArrayList<>();
      points.add(new Point(0, 0));
      double found = 0;
      double wrong = 0;
      double area = 0;
      for (Scored row : rows) {
        if (row.positive()) {
          found++;
        } else {
          wrong++;
          area += found / positives / (rows.size() - positives);
        }
        points.add(new Point(wrong / (rows.size() - positives), found / positives));
      }
      return new Curves.Curve(name, points, area);
    }

    Curves.Curve precisionRecall(String name) {
      List<Point> points = new ArrayList<>();
      double found = 0;
      double area = 0;
      for (int i = 0; i < rows.size(); i++) {
        if (rows.get(i).positive()) {
          found++;
          area += found / (i + 1) / positives;
        }
        if (found > 8) {
          points.add(new Point(found / positives, found / (i + 1)));
        }
      }
      return new Curves.Curve(name, points, area);
    }

    Curves.CalibrationCurve calibration(String name) {
      List<Scored> rising = new ArrayList<>(rows);
      Collections.reverse(rising);
      int bins = 10;
      List<Curves.Bin> curve = new ArrayList<>();
      for (int bin = 0; bin < bins; bin++) {
        List<Scored> part =
            rising.subList(bin * rising.size() / bins, (bin + 1) * rising.size() / bins);
        curve.add(
            new Curves.Bin(
                part.stream().mapToDouble(Scored::score).average().orElseThrow(),
                (double) part.stream().filter(Scored::positive).count() / part.size(),
                part.size()));
      }
      return new Curves.CalibrationCurve(name, curve);
    }
  }
}
