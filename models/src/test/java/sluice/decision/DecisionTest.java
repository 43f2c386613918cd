package sluice.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.data.Json;
import sluice.evaluation.classification.ClassTally;

class DecisionTest {
  private static final Calibration PLAIN = Decision.NONE.calibration();

  /** Probabilities by class, row after row. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Rows(int[] truths, float[][] said) implements LabelledRows {
    /** Two classes, by the probability of the second. */
    static Rows binary(int[] truths, double... positive) {
      float[][] said = new float[positive.length][];
      for (int row = 0; row < said.length; row++) {
        said[row] = new float[] {1 - (float) positive[row], (float) positive[row]};
      }
      return new Rows(truths, said);
    }

    @Override
    public int rows() {
      return truths.length;
    }

    @Override
    public int classes() {
      return said[0].length;
    }

    @Override
    public int truth(int row) {
      return truths[row];
    }

    @Override
    public float probability(int row, int ofClass) {
      return said[row][ofClass];
    }
  }

  /** Scores on a coarse grid, hence with many ties, better than chance and too sure. */
  private static Rows random(int rows, long seed) {
    Random random = new Random(seed);
    int[] truths = new int[rows];
    double[] positive = new double[rows];
    for (int row = 0; row < rows; row++) {
      truths[row] = random.nextInt(5) == 0 ? 1 : 0;
      double score = 1 / (1 + Math.exp(2 - 2.5 * (truths[row] + random.nextGaussian())));
      positive[row] = Math.rint(score * 40) / 40;
    }
    return Rows.binary(truths, positive);
  }

  private static DecideSettings threshold(ThresholdRule rule) {
    return new DecideSettings(rule, Calibrate.NONE);
  }

  private static double f1(OperatingPoint point) {
    return point.f1();
  }

  static Stream<Arguments> rules() {
    ToDoubleFunction<OperatingPoint> recallIfPure =
        point -> point.precision() >= 0.6 ? point.recall() : -1;
    ToDoubleFunction<OperatingPoint> precisionIfFound =
        point -> point.recall() >= 0.8 ? point.precision() : -1;
    return Stream.of(
        Arguments.of(
            new ThresholdRule.BestF1(), (ToDoubleFunction<OperatingPoint>) DecisionTest::f1),
        Arguments.of(
            new ThresholdRule.BestBalancedAccuracy(),
            (ToDoubleFunction<OperatingPoint>) OperatingPoint::balancedAccuracy),
        Arguments.of(
            new ThresholdRule.BestMcc(),
            (ToDoubleFunction<OperatingPoint>) OperatingPoint::matthews),
        Arguments.of(
            new ThresholdRule.Cost(1, 5),
            (ToDoubleFunction<OperatingPoint>) point -> -point.cost(1, 5)),
        Arguments.of(new ThresholdRule.AtPrecision(0.6), recallIfPure),
        Arguments.of(new ThresholdRule.AtRecall(0.8), precisionIfFound));
  }

  /** Tries every threshold that tells the rows apart, one after the other. */
  @ParameterizedTest
  @MethodSource("rules")
  void noThresholdIsBetterThanTheOneThatIsChosen(
      ThresholdRule.Chosen rule, ToDoubleFunction<OperatingPoint> figure) {
    for (long seed = 0; seed < 20; seed++) {
      Rows rows = random(150, seed);
      FittedDecision fitted = FittedDecision.of(threshold(rule), rows, 1);

      double best = Double.NEGATIVE_INFINITY;
      for (double threshold : thresholds(rows)) {
        best = Math.max(best, figure.applyAsDouble(counted(rows, threshold)));
      }
      assertThat(figure.applyAsDouble(counted(rows, fitted.decision().threshold())))
          .isEqualTo(best);
      // Of some rows no threshold is as precise as that, which is said.
      boolean canBeHad = best > -1 || rule instanceof ThresholdRule.Cost;
      assertThat(fitted.notes().isEmpty()).isEqualTo(canBeHad);
      assertThat(fitted.decision().calibration()).isEqualTo(PLAIN);
    }
  }

  private static SortedSet<Double> thresholds(Rows rows) {
    TreeSet<Double> thresholds = new TreeSet<>(List.of(0.0, 1.0));
    for (int row = 0; row < rows.rows(); row++) {
      thresholds.add((double) rows.probability(row, 1));
    }
    return thresholds;
  }

  private static OperatingPoint counted(Rows rows, double threshold) {
    long[] counts = new long[4];
    for (int row = 0; row < rows.rows(); row++) {
      boolean positive = rows.truth(row) == 1;
      counts[positive ? 2 : 3]++;
      if (rows.probability(row, 1) >= threshold) {
        counts[positive ? 0 : 1]++;
      }
    }
    return new OperatingPoint(threshold, counts[0], counts[1], counts[2], counts[3]);
  }

  @Test
  void operatingPointsHaveTheMetricsOfTheEvaluation() {
    Rows rows = random(300, 7);
    List<OperatingPoint> points = OperatingPoints.of(rows, 1).all().toList();
    assertThat(points).hasSizeBetween(20, 42);
    for (OperatingPoint point : points) {
      assertThat(point).isEqualTo(counted(rows, point.threshold()));
      for (String metric : List.of("precision", "recall", "f1", "balancedAccuracy", "mcc")) {
        ClassTally tally = ClassTally.of(metric, 2, 1);
        for (int row = 0; row < rows.rows(); row++) {
          tally.add(
              rows.truth(row), rows.probability(row, 1) >= point.threshold() ? 1 : 0, Float.NaN);
        }
        double expected = tally.value(metric);
        double own =
            switch (metric) {
              case "precision" -> Double.isNaN(point.precision()) ? 0 : point.precision();
              case "recall" -> point.recall();
              case "f1" -> point.f1();
              case "balancedAccuracy" -> point.balancedAccuracy();
              default -> point.matthews();
            };
        // One formula makes both.
        assertThat(own).as(metric).isEqualTo(expected);
      }
    }
  }

  @Test
  void thresholdsLieMidwayBetweenScores() {
    Rows rows = Rows.binary(new int[] {0, 1, 0, 1}, 0.25, 0.75, 0.5, 0.75);
    assertThat(OperatingPoints.of(rows, 1).all().toList())
        .containsExactly(
            new OperatingPoint(0.875, 0, 0, 2, 2),
            new OperatingPoint(0.625, 2, 0, 2, 2),
            new OperatingPoint(0.375, 2, 1, 2, 2),
            new OperatingPoint(0, 2, 2, 2, 2));
    assertThat(OperatingPoints.of(Rows.binary(new int[] {1, 0}, 1, 0), 1).all().toList())
        .containsExactly(new OperatingPoint(0.5, 1, 0, 1, 1), new OperatingPoint(0, 1, 1, 1, 1));
    assertThat(FittedDecision.of(threshold(new ThresholdRule.BestF1()), rows, 1))
        .isEqualTo(new FittedDecision(new Decision(PLAIN, 0.625), List.of()));
  }

  @Test
  void ofEqualThresholdsTheNearestToOneHalfIsTaken() {
    // Recall of one class is all that can be had: 0.9 and 0.35 are as good.
    Rows rows = Rows.binary(new int[] {1, 0, 1, 0}, 0.9, 0.8, 0.6, 0.1);
    assertThat(
            FittedDecision.of(threshold(new ThresholdRule.BestBalancedAccuracy()), rows, 1)
                .decision()
                .threshold())
        .isCloseTo(0.35, within(1e-7));
    // Without any worth in the scores none and all are as good: the higher of two as near.
    Rows worthless = Rows.binary(new int[] {1, 0}, 0.0, 0.0);
    assertThat(
            FittedDecision.of(threshold(new ThresholdRule.BestMcc()), worthless, 1)
                .decision()
                .threshold())
        .isEqualTo(0.5);
  }

  @Test
  void aPrecisionThatCannotBeHadGivesTheGreatestAndSaysSo() {
    Rows rows = Rows.binary(new int[] {0, 1, 1, 0}, 0.9, 0.8, 0.7, 0.1);
    assertThat(FittedDecision.of(threshold(new ThresholdRule.AtPrecision(0.9)), rows, 1))
        .isEqualTo(
            new FittedDecision(
                new Decision(PLAIN, ((double) 0.7f + 0.1f) / 2),
                List.of(
                    "no threshold has a precision of 0.9 on the validation part; taken is the one"
                        + " with the greatest, 0.6667")));
  }

  /** As of a constant, which is best at F1 if it finds every positive row. */
  @Test
  void aThresholdThatEveryRowReachesIsSaid() {
    DecideSettings settings = new DecideSettings(new ThresholdRule.BestF1(), Calibrate.ISOTONIC);
    FittedDecision fitted =
        FittedDecision.of(settings, Rows.binary(new int[] {0, 0, 1}, 0.3, 0.3, 0.3), 1);
    assertThat(fitted.decision().threshold()).isZero();
    assertThat(fitted.decision().calibration().text()).isEqualTo("isotonic with 1 corner");
    assertThat(fitted.notes()).containsExactly("the positive class for every row");
  }

  @Test
  void nothingIsLearnedOfOneClass() {
    DecideSettings settings = new DecideSettings(new ThresholdRule.BestF1(), Calibrate.ISOTONIC);
    assertThat(FittedDecision.of(settings, Rows.binary(new int[] {0, 0}, 0.2, 0.3), 1))
        .isEqualTo(
            new FittedDecision(
                Decision.NONE,
                List.of(
                    "the validation part has rows of 1 classes: no isotonic calibration and no"
                        + " threshold by best-f1, it is 0.5")));
    assertThat(FittedDecision.of(settings, null, 1).notes())
        .singleElement()
        .asString()
        .startsWith("the validation part has rows of 0 classes");
    assertThat(
            FittedDecision.of(
                new DecideSettings(new ThresholdRule.Fixed(0.3), Calibrate.TEMPERATURE), null, 1))
        .isEqualTo(
            new FittedDecision(
                new Decision(PLAIN, 0.3),
                List.of("the validation part has rows of 0 classes: no temperature calibration")));
  }

  @Test
  void aProbabilityOfAsMuchAsTheThresholdIsEnoughAtOneHalfToo() {
    float[] equal = {0.5f, 0.5f};
    assertThat(Decision.NONE.decide(equal, 1)).isOne();
    assertThat(Decision.NONE.decide(equal, 0)).isZero();
    assertThat(Decision.NONE.decide(equal, -1)).isZero();
    for (OperatingPoint point :
        OperatingPoints.of(Rows.binary(new int[] {1, 0}, 0.5, 0.5), 1).evenly(4)) {
      int decided = new Decision(PLAIN, point.threshold()).decide(equal, 1);
      assertThat(point.truePositives()).isEqualTo(decided);
      assertThat(point.falsePositives()).isEqualTo(decided);
    }
    assertThat(new Decision(PLAIN, 0.4).decide(equal, 1)).isOne();
    assertThat(new Decision(PLAIN, 0.6).decide(equal, 1)).isZero();
    assertThat(new Decision(PLAIN, 0.6).decide(equal, 0)).isOne();
    assertThat(Decision.NONE.decide(new float[] {0.2f, 0.4f, 0.4f}, -1)).isOne();
  }

  @Test
  void whereNoTemperatureMakesADifferenceItIsOne() {
    DecideSettings temperature =
        new DecideSettings(new ThresholdRule.Fixed(0.5), Calibrate.TEMPERATURE);
    float third = 1 / 3f;
    for (Rows flat :
        List.of(
            Rows.binary(new int[] {0, 1, 1}, 0.5, 0.5, 0.5),
            new Rows(
                new int[] {0, 2}, new float[][] {{third, third, third}, {third, third, third}}))) {
      assertThat(FittedDecision.of(temperature, flat, -1))
          .isEqualTo(
              new FittedDecision(new Decision(new Calibration.Temperature(1), 0.5), List.of()));
    }
    // A constant that says the share of each class is as well calibrated as can be.
    FittedDecision shares =
        FittedDecision.of(
            temperature, Rows.binary(new int[] {0, 0, 0, 1}, 0.25, 0.25, 0.25, 0.25), 1);
    assertThat(((Calibration.Temperature) shares.decision().calibration()).temperature())
        .isCloseTo(1, within(1e-6));
    assertThat(shares.notes()).isEmpty();
  }

  /** As many rows as one likes, none of which is held in memory. */
  private record Many(int rows, int distinct) implements LabelledRows {
    @Override
    public int classes() {
      return 2;
    }

    @Override
    public int truth(int row) {
      return row % 3 == 0 ? 1 : 0;
    }

    @Override
    public float probability(int row, int ofClass) {
      float second = (float) (row * 7919L % distinct) / distinct;
      return ofClass == 1 ? second : 1 - second;
    }
  }

  private static long allocatedBytes(Runnable work) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    work.run();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  @Test
  void manyRowsTakeFewBytesEach() {
    Many rows = new Many(1_000_000, 1_000_003);
    OperatingPoints[] points = new OperatingPoints[1];
    assertThat(allocatedBytes(() -> points[0] = OperatingPoints.of(rows, 1)) / rows.rows())
        .isLessThan(8);
    // There is a point for each row, and none that nobody asked for.
    assertThat(allocatedBytes(() -> assertThat(points[0].all().findFirst()).isPresent()))
        .isLessThan(1_000_000);
    assertThat(points[0].all().count()).isGreaterThan(999_000);
    Many alike = new Many(1_000_000, 1009);
    assertThat(allocatedBytes(() -> IsotonicFit.of(alike, 1)) / rows.rows()).isLessThan(16);
  }

  @Test
  void isotonicTakesAScoreOfMinusZeroForZero() {
    Rows rows = Rows.binary(new int[] {0, 1, 1}, -0.0, 0.0, 0.5);
    assertThat(IsotonicFit.of(rows, 1))
        .isEqualTo(new Calibration.Isotonic(List.of(0.0, 0.5), List.of(0.5, 0.8)));
  }

  @Test
  void rulesAreSaidAsPeopleWriteNumbers() {
    assertThat(new ThresholdRule.Fixed(1e-4).text()).isEqualTo("0.0001");
    assertThat(new ThresholdRule.Cost(1, 0.5).text())
        .isEqualTo("cost of 1 a false positive and 0.5 a false negative");
    assertThat(new ThresholdRule.AtPrecision(1).text()).isEqualTo("at-precision 1");
    assertThat(new ThresholdRule.AtRecall(1e-4).text()).isEqualTo("at-recall 0.0001");
  }

  @Test
  void temperatureIsTheOneWithTheLeastLogLoss() {
    Rows rows = random(400, 3);
    FittedDecision fitted =
        FittedDecision.of(
            new DecideSettings(new ThresholdRule.Fixed(0.5), Calibrate.TEMPERATURE), rows, 1);
    Calibration.Temperature found = (Calibration.Temperature) fitted.decision().calibration();

    double least = logLoss(rows, found);
    assertThat(least).isLessThan(logLoss(rows, new Calibration.Temperature(1)));
    for (double factor : new double[] {0.97, 0.99, 1.01, 1.03}) {
      assertThat(logLoss(rows, new Calibration.Temperature(found.temperature() * factor)))
          .isGreaterThan(least);
    }
  }

  private static double logLoss(Rows rows, Calibration calibration) {
    double sum = 0;
    for (int row = 0; row < rows.rows(); row++) {
      sum -= Math.log(calibration.apply(rows.probabilities(row), 1)[rows.truth(row)]);
    }
    return sum;
  }

  @Test
  void aTemperatureAtItsLimitSaysWhy() {
    FittedDecision sure =
        FittedDecision.of(
            new DecideSettings(new ThresholdRule.Fixed(0.5), Calibrate.TEMPERATURE),
            Rows.binary(new int[] {0, 1}, 0.1, 0.9),
            1);
    assertThat(sure.decision().calibration())
        .isInstanceOfSatisfying(
            Calibration.Temperature.class, t -> assertThat(t.temperature()).isLessThan(0.0101));
    assertThat(sure.notes())
        .containsExactly(
            "the temperature is at its limit: no row of the validation part is mistaken");
    assertThat(sure.decision().calibrated(new float[] {0.4f, 0.6f}, 1)).contains(1f);
  }

  /** Values of scikit-learn, NumPy and SciPy: scripts/reference/decision.py. */
  @Test
  void calibrationsAndThresholdsAreThoseOfScikitLearn() throws IOException {
    JsonNode reference = reference();
    double[] scores = numbers(reference.get("scores"));
    int[] truth = indices(reference.get("truth"));
    Rows rows = Rows.binary(truth, scores);

    Decision isotonic =
        FittedDecision.of(
                new DecideSettings(new ThresholdRule.Fixed(0.5), Calibrate.ISOTONIC), rows, 1)
            .decision();
    double[] at = numbers(reference.get("isotonic").get("at"));
    double[] expected = numbers(reference.get("isotonic").get("values"));
    for (int i = 0; i < at.length; i++) {
      float p = (float) at[i];
      assertThat((double) isotonic.calibrated(new float[] {1 - p, p}, 1)[1])
          .isCloseTo(expected[i], within(1e-6));
    }
    Calibration.Temperature temperature =
        (Calibration.Temperature)
            FittedDecision.of(
                    new DecideSettings(new ThresholdRule.Fixed(0.5), Calibrate.TEMPERATURE),
                    rows,
                    1)
                .decision()
                .calibration();
    assertThat(temperature.temperature())
        .isCloseTo(reference.get("temperature").doubleValue(), within(1e-4));
    assertThat(best(rows, new ThresholdRule.BestF1()).f1())
        .isCloseTo(reference.get("bestF1").doubleValue(), within(1e-12));
    assertThat(best(rows, new ThresholdRule.BestMcc()).matthews())
        .isCloseTo(reference.get("bestMcc").doubleValue(), within(1e-12));
    assertThat(best(rows, new ThresholdRule.BestBalancedAccuracy()).balancedAccuracy())
        .isCloseTo(reference.get("bestBalancedAccuracy").doubleValue(), within(1e-12));
    assertThat(best(rows, new ThresholdRule.AtPrecision(0.8)).recall())
        .isCloseTo(reference.get("recallAtPrecision").doubleValue(), within(1e-12));
    assertThat(best(rows, new ThresholdRule.AtRecall(0.9)).precision())
        .isCloseTo(reference.get("precisionAtRecall").doubleValue(), within(1e-12));

    JsonNode three = reference.get("threeClasses");
    List<float[]> said = new ArrayList<>();
    for (JsonNode row : three.get("probabilities")) {
      double[] values = numbers(row);
      said.add(new float[] {(float) values[0], (float) values[1], (float) values[2]});
    }
    int[] truths = indices(three.get("truth"));
    FittedDecision many =
        FittedDecision.of(
            new DecideSettings(new ThresholdRule.Fixed(0.5), Calibrate.TEMPERATURE),
            new Rows(truths, said.toArray(float[][]::new)),
            -1);
    assertThat(((Calibration.Temperature) many.decision().calibration()).temperature())
        .isCloseTo(three.get("temperature").doubleValue(), within(1e-4));
  }

  private static OperatingPoint best(Rows rows, ThresholdRule rule) {
    return counted(rows, FittedDecision.of(threshold(rule), rows, 1).decision().threshold());
  }

  private static JsonNode reference() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(DecisionTest.class.getResourceAsStream("reference.json"))) {
      return Json.tree(new String(in.readAllBytes(), StandardCharsets.UTF_8), "reference.json");
    }
  }

  private static int[] indices(JsonNode array) {
    return Arrays.stream(numbers(array)).mapToInt(value -> (int) value).toArray();
  }

  private static double[] numbers(JsonNode array) {
    double[] numbers = new double[array.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = array.get(i).doubleValue();
    }
    return numbers;
  }

  @Test
  void settingsSayWhatDoesNotSuitALabel() {
    assertThat(new DecideSettings(new ThresholdRule.BestF1(), Calibrate.ISOTONIC).misfits("y", 3))
        .containsExactly(
            "threshold must be 0.5 for a label of 3 classes (y), got best-f1: a"
                + " threshold is for two classes",
            "calibrate must be none or temperature for a label of 3 classes (y),"
                + " got isotonic: that is for two classes");
    assertThat(
            new DecideSettings(new ThresholdRule.Fixed(0.5), Calibrate.TEMPERATURE).misfits("y", 3))
        .isEmpty();
    assertThat(new DecideSettings(new ThresholdRule.BestMcc(), Calibrate.ISOTONIC).misfits("y", 2))
        .isEmpty();
    assertThatThrownBy(() -> new ThresholdRule.Cost(0, Double.POSITIVE_INFINITY))
        .hasMessageContaining("false-positive must be above 0, got 0")
        .hasMessageContaining("false-negative must be finite");
    assertThatThrownBy(() -> new ThresholdRule.AtPrecision(0))
        .hasMessageContaining("value must be above 0, got 0");
    assertThatThrownBy(() -> new ThresholdRule.Fixed(1.5))
        .hasMessageContaining("value must be between 0 and 1, got 1.5");
  }

  @Test
  void aDecisionReadsBack() {
    for (Calibration calibration :
        List.of(
            PLAIN,
            new Calibration.Temperature(1.25),
            new Calibration.Isotonic(List.of(0.25, 0.5), List.of(0.1, 0.9)))) {
      Decision decision = new Decision(calibration, 0.3);
      assertThat(Json.read(Json.write(decision), Decision.class, "decision.json"))
          .isEqualTo(decision);
    }
    assertThatThrownBy(
            () ->
                Json.read(
                    "{\"calibration\":{\"type\":\"isotonic\",\"scores\":[0.5,0.5],\"shares\":[0.2,0.1]},\"threshold\":0.5}",
                    Decision.class,
                    "decision.json"))
        .hasMessage(
            "decision.json: not readable: scores[1] must be above the one before; shares[1] must be"
                + " at least the one before");
  }
}
