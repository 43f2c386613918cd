package sluice.evaluation.classification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.evaluation.Examples;
import sluice.evaluation.metric.Order;
import sluice.evaluation.metric.Scores;

class ClassMetricsTest {

  private static ClassMeasures measures(ClassPredictions predictions) {
    return new ClassMeasures(predictions, predictions.classes() == 2 ? 1 : -1);
  }

  /** The same rows went through scikit-learn 1.9.1; see the names of its functions. */
  @Test
  void agreesWithScikitLearnOnTwoClasses() {
    int[] truth = {1, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1};
    double[] scores = {
      0.9, 0.8, 0.8, 0.75, 0.75, 0.6, 0.55, 0.5, 0.5, 0.45, 0.4, 0.4, 0.4, 0.3, 0.25, 0.2, 0.2, 0.1,
      0.05, 0.05
    };
    Scores measured = measures(Examples.binary(truth, scores)).scores();

    assertScores(
        measured,
        entry("accuracy", 0.65), // accuracy_score
        entry("balancedAccuracy", 0.625), // balanced_accuracy_score
        entry("precision", 0.5714285714285714), // precision_score
        entry("recall", 0.5), // recall_score
        entry("f1", 0.5333333333333333), // f1_score
        entry("macroF1", 0.6266666666666667), // f1_score, macro
        entry("mcc", 0.25677629550654774), // by its formula, from 4, 3, 4 and 9 rows
        entry("weightedPrecision", 0.6439560439560439), // precision_score, weighted
        entry("weightedRecall", 0.65), // recall_score, weighted
        entry("weightedF1", 0.6453333333333333), // f1_score, weighted
        entry("rocAuc", 0.6302083333333333), // roc_auc_score
        entry("prAuc", 0.5833692451339509), // average_precision_score
        entry("logLoss", 0.7338722068218777), // log_loss
        entry("brier", 0.25037500155717146)); // brier_score_loss
    assertThat(measured.notes()).isEmpty();
    assertThat(measured.rows()).isEqualTo(20);
  }

  /** The same rows went through scikit-learn 1.9.1, macro and one-vs-rest. */
  @Test
  void agreesWithScikitLearnOnThreeClasses() {
    int[] truth = {0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 0, 0, 1, 2, 2};
    double[][] probabilities = {
      {.7, .2, .1}, {.2, .5, .3}, {.1, .3, .6}, {.4, .5, .1}, {.5, .3, .2}, {.3, .4, .3},
      {.6, .2, .2}, {.1, .8, .1}, {.2, .2, .6}, {.5, .25, .25}, {.25, .25, .5}, {.8, .1, .1},
      {.2, .2, .6}, {.05, .15, .8}, {.4, .2, .4}
    };
    ClassMeasures measures = measures(Examples.classes(3, truth, probabilities));

    assertScores(
        measures.scores(),
        entry("accuracy", 0.6),
        entry("balancedAccuracy", 0.5888888888888889),
        entry("precision", 0.5888888888888889),
        entry("recall", 0.5888888888888889),
        entry("f1", 0.5888888888888889),
        entry("macroF1", 0.5888888888888889),
        entry("weightedPrecision", 0.6),
        entry("weightedRecall", 0.6),
        entry("weightedF1", 0.6),
        entry("rocAuc", 0.8567115600448933),
        entry("prAuc", 0.7468050468050468),
        entry("logLoss", 0.745409078416893),
        entry("brier", 0.429));
    assertThat(measures.count().confusion).containsExactly(4, 1, 1, 1, 2, 1, 1, 1, 3);
  }

  @SafeVarargs
  private static void assertScores(Scores measured, Map.Entry<String, Double>... expected) {
    for (Map.Entry<String, Double> metric : expected) {
      // The constants were computed in doubles, the probabilities are floats.
      assertThat(measured.value(metric.getKey()))
          .as(metric.getKey())
          .isCloseTo(metric.getValue(), within(1e-7));
    }
  }

  @Test
  void expectedCalibrationErrorByHand() {
    // Bin (14/15, 1]: two rows at 1, one right. Bin (9/15, 10/15]: one row at 0.625, right.
    ClassPredictions predictions = Examples.binary(new int[] {1, 0, 0}, new double[] {1, 1, 0.375});
    assertThat(measures(predictions).scores().value("ece"))
        .isEqualTo((1 + 0.375) / 3, within(1e-15));
  }

  @Test
  void clipsImpossibleProbabilities() {
    ClassPredictions predictions = Examples.binary(new int[] {1}, new double[] {0});
    assertThat(measures(predictions).scores().value("logLoss")).isEqualTo(-Math.log(1e-15));
  }

  @Test
  void binsAreClosedAbove() {
    assertThat(
            new int[] {
              ClassMeasures.bin(0, 10),
              ClassMeasures.bin(0.5, 10),
              ClassMeasures.bin(0.50001, 10),
              ClassMeasures.bin(1, 10)
            })
        .containsExactly(0, 4, 5, 9);
  }

  @ParameterizedTest
  @CsvSource({"2,1", "2,2", "2,3", "2,4", "3,5", "3,6", "5,7", "9,8"})
  void agreesWithNaiveDefinitions(int classes, long seed) {
    ClassPredictions predictions = Examples.random(classes, 150, seed);
    Scores measured = measures(predictions).scores();

    Map<String, Double> naive = NaiveMetrics.of(predictions, classes == 2 ? 1 : -1);
    assertThat(measured.values().keySet()).containsExactlyElementsOf(naive.keySet());
    naive.forEach(
        (metric, value) ->
            assertThat(measured.value(metric)).as(metric).isCloseTo(value, within(1e-12)));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void aWeightCountsARowAsOften(long seed) {
    ClassPredictions predictions = Examples.random(seed % 2 == 0 ? 2 : 4, 80, seed);
    Random random = new Random(seed);
    byte[] weights = new byte[80];
    List<Integer> repeated = new ArrayList<>();
    for (int row = 0; row < 80; row++) {
      weights[row] = (byte) random.nextInt(4);
      for (int i = 0; i < weights[row]; i++) {
        repeated.add(row);
      }
    }
    int[] rows = repeated.stream().mapToInt(Integer::intValue).toArray();

    ClassMeasures ofRepeated = measures(predictions.select(rows));
    byte[] ones = new byte[rows.length];
    Arrays.fill(ones, (byte) 1);
    assertThat(measures(predictions).values(weights))
        .containsExactly(ofRepeated.values(ones), within(1e-12));
  }

  @Test
  void withoutAPositiveRow() {
    Scores measured =
        measures(Examples.binary(new int[] {0, 0, 0}, new double[] {.9, .2, .1})).scores();

    assertThat(measured.value("accuracy")).isEqualTo(2 / 3.0);
    assertThat(measured.value("precision")).isEqualTo(0);
    assertThat(measured.values())
        .containsEntry("recall", null)
        .containsEntry("f1", null)
        .containsEntry("rocAuc", null)
        .containsEntry("prAuc", null);
    assertThat(measured.notes())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "recall", "undefined: no row of the positive class",
                "f1", "undefined: no row of the positive class",
                "prAuc", "undefined: no row of the positive class",
                "balancedAccuracy", "1 of 2 classes have no row here and are left out",
                "macroF1", "1 of 2 classes have no row here and are left out",
                "mcc", "all rows are of one class, or predicted to be, which counts as 0",
                "rocAuc", "undefined: rows of one class only"));
  }

  @Test
  void withoutAPositivePrediction() {
    Scores measured = measures(Examples.binary(new int[] {0, 1}, new double[] {.2, .1})).scores();

    assertThat(measured.values())
        .containsEntry("precision", 0.0)
        .containsEntry("recall", 0.0)
        .containsEntry("f1", 0.0)
        .containsEntry("rocAuc", 0.0)
        .containsEntry("prAuc", 0.5);
    assertThat(measured.notes())
        .containsEntry(
            "precision", "no row is predicted to be of the positive class, which counts as 0")
        .containsEntry(
            "weightedPrecision", "1 of 2 classes are never predicted, which counts as 0");
  }

  @Test
  void withoutPositivesAnywhere() {
    Scores measured = measures(Examples.binary(new int[] {0}, new double[] {.2})).scores();

    assertThat(measured.values()).containsEntry("precision", null);
    assertThat(measured.notes())
        .containsEntry(
            "precision", "undefined: the positive class neither occurs nor is predicted");
  }

  @Test
  void leavesAbsentClassesOutOfMeans() {
    double[][] probabilities = {{.8, .1, .1}, {.2, .1, .7}, {.1, .8, .1}};
    Scores measured = measures(Examples.classes(3, new int[] {0, 1, 1}, probabilities)).scores();

    assertThat(measured.values())
        .containsEntry("balancedAccuracy", 0.75)
        .containsEntry("precision", 1.0)
        .containsEntry("rocAuc", 0.75 * 0.5 + 0.5);
    assertThat(measured.notes())
        .containsEntry("rocAuc", "1 of 3 classes have no row here and are left out");
  }

  @Test
  void withoutRowsEverythingIsUndefined() {
    Scores measured = measures(Examples.binary(new int[0], new double[0])).scores();

    assertThat(measured.values()).hasSize(16).allSatisfy((metric, v) -> assertThat(v).isNull());
    assertThat(measured.notes())
        .hasSize(16)
        .allSatisfy((metric, note) -> assertThat(note).isEqualTo("undefined: no rows"));
  }

  @Test
  void refusesWhatIsNoProbability() {
    assertThatThrownBy(() -> Examples.binary(new int[] {0, 1}, new double[] {.5, Double.NaN}))
        .hasMessage("a probability must lie in 0..1, got NaN for class 0 in row 1");
    assertThatThrownBy(() -> Examples.binary(new int[] {0, 2}, new double[] {.5, .5}))
        .hasMessage("class 2 of 2 in row 1");
    assertThatThrownBy(
            () -> ClassPredictions.of(2, new long[1], new int[1], new float[3], List.of()))
        .hasMessage("1 rows of 2 classes but 3 probabilities");
  }

  @Test
  void sortsLikeTheLibrary() {
    long[] keys = new Random(5).longs(5_000).toArray();
    System.arraycopy(keys, 0, keys, 2_500, 500);
    keys[7] = Long.MIN_VALUE;
    keys[8] = Long.MAX_VALUE;
    Integer[] expected = new Integer[keys.length];
    Arrays.setAll(expected, i -> i);
    Arrays.sort(expected, Comparator.comparingLong(i -> keys[i]));
    assertThat(Order.by(keys))
        .containsExactly(Arrays.stream(expected).mapToInt(Integer::intValue).toArray());
  }
}
