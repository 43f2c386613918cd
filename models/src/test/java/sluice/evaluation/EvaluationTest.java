package sluice.evaluation;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.data.InvalidInput;
import sluice.data.Json;
import sluice.data.Task;
import sluice.decision.Calibration;
import sluice.decision.Decision;
import sluice.decision.FittedDecision;
import sluice.decision.OperatingPoint;
import sluice.evaluation.classification.ClassPredictions;
import sluice.evaluation.metric.Details;
import sluice.evaluation.metric.Interval;
import sluice.evaluation.metric.Label;
import sluice.evaluation.metric.RowError;
import sluice.evaluation.metric.Scores;
import sluice.evaluation.metric.SliceColumn;
import sluice.evaluation.predictions.ModelPredictions;
import sluice.evaluation.regression.NumberPredictions;
import sluice.testing.LocalSpark;

class EvaluationTest {
  private static final EvaluateSettings SETTINGS =
      new EvaluateSettings(
          sliced("job"), List.of("majority"), 100, 0.9, 0, false, GateSettings.NONE);
  private static final Map<String, Long> LEDGER = Map.of("read", 200L, "test", 120L);

  private static List<SliceSettings> sliced(String... columns) {
    return Stream.of(columns)
        .map(column -> new SliceSettings(column, SliceSettings.By.VALUE))
        .toList();
  }

  /** 120 rows in this order, with a slice column in which some are missing. */
  private static ClassPredictions network(int[] order, int classes) {
    ClassPredictions random = Examples.random(classes, 120, 5);
    long[] keys = new long[120];
    int[] truth = new int[120];
    float[] probabilities = new float[120 * classes];
    @Nullable String[] jobs = new String[120];
    for (int i = 0; i < 120; i++) {
      int row = order[i];
      // Every fifth key stands for two rows, which are told apart by their content.
      keys[i] = random.keyHash(row % 5 == 0 && row > 0 ? row - 1 : row);
      truth[i] = random.truth(row);
      for (int c = 0; c < classes; c++) {
        probabilities[i * classes + c] = random.probability(row, c);
      }
      jobs[i] = row % 10 == 0 ? null : row % 3 == 0 ? "nurse" : row % 7 == 1 ? "baker" : "clerk";
    }
    return ClassPredictions.of(
        classes, keys, truth, probabilities, List.of(SliceColumn.of("job", Arrays.asList(jobs))));
  }

  private static Evaluation evaluate(int[] order, Label label, MeasuredOn measuredOn) {
    int classes = label.classes().size();
    ClassPredictions network = network(order, classes);
    float[] prior = new float[120 * classes];
    Arrays.fill(prior, 1f / classes);
    long[] keys = new long[120];
    int[] truth = new int[120];
    for (int row = 0; row < 120; row++) {
      keys[row] = network.keyHash(row);
      truth[row] = network.truth(row);
    }
    ClassPredictions majority = ClassPredictions.of(classes, keys, truth, prior, List.of());
    return Evaluation.of(
        label,
        ModelPredictions.of(network, network.select(new int[] {0, 1, 2, 3})),
        Map.of("majority", ModelPredictions.of(majority, null)),
        SETTINGS,
        LEDGER,
        measuredOn,
        42);
  }

  private static Evaluation evaluate(Label label) {
    return evaluate(Examples.shuffled(120, 1), label, MeasuredOn.HELD_OUT_ROWS);
  }

  @ParameterizedTest
  @ValueSource(longs = {2, 3, 4, 5})
  void theOrderOfTheRowsLeavesNoTrace(long seed) {
    Label label = seed % 2 == 0 ? Examples.BINARY : Examples.THREE;
    Evaluation shuffled = evaluate(Examples.shuffled(120, seed), label, MeasuredOn.HELD_OUT_ROWS);

    assertThat(shuffled).isEqualTo(evaluate(label));
    assertThat(Json.write(shuffled.report())).isEqualTo(Json.write(evaluate(label).report()));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void theOrderOfNumbersLeavesNoTrace(long seed) {
    Random random = new Random(9);
    double[] truth = random.doubles(500).toArray();
    double[] predicted = random.doubles(500).toArray();
    long[] keys = random.longs(500, 0, 300).toArray();
    int[] order = Examples.shuffled(500, seed);
    NumberPredictions shuffled =
        NumberPredictions.of(
            Arrays.stream(order).mapToLong(row -> keys[row]).toArray(),
            Arrays.stream(order).mapToDouble(row -> truth[row]).toArray(),
            Arrays.stream(order).mapToDouble(row -> predicted[row]).toArray(),
            List.of());

    assertThat(evaluate(shuffled))
        .isEqualTo(evaluate(NumberPredictions.of(keys, truth, predicted, List.of())));
  }

  private static Evaluation evaluate(NumberPredictions predictions) {
    return Evaluation.of(
        Examples.NUMBER,
        ModelPredictions.of(predictions, null),
        Map.of(),
        EvaluateSettings.defaults(),
        LEDGER,
        MeasuredOn.HELD_OUT_ROWS,
        1);
  }

  @Test
  void metricsJsonHasTheDocumentedShape() {
    JsonNode json = Json.tree(Json.write(evaluate(Examples.BINARY).report()), "metrics.json");

    assertThat(json.fieldNames())
        .toIterable()
        .containsExactly(
            "task",
            "label",
            "test",
            "validation",
            "decisions",
            "baselines",
            "slices",
            "intervals",
            "rows",
            "measuredOnTrainingRows");
    assertThat(json.get("task").textValue()).isEqualTo("binary");
    assertThat(json.get("label").toString())
        .isEqualTo(
            "{\"column\":\"y\",\"classes\":[\"no\",\"yes\"],\"positive\":\"yes\",\"tagging\":null,\"separator\":null}");
    assertThat(json.get("test").fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder(
            "accuracy",
            "balancedAccuracy",
            "precision",
            "recall",
            "f1",
            "macroF1",
            "mcc",
            "kappa",
            "weightedPrecision",
            "weightedRecall",
            "weightedF1",
            "rocAuc",
            "prAuc",
            "logLoss",
            "brier",
            "ece",
            "rows",
            "notes");
    assertThat(json.at("/baselines/majority/rocAuc").doubleValue()).isEqualTo(0.5);
    assertThat(json.at("/intervals/test/rocAuc/low").doubleValue())
        .isBetween(0.3, json.at("/test/rocAuc").doubleValue());
    assertThat(json.at("/intervals/differences/majority/rocAuc/high").isDouble()).isTrue();
    assertThat(json.at("/slices/job/0/value").textValue()).isEqualTo("clerk");
    assertThat(json.at("/slices/job/0/scores/rows").intValue()).isBetween(50, 80);
    assertThat(json.at("/rows").toString()).isEqualTo("{\"read\":200,\"test\":120}");
  }

  @Test
  void metricsJsonReadsBack() {
    MetricsReport report = evaluate(Examples.THREE).report();
    MetricsReport read = Json.read(Json.write(report), MetricsReport.class, "metrics.json");

    assertThat(Json.write(read)).isEqualTo(Json.write(report));
    assertThat(read.test().values()).isEqualTo(report.test().values());
    assertThat(read.intervals()).isEqualTo(report.intervals());
  }

  @Test
  void theFileOfAnEarlierVersionIsRead() throws IOException {
    MetricsReport report;
    try (InputStream in =
        Objects.requireNonNull(EvaluationTest.class.getResourceAsStream("metrics-0.1.0.json"))) {
      report =
          Json.read(
              new String(in.readAllBytes(), StandardCharsets.UTF_8),
              MetricsReport.class,
              "metrics-0.1.0.json");
    }

    assertThat(report.decisions()).isEmpty();
    assertThat(report.intervals().best()).isEmpty();
    assertThat(report.test().value("rocAuc")).isEqualTo(0.775);
    assertThat(HeadlineTable.of(report).lines().toList())
        .anyMatch(line -> line.matches("rocAuc +0.7750 +\\[0.7547, 0.7939] +0.5000 +\\[.*"))
        .endsWith("6,782 rows; 95 % bootstrap intervals of 1,000 resamples");
    assertThat(
            Gate.of(
                    new GateSettings(Map.of("rocAuc", 0.7), Map.of("logLoss", 0.3), Map.of()),
                    new MetricsFile(List.of(report)),
                    null)
                .failed())
        .isEmpty();
    assertThat(report.metricsTable(LocalSpark.session(), "").where("slice is not null").count())
        .isPositive();
    assertThat(Json.write(Json.read(Json.write(report), MetricsReport.class, "metrics.json")))
        .isEqualTo(Json.write(report));
  }

  /** What the chart of thresholds says of a threshold is what a decision by it comes to. */
  @ParameterizedTest
  @ValueSource(strings = {"no", "yes"})
  void theChartOfThresholdsAgreesWithTheConfusionMatrixWhereRowsTie(String positive) {
    Label label = Label.binary("y", List.of("no", "yes"), positive);
    ClassPredictions said =
        Examples.binary(new int[] {0, 0, 1, 1, 1, 0}, new double[] {0.5, 0.2, 0.5, 0.5, 0.9, 0.5});
    for (double threshold : new double[] {0.2, 0.5, 0.9}) {
      Details.OfClasses details =
          (Details.OfClasses)
              said.decided(
                      new Decision(Decision.NONE.calibration(), threshold), label.positiveIndex())
                  .details(label);
      OperatingPoint point =
          details.thresholds().stream()
              .filter(there -> there.threshold() == threshold)
              .findFirst()
              .orElseThrow();
      int p = label.positiveIndex();
      assertThat(details.confusion().get(p).get(p)).isEqualTo(point.truePositives());
      assertThat(details.confusion().get(1 - p).get(p)).isEqualTo(point.falsePositives());
    }
  }

  @Test
  void smallUnitsAreSaidWithTheirDigits() {
    double[] truth = {1e-6, 2e-6, 3e-6, 4e-6};
    double[] mean = {2.5e-6, 2.5e-6, 2.5e-6, 2.5e-6};
    MetricsReport report =
        Evaluation.of(
                Examples.NUMBER,
                ModelPredictions.of(
                    Examples.numbers(truth, new double[] {4e-6, 3e-6, 2e-6, 1e-6}), null),
                Map.of("mean", ModelPredictions.of(Examples.numbers(truth, mean), null)),
                EvaluateSettings.defaults(),
                LEDGER,
                MeasuredOn.HELD_OUT_ROWS,
                1)
            .report();

    assertThat(BaselineWarnings.of(report))
        .startsWith(
            "The network is worse than a constant (mean): rmse 0.000002236 against 0.000001118");
    assertThat(HeadlineTable.of(report))
        .containsPattern("rmse +0\\.000002236  \\[")
        .doesNotContain("0.0000 ");
  }

  @Test
  void slicesShareOutTheRows() {
    List<MetricsReport.Slice> slices =
        evaluate(Examples.BINARY).report().slices().getOrDefault("job", List.of());

    assertThat(slices)
        .extracting(MetricsReport.Slice::value)
        .containsExactly("clerk", "nurse", null, "baker");
    assertThat(slices.stream().mapToLong(slice -> slice.scores().rows()).sum()).isEqualTo(120);
    assertThat(slices).allSatisfy(s -> assertThat(s.small()).isEqualTo(s.scores().rows() < 30));
  }

  @Test
  void showsTheFiftyMostFrequentSlices() {
    int rows = 60 * 61 / 2;
    double[] zeros = new double[rows];
    String[] values = new String[rows];
    int row = 0;
    for (int value = 1; value <= 60; value++) {
      for (int i = 0; i < value; i++) {
        values[row++] = "v" + value;
      }
    }
    NumberPredictions predictions =
        NumberPredictions.of(
            Examples.keys(rows), zeros, zeros, List.of(SliceColumn.of("v", Arrays.asList(values))));
    EvaluateSettings settings =
        new EvaluateSettings(sliced("v"), List.of(), 50, 0.9, 0, false, GateSettings.NONE);
    List<MetricsReport.Slice> slices =
        Evaluation.of(
                Examples.NUMBER,
                ModelPredictions.of(predictions, null),
                Map.of(),
                settings,
                LEDGER,
                MeasuredOn.HELD_OUT_ROWS,
                1)
            .report()
            .slices()
            .getOrDefault("v", List.of());

    assertThat(slices).hasSize(50);
    assertThat(slices.get(0).value()).isEqualTo("v60");
    assertThat(slices.get(49).value()).isEqualTo("v11");
  }

  @Test
  void everyResultSaysThatItWasMeasuredOnTrainingRows() {
    MetricsReport report =
        evaluate(Examples.shuffled(120, 1), Examples.BINARY, MeasuredOn.TRAINING_ROWS).report();

    assertThat(report.measuredOnTrainingRows()).isTrue();
    assertThat(report.test().notes()).containsEntry("rows", MeasuredOn.TRAINING_ROWS_NOTE);
    assertThat(report.baselines())
        .allSatisfy(
            (name, scores) ->
                assertThat(scores.notes()).containsEntry("rows", MeasuredOn.TRAINING_ROWS_NOTE));
    assertThat(HeadlineTable.of(report)).endsWith(MeasuredOn.TRAINING_ROWS_NOTE + "\n");
    assertThat(
            report
                .metricsTable(LocalSpark.session(), "")
                .where("note is null or note not like '%training rows%'")
                .select("metric", "note")
                .collectAsList())
        .allSatisfy(row -> assertThat(row.isNullAt(1)).isFalse());
  }

  @Test
  void metricsTableHasARowAMetric() {
    MetricsReport report = evaluate(Examples.BINARY).report();
    List<Row> rows =
        report.metricsTable(LocalSpark.session(), "").where("metric = 'rocAuc'").collectAsList();

    Interval interval = report.intervals().test().getOrDefault("rocAuc", new Interval(0, 0));
    assertThat(rows)
        .contains(
            RowFactory.create(
                "test",
                "network",
                null,
                120L,
                "rocAuc",
                report.test().value("rocAuc"),
                interval.low(),
                interval.high(),
                null));
    assertThat(rows)
        .extracting(row -> row.getString(0) + " " + row.getString(1) + " " + row.getString(2))
        .containsExactlyInAnyOrder(
            "test network null",
            "validation network null",
            "test majority null",
            "test network job=clerk",
            "test network job=nurse",
            "test network job=baker",
            "test network job is null");
  }

  @Test
  void headlineTableIsAligned() {
    NumberPredictions predictions =
        Examples.numbers(new double[] {1, 2, 3, 4}, new double[] {1, 2, 3, 5});
    NumberPredictions mean =
        Examples.numbers(new double[] {1, 2, 3, 4}, new double[] {2.5, 2.5, 2.5, 2.5});
    MetricsReport report =
        Evaluation.of(
                Examples.NUMBER,
                ModelPredictions.of(predictions, null),
                Map.of("mean", ModelPredictions.of(mean, null)),
                new EvaluateSettings(List.of(), List.of(), 50, 0.5001, 0, false, GateSettings.NONE),
                LEDGER,
                MeasuredOn.HELD_OUT_ROWS,
                1)
            .report();

    List<String> lines = HeadlineTable.of(report).lines().toList();
    assertThat(lines.get(0)).startsWith("test                  network");
    assertThat(lines.get(1))
        .startsWith("rmse                  0.5000* [0.3596, 0.5774]   1.1180  [");
    assertThat(lines.get(3)).startsWith("r2                    0.8000* [");
    int column = lines.get(0).indexOf("mean");
    assertThat(lines.get(1).substring(column)).startsWith("1.1180  [0.9574, 1.3069]");
    assertThat(lines.get(5))
        .isEqualTo(
            "4 rows; 50.01 % bootstrap intervals of 50 resamples; * better than all others beyond"
                + " the interval of the difference");
  }

  /** Two classes, 400 rows: how far a score tells them apart. */
  private static ClassPredictions scored(double worth, long seed) {
    return scored(worth, seed, 0);
  }

  /** With log odds that are all too high by the shift, which leaves the order of rows as it is. */
  private static ClassPredictions scored(double worth, long seed, double shift) {
    Random random = new Random(seed);
    int[] truth = new Random(1).ints(400, 0, 2).toArray();
    return Examples.binary(
        truth,
        Arrays.stream(truth)
            .mapToDouble(
                t -> 1 / (1 + Math.exp(-worth * (2 * t - 1) - random.nextGaussian() - shift)))
            .toArray());
  }

  private static MetricsReport compared(
      ClassPredictions network, Map<String, ClassPredictions> baselines) {
    Map<String, ModelPredictions> models = new LinkedHashMap<>();
    baselines.forEach((name, rows) -> models.put(name, ModelPredictions.of(rows, null)));
    return Evaluation.of(
            Examples.BINARY,
            ModelPredictions.of(network, null),
            models,
            new EvaluateSettings(List.of(), List.of(), 200, 0.95, 0, false, GateSettings.NONE),
            LEDGER,
            MeasuredOn.HELD_OUT_ROWS,
            1)
        .report();
  }

  private static ClassPredictions constant() {
    int[] truth = new Random(1).ints(400, 0, 2).toArray();
    double[] share = new double[400];
    Arrays.fill(share, Arrays.stream(truth).average().orElseThrow());
    return Examples.binary(truth, share);
  }

  @Test
  void aNetworkThatIsWorseThanTheBestBaselineIsWarnedOf() {
    MetricsReport report =
        compared(
            scored(0.5, 2),
            Map.of("majority", constant(), "gradient-boosted-trees", scored(1.5, 3)));

    assertThat(BaselineWarnings.of(report)).hasSize(1);
    assertThat(HeadlineTable.of(report))
        .startsWith(
            "WARNING: The network is worse than gradient-boosted-trees, the best baseline: rocAuc"
                + " 0.");
    assertThat(report.intervals().best()).containsEntry("rocAuc", "gradient-boosted-trees");
  }

  /** The same order of rows, but most of them called yes: equal by ROC AUC, worse by the rest. */
  @Test
  void aNetworkThatIsWorseByOtherMetricsThanTheFirstIsWarnedOfInOneSentence() {
    MetricsReport report =
        compared(
            scored(1.5, 2, 1.5),
            Map.of("majority", constant(), "logistic-regression", scored(1.5, 2)));

    assertThat(BaselineWarnings.of(report))
        .singleElement(as(STRING))
        .matches(
            "The network is worse than logistic-regression, the best baseline: f1 0\\.\\d+ against"
                + " 0\\.\\d+, a difference of -0\\.\\d+ \\[-0\\.\\d+, -0\\.\\d+\\]; so it is by"
                + " balancedAccuracy 0\\.\\d+ against 0\\.\\d+ of logistic-regression, accuracy .* of"
                + " logistic-regression, logLoss .* of logistic-regression, brier .* of"
                + " logistic-regression")
        .doesNotContain("rocAuc", "majority");
  }

  @Test
  void aNetworkThatIsWorseThanTheConstantIsWarnedOf() {
    MetricsReport report = compared(scored(-0.4, 2), Map.of("majority", constant()));

    assertThat(BaselineWarnings.of(report))
        .hasSize(2)
        .allSatisfy(
            sentence ->
                assertThat(sentence)
                    .startsWith("The network is worse than a constant (majority): "));
    assertThat(report.intervals().best()).containsEntry("rocAuc", "majority");
  }

  @Test
  void whereNoModelIsBetterBeyondTheIntervalsThereIsNeitherWarningNorStar() {
    MetricsReport report =
        compared(
            scored(1.2, 2), Map.of("majority", constant(), "logistic-regression", scored(1.2, 3)));

    assertThat(BaselineWarnings.of(report)).isEmpty();
    assertThat(report.intervals().best()).doesNotContainKey("rocAuc");
    // A constant is as well calibrated as can be, and that means nothing.
    assertThat(report.baselines().get("majority"))
        .isNotNull()
        .satisfies(scores -> assertThat(scores.value("ece")).isLessThan(1e-6));
    assertThat(report.intervals().best()).doesNotContainEntry("ece", "majority");
    assertThat(HeadlineTable.of(report)).doesNotContain("0.0000*");
  }

  @Test
  void metricsOfDecisionsGoByTheThresholdAndTheOthersDoNot() {
    ClassPredictions plain = scored(1, 2);
    Decision decision = new Decision(Decision.NONE.calibration(), 0.2);
    ClassPredictions decided = plain.decided(decision, 1);
    long found = 0;
    long right = 0;
    long positives = 0;
    for (int row = 0; row < plain.rows(); row++) {
      boolean counts = plain.probability(row, 1) >= 0.2;
      found += counts ? 1 : 0;
      positives += plain.truth(row);
      right += counts && plain.truth(row) == 1 ? 1 : 0;
    }
    Scores scores = Scores.of(decided, Examples.BINARY);

    assertThat(scores.value("f1")).isEqualTo(2.0 * right / (found + positives));
    assertThat(scores.value("recall")).isEqualTo((double) right / positives);
    for (String metric : List.of("rocAuc", "prAuc", "logLoss", "brier", "ece")) {
      assertThat(scores.value(metric)).isEqualTo(Scores.of(plain, Examples.BINARY).value(metric));
    }
    assertThat(Scores.of(decided.select(new int[] {0, 1, 2}), Examples.BINARY).rows()).isEqualTo(3);
    assertThat(decided.sameRows(plain)).isTrue();
  }

  @Test
  void theTableSaysHowEachModelDecides() {
    FittedDecision fitted =
        new FittedDecision(
            new Decision(new Calibration.Temperature(2), 0.25), List.of("something to know"));
    Evaluation evaluation =
        Evaluation.of(
            Examples.BINARY,
            ModelPredictions.of(scored(1, 2), scored(1, 4), fitted, 1),
            Map.of("majority", ModelPredictions.of(constant(), null)),
            new EvaluateSettings(List.of(), List.of(), 50, 0.95, 0, false, GateSettings.NONE),
            LEDGER,
            MeasuredOn.HELD_OUT_ROWS,
            1);

    assertThat(HeadlineTable.of(evaluation.report()))
        .endsWith(
            "decided by network threshold 0.2500, temperature 2.0000 (something to know);"
                + " majority threshold 0.5000, not calibrated\n");
    assertThat(evaluation.report().decisions().get("majority"))
        .isEqualTo(new MetricsReport.Decided("not calibrated", 0.5, List.of()));
    // Of another number of classes nothing is decided by a threshold.
    MetricsReport.Decided ofMore = MetricsReport.Decided.of(FittedDecision.NONE, Task.MULTICLASS);
    assertThat(ofMore).isEqualTo(new MetricsReport.Decided("not calibrated", null, List.of()));
    assertThat(Json.read(Json.write(ofMore), MetricsReport.Decided.class, "x")).isEqualTo(ofMore);
    assertThat(evaluation.uncalibrated()).isEqualTo(scored(1, 2).details(Examples.BINARY));
    assertThat(evaluation.test()).isNotEqualTo(evaluation.uncalibrated());
  }

  @Test
  void curvesAreThinnedWithoutMovingThem() {
    Random random = new Random(1);
    int[] truth = random.ints(20_000, 0, 2).toArray();
    double[] scores =
        Arrays.stream(truth)
            .mapToDouble(t -> 1 / (1 + Math.exp(-t - random.nextGaussian())))
            .toArray();
    ClassPredictions predictions = Examples.binary(truth, scores);
    Details.OfClasses details = (Details.OfClasses) predictions.details(Examples.BINARY);

    Details.Curve roc = details.roc().get(0);
    assertThat(roc.points()).hasSizeBetween(200, 500);
    assertThat(roc.points().get(0)).isEqualTo(new Details.Point(0, 0));
    assertThat(roc.points().get(roc.points().size() - 1)).isEqualTo(new Details.Point(1, 1));
    double area = 0;
    for (int i = 1; i < roc.points().size(); i++) {
      Details.Point from = roc.points().get(i - 1);
      Details.Point to = roc.points().get(i);
      area += (to.x() - from.x()) * (to.y() + from.y()) / 2;
    }
    assertThat(area).isCloseTo(roc.area(), within(1e-3));
    assertThat(details.precisionRecall().get(0).points()).hasSizeBetween(100, 500);
    assertThat(details.calibration().stream().mapToLong(Details.CalibrationBin::rows).sum())
        .isEqualTo(20_000);
  }

  @Test
  void classLinesAreNullWhereUndefined() {
    ClassPredictions predictions = Examples.binary(new int[] {0, 0}, new double[] {.1, .2});
    Details.OfClasses details = (Details.OfClasses) predictions.details(Examples.BINARY);

    assertThat(details)
        .isEqualTo(
            new Details.OfClasses(
                List.of(List.of(2L, 0L), List.of(0L, 0L)),
                List.of(
                    new Details.ClassLine("no", 2, 1.0, 1.0, 1.0, null, null),
                    new Details.ClassLine("yes", 0, null, null, null, null, null)),
                List.of(),
                List.of(),
                List.of(
                    new Details.CalibrationBin(0.1f, 0, 1), new Details.CalibrationBin(0.2f, 0, 1)),
                details.thresholds()));
    assertThat(details.thresholds()).hasSize(201);
    assertThat(details.thresholds().get(20)).isEqualTo(new OperatingPoint(0.1, 0, 2, 0, 2));
    assertThat(details.thresholds().get(21)).isEqualTo(new OperatingPoint(0.105, 0, 1, 0, 2));
  }

  @Test
  void histogramsHoldEveryRow() {
    NumberPredictions predictions = Examples.randomNumbers(1_000, 4);
    Details.OfNumbers details = (Details.OfNumbers) predictions.details(Examples.NUMBER);

    assertThat(details.actualEdges()).hasSize(41).isSorted();
    assertThat(details.residuals().stream().mapToLong(Long::longValue).sum()).isEqualTo(1_000);
    assertThat(details.counts().stream().flatMap(List::stream).mapToLong(Long::longValue).sum())
        .isEqualTo(1_000);
  }

  @Test
  void histogramOfAConstant() {
    NumberPredictions predictions = Examples.numbers(new double[] {3, 3}, new double[] {3, 3});
    Details.OfNumbers details = (Details.OfNumbers) predictions.details(Examples.NUMBER);

    assertThat(details.residualEdges()).hasSize(41).startsWith(-0.5).endsWith(0.5).isSorted();
    assertThat(details.residuals().get(20)).isEqualTo(2);
  }

  @Test
  void refusesBaselinesOfOtherRows() {
    NumberPredictions predictions = Examples.numbers(new double[] {1}, new double[] {1});
    NumberPredictions others = Examples.numbers(new double[] {2}, new double[] {1});
    assertThatThrownBy(
            () ->
                Evaluation.of(
                    Examples.NUMBER,
                    ModelPredictions.of(predictions, null),
                    Map.of("mean", ModelPredictions.of(others, null)),
                    EvaluateSettings.defaults(),
                    LEDGER,
                    MeasuredOn.HELD_OUT_ROWS,
                    1))
        .hasMessage("mean is not about the rows of the network");
  }

  @Test
  void theWorstRowsAreThoseOfTheGreatestLoss() {
    long[] keys = Examples.keys(5);
    ClassPredictions classes =
        ClassPredictions.of(
            3,
            keys,
            new int[] {0, 1, 2, 2, 0},
            new float[] {
              0.75f, 0.25f, 0, 0.5f, 0.125f, 0.375f, 0.25f, 0.5f, 0.25f, 0, 0, 1, 0.125f, 0.875f, 0
            },
            List.of());
    // Of rows of one loss that with the lesser key comes first.
    boolean secondFirst = keys[1] < keys[4];
    RowError second = new RowError.OfClasses(keys[1], "b", "a", 0.125);
    RowError fifth = new RowError.OfClasses(keys[4], "a", "b", 0.125);
    assertThat(classes.worst(Examples.THREE, 3))
        .containsExactly(
            secondFirst ? second : fifth,
            secondFirst ? fifth : second,
            new RowError.OfClasses(keys[2], "c", "b", 0.25));
    assertThat(classes.worst(Examples.THREE, 9)).hasSize(5);
    assertThat(classes.worst(Examples.THREE, 0)).isEmpty();
    NumberPredictions numbers =
        NumberPredictions.of(
            Examples.keys(3), new double[] {1, 2, 3}, new double[] {1.5, -4, 5}, List.of());
    assertThat(numbers.worst(Examples.NUMBER, 2))
        .containsExactly(
            new RowError.OfNumbers(keys[1], 2, -4), new RowError.OfNumbers(keys[2], 3, 5));
  }

  /** A threshold decides, not the most probable class. */
  @Test
  void theWorstRowsAreDecidedAsTheModelDecides() {
    ClassPredictions predictions =
        Examples.binary(new int[] {0, 1}, new double[] {0.25, 0.75})
            .decided(new Decision(Decision.NONE.calibration(), 0.25), 1);
    assertThat(predictions.worst(Examples.BINARY, 2))
        .extracting(error -> ((RowError.OfClasses) error).decision())
        .containsExactly("yes", "yes");
  }

  @Test
  void lengthsAreListedFromTheShortestOn() {
    double[] zeros = new double[6];
    NumberPredictions predictions =
        NumberPredictions.of(
            Examples.keys(6),
            zeros,
            zeros,
            List.of(SliceColumn.of("length of v", List.of("q1", "q2", "q2", "q2", "q4", "q4"))));
    assertThat(
            Evaluation.of(
                    Examples.NUMBER,
                    ModelPredictions.of(predictions, null),
                    Map.of(),
                    new EvaluateSettings(
                        List.of(new SliceSettings("v", SliceSettings.By.LENGTH)),
                        List.of(),
                        50,
                        0.9,
                        0,
                        false,
                        GateSettings.NONE),
                    LEDGER,
                    MeasuredOn.HELD_OUT_ROWS,
                    1)
                .report()
                .slices()
                .getOrDefault("length of v", List.of()))
        .extracting(MetricsReport.Slice::value)
        .containsExactly("q1", "q2", "q4");
  }

  @Test
  void settingsReportEveryProblem() {
    assertThatThrownBy(
            () ->
                new EvaluateSettings(
                    sliced("job", "job"),
                    List.of("majority", "svm"),
                    49,
                    1.0,
                    301,
                    false,
                    GateSettings.NONE))
        .isInstanceOfSatisfying(
            InvalidInput.class,
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        "slices must name each once, got job twice",
                        "baselines must be auto or of [gradient-boosted-trees,"
                            + " linear-regression, logistic-regression, majority, mean, most-frequent-tag], got svm",
                        "resamples must lie in 50..10000, got 49",
                        "confidence must be above 0.5 and below 1, got 1.0",
                        "errors must lie in 0..300, got 301"));
  }

  @Test
  void labelsKnowTheirTask() {
    assertThat(Examples.BINARY.task()).isEqualTo(Task.BINARY);
    assertThat(Examples.THREE.task()).isEqualTo(Task.MULTICLASS);
    assertThat(Examples.NUMBER.task()).isEqualTo(Task.REGRESSION);
    assertThatThrownBy(() -> Label.binary("y", List.of("a", "b"), "c"))
        .hasMessage("label y: the positive class must be one of two classes, got c of [a, b]");
  }
}
