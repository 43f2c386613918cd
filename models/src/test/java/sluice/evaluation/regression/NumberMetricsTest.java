package sluice.evaluation.regression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.evaluation.Examples;
import sluice.evaluation.metric.Scores;

class NumberMetricsTest {

  private static Scores scores(double[] truth, double[] predicted) {
    return new ErrorMeasures(Examples.numbers(truth, predicted)).scores();
  }

  /** The same rows went through scikit-learn 1.9.1: mean_squared_error and its fellows. */
  @Test
  void agreesWithScikitLearn() {
    Scores measured =
        scores(
            new double[] {3, -0.5, 2, 7, 4.2, 10, -3}, new double[] {2.5, 0, 2, 8, 4, 7.5, -3.25});

    assertThat(measured.value("rmse")).isCloseTo(1.0591438591077769, within(1e-15));
    assertThat(measured.value("mae")).isCloseTo(0.7071428571428572, within(1e-15));
    assertThat(measured.value("r2")).isCloseTo(0.9318815525317867, within(1e-15));
    assertThat(measured.value("medianAbsoluteError")).isEqualTo(0.5);
    assertThat(measured.notes()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void agreesWithNaiveDefinitionsOfRepeatedRows(long seed) {
    NumberPredictions predictions = Examples.randomNumbers(61, seed);
    Random random = new Random(seed);
    byte[] weights = new byte[61];
    for (int row = 0; row < 61; row++) {
      weights[row] = (byte) random.nextInt(3);
    }
    int[] repeated =
        IntStream.range(0, 61)
            .flatMap(row -> IntStream.generate(() -> row).limit(weights[row]))
            .toArray();
    double[] truth = Arrays.stream(repeated).mapToDouble(predictions::truth).toArray();
    double[] errors =
        Arrays.stream(repeated)
            .mapToDouble(row -> Math.abs(predictions.truth(row) - predictions.predicted(row)))
            .sorted()
            .toArray();
    int n = repeated.length;
    double mean = Arrays.stream(truth).average().orElseThrow();
    double squares = Arrays.stream(errors).map(e -> e * e).sum();
    double shares =
        Arrays.stream(repeated)
            .mapToDouble(
                row ->
                    predictions.truth(row) == 0
                        ? Double.NaN
                        : Math.abs(predictions.predicted(row) / predictions.truth(row) - 1))
            .sum();
    double variation = Arrays.stream(truth).map(t -> (t - mean) * (t - mean)).sum();

    assertThat(new ErrorMeasures(predictions).values(weights))
        .containsExactly(
            new double[] {
              Math.sqrt(squares / n),
              Arrays.stream(errors).sum() / n,
              1 - squares / variation,
              (errors[(n - 1) / 2] + errors[n / 2]) / 2,
              shares / n
            },
            within(1e-12));
  }

  @Test
  void constantTruthHasNoR2() {
    Scores measured = scores(new double[] {0.1, 0.1, 0.1}, new double[] {0.1, 0.2, 0.1});

    assertThat(measured.values())
        .containsEntry("r2", null)
        .containsEntry("medianAbsoluteError", 0.0);
    assertThat(measured.notes()).isEqualTo(Map.of("r2", "undefined: the truth is constant"));
  }

  @Test
  void withoutRowsEverythingIsUndefined() {
    Scores measured = scores(new double[0], new double[0]);

    assertThat(measured.values()).hasSize(5).allSatisfy((metric, v) -> assertThat(v).isNull());
    assertThat(measured.notes())
        .hasSize(5)
        .allSatisfy((metric, note) -> assertThat(note).isEqualTo("undefined: no rows"));
  }

  @Test
  void keepsPrecisionFarFromZero() {
    Scores measured =
        scores(new double[] {1e9, 1e9 + 1, 1e9 + 2}, new double[] {1e9, 1e9 + 1, 1e9 + 1});
    assertThat(measured.value("r2")).isEqualTo(0.5);
  }

  @Test
  void refusesWhatIsNotFinite() {
    assertThatThrownBy(
            () -> scores(new double[] {1, 2}, new double[] {1, Double.POSITIVE_INFINITY}))
        .hasMessage("truth and prediction must be finite, got 2.0 and Infinity in row 1");
    assertThatThrownBy(
            () -> NumberPredictions.of(new long[2], new double[2], new double[1], List.of()))
        .hasMessage("2 rows but 1 predictions");
  }
}
