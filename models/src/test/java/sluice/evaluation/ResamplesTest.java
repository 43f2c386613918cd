package sluice.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sluice.evaluation.classification.ClassPredictions;
import sluice.evaluation.metric.Interval;
import sluice.evaluation.metric.PoissonWeights;
import sluice.evaluation.regression.NumberPredictions;

class ResamplesTest {

  @Test
  void weightsArePoisson() {
    ClassPredictions predictions = Examples.random(2, 50_000, 1);
    long[] counts = new long[20];
    for (int resample = 0; resample < 20; resample++) {
      for (byte weight : PoissonWeights.draw(predictions, 7, resample)) {
        counts[weight]++;
      }
    }
    double probability = 1 / Math.E;
    for (int k = 0; k < 8; k++) {
      // A million draws: five standard deviations are below 0.0025.
      assertThat(counts[k] / 1e6).as("P(%d)", k).isCloseTo(probability, within(0.0025));
      probability /= k + 1;
    }
  }

  @Test
  void weightsDifferByResampleAndSeedOnly() {
    ClassPredictions predictions = Examples.random(2, 1_000, 1);
    byte[] weights = PoissonWeights.draw(predictions, 7, 3);

    assertThat(PoissonWeights.draw(predictions, 7, 3)).containsExactly(weights);
    assertThat(correlation(weights, PoissonWeights.draw(predictions, 7, 4))).isLessThan(0.15);
    assertThat(correlation(weights, PoissonWeights.draw(predictions, 8, 3))).isLessThan(0.15);
  }

  private static double correlation(byte[] a, byte[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - 1) * (b[i] - 1);
    }
    return Math.abs(sum / a.length);
  }

  /** The interval of an accuracy is about the normal one: 1.96 standard errors to both sides. */
  @Test
  void widthIsThatOfTheStandardError() {
    int rows = 2_000;
    int[] truth = new int[rows];
    Arrays.fill(truth, 0, 1_600, 1);
    double[] scores = new double[rows];
    Arrays.fill(scores, 0.9);
    ClassPredictions predictions = Examples.binary(truth, scores);
    Interval accuracy = interval(resamples(predictions, 2_000, 11), "accuracy", 0.95);

    double margin = 1.96 * Math.sqrt(0.8 * 0.2 / rows);
    assertThat(accuracy.low()).isCloseTo(0.8 - margin, within(0.1 * margin));
    assertThat(accuracy.high()).isCloseTo(0.8 + margin, within(0.1 * margin));
  }

  /** Of 300 samples, the 90 % interval of the mean error holds the true one in about 90 %. */
  @Test
  void coversTheTruthAboutAsOftenAsItSays() {
    Random random = new Random(3);
    int covered = 0;
    for (int sample = 0; sample < 300; sample++) {
      double[] truth = random.doubles(100).toArray();
      double[] predicted = Arrays.stream(truth).map(t -> t + random.nextDouble() * 2).toArray();
      NumberPredictions predictions = Examples.numbers(truth, predicted);
      Interval mae =
          interval(
              Resamples.of(predictions, predictions.measures(Examples.NUMBER), 200, sample),
              "mae",
              0.9);
      covered += mae.low() <= 1 && 1 <= mae.high() ? 1 : 0;
    }
    // Binomial with n = 300 and p = 0.9: 270 give or take three times 5.2, and somewhat below for
    // the percentile interval of 100 rows.
    assertThat(covered).isBetween(250, 287);
  }

  @Test
  void leavesOutWhatMostResamplesDoNotDefine() {
    // Half of the resamples and more lack the only positive row or the only negative one.
    ClassPredictions predictions = Examples.binary(new int[] {1, 0}, new double[] {.9, .2});
    Map<String, Interval> intervals = resamples(predictions, 500, 1).intervals(0.95);

    assertThat(intervals).containsKey("accuracy").doesNotContainKey("rocAuc");
  }

  @Test
  void emptyPredictionsHaveNoIntervals() {
    assertThat(resamples(Examples.binary(new int[0], new double[0]), 50, 1).intervals(0.95))
        .isEmpty();
  }

  /** All resamples of one row are that row: an interval of no width would be sure of nothing. */
  @Test
  void oneRowHasNoIntervals() {
    Resamples right = resamples(Examples.binary(new int[] {1}, new double[] {0.9}), 50, 1);
    Resamples wrong = resamples(Examples.binary(new int[] {1}, new double[] {0.1}), 50, 1);

    assertThat(right.intervals(0.95)).isEmpty();
    assertThat(right.differences(wrong, 0.95)).isEmpty();
    assertThat(right.difference(wrong, "accuracy", 0.95)).isEmpty();
  }

  @Test
  void aModelDoesNotDifferFromItself() {
    ClassPredictions predictions = Examples.random(3, 200, 5);
    Map<String, Interval> differences =
        resamples(predictions, 100, 1).differences(resamples(predictions, 100, 1), 0.95);

    assertThat(differences.values()).isNotEmpty().containsOnly(new Interval(0, 0));
  }

  private static Resamples resamples(ClassPredictions predictions, int resamples, long seed) {
    return Resamples.of(
        predictions, predictions.measures(Examples.label(predictions)), resamples, seed);
  }

  private static Interval interval(Resamples resamples, String metric, double confidence) {
    return Objects.requireNonNull(resamples.intervals(confidence).get(metric));
  }
}
