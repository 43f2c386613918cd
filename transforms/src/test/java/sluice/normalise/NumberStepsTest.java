package sluice.normalise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.data.InvalidInput;

class NumberStepsTest {
  private static final List<Step> STEPS =
      List.of(
          new ImputeMedian(),
          new ImputeMean(),
          new ImputeMode(),
          new ClipIqr(1.5),
          new ClipQuantiles(0.01, 0.99),
          new Standardise(),
          new MinMax(),
          new Robust());

  static Stream<Arguments> samples() {
    return Stream.of("gaussian", "few", "one", "constant", "tiny", "huge", "many")
        .flatMap(shape -> STEPS.stream().map(step -> Arguments.of(step, shape)));
  }

  private static List<Double> sample(String shape, Random random) {
    int size =
        switch (shape) {
          case "one" -> 1;
          case "many" -> 150_000;
          default -> 997;
        };
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      values.add(
          switch (shape) {
            case "few" -> (double) random.nextInt(4) - 1;
            case "constant" -> 0.1;
            case "tiny" -> random.nextGaussian() * 1e-310;
            case "huge" -> random.nextDouble() * 8e307;
            default -> 1e6 + random.nextGaussian();
          });
    }
    return values;
  }

  @ParameterizedTest
  @MethodSource("samples")
  void learnWhatANaiveFitLearns(Step step, String shape) {
    Random random = new Random(shape.hashCode());
    List<Double> values = sample(shape, random);
    FittedStep expected = naive(step, values);
    for (int parts : new int[] {1, 2, 7}) {
      assertThat(Fits.of(step, Kind.NUMBER, values, parts, random)).isEqualTo(expected);
      Collections.shuffle(values, random);
    }
  }

  private static FittedStep naive(Step step, List<Double> values) {
    double[] sorted = values.stream().mapToDouble(x -> x).sorted().toArray();
    double last = sorted[sorted.length - 1];
    if (step instanceof ImputeMedian) {
      return new FillNumber(quantile(sorted, 0.5));
    } else if (step instanceof ImputeMean) {
      return new FillNumber(mean(values));
    } else if (step instanceof ImputeMode) {
      double mode = sorted[0];
      long most = 0;
      for (double x : Arrays.stream(sorted).distinct().toArray()) {
        int from = Arrays.binarySearch(sorted, x);
        long count = 0;
        for (int i = from; i < sorted.length && sorted[i] == x; i++) {
          count++;
        }
        for (int i = from - 1; i >= 0 && sorted[i] == x; i--) {
          count++;
        }
        if (count > most) {
          most = count;
          mode = x;
        }
      }
      return new FillNumber(mode);
    } else if (step instanceof ClipIqr) {
      double first = quantile(sorted, 0.25);
      double third = quantile(sorted, 0.75);
      double fence = 1.5 * (third - first);
      return first == third
          ? new Clip(-Double.MAX_VALUE, Double.MAX_VALUE)
          : new Clip(first - fence, Math.min(third + fence, Double.MAX_VALUE));
    } else if (step instanceof ClipQuantiles) {
      return new Clip(quantile(sorted, 0.01), quantile(sorted, 0.99));
    } else if (step instanceof Standardise) {
      double mean = mean(values);
      return sorted[0] == last ? new Scale(mean, 1, true) : new Scale(mean, std(values), false);
    } else if (step instanceof MinMax) {
      return sorted[0] == last
          ? new Scale(last, 1, true)
          : new Scale(sorted[0], last - sorted[0], false);
    }
    double range = quantile(sorted, 0.75) - quantile(sorted, 0.25);
    return sorted[0] == last
        ? new Scale(last, 1, true)
        : new Scale(quantile(sorted, 0.5), range > 0 ? range : 1, false);
  }

  private static double quantile(double[] sorted, double p) {
    double place = (sorted.length - 1) * p;
    int below = (int) place;
    double low = sorted[below];
    double high = sorted[Math.min(below + 1, sorted.length - 1)];
    return low + (place - below) * (high - low);
  }

  private static BigDecimal exactMean(List<Double> values) {
    return values.stream()
        .map(BigDecimal::new)
        .reduce(BigDecimal.ZERO, BigDecimal::add)
        .divide(BigDecimal.valueOf(values.size()), new MathContext(1500));
  }

  private static double mean(List<Double> values) {
    return exactMean(values).doubleValue();
  }

  /** Two passes: the mean, then the squared distances from it. */
  private static double std(List<Double> values) {
    MathContext digits = new MathContext(700);
    BigDecimal mean = exactMean(values);
    BigDecimal squares = BigDecimal.ZERO;
    for (double value : values) {
      BigDecimal distance = new BigDecimal(value).subtract(mean).round(digits);
      squares = squares.add(distance.multiply(distance));
    }
    return squares
        .divide(BigDecimal.valueOf(values.size()), digits)
        .sqrt(new MathContext(40))
        .doubleValue();
  }

  @Test
  void zeroHasOneSign() {
    List<Double> one = List.of(0.0, -0.0, -0.0);
    List<Double> other = List.of(-0.0, 0.0, -0.0);
    for (Step step : STEPS) {
      assertThat(Fits.of(step, Kind.NUMBER, one)).isEqualTo(Fits.of(step, Kind.NUMBER, other));
    }
  }

  @Test
  void aConstantColumnIsZeroForEveryValue() {
    for (Step step : List.of(new Standardise(), new MinMax(), new Robust())) {
      FittedStep fitted = Fits.of(step, Kind.NUMBER, List.of(7.0, 7.0));
      assertThat(fitted).isEqualTo(new Scale(7, 1, true));
      assertThat(fitted.value(7.0)).isEqualTo(0.0);
      assertThat(fitted.value(1e300)).isEqualTo(0.0);
      assertThat(fitted.value(null)).isNull();
    }
  }

  @Test
  void equalQuartilesClipNothing() {
    FittedStep fitted =
        Fits.of(new ClipIqr(1.5), Kind.NUMBER, List.of(-1.0, -1.0, -1.0, -1.0, 9.0));
    assertThat(fitted.value(9.0)).isEqualTo(9.0);
  }

  @Test
  void log1pHasNoValueAtMinusOneAndBelow() {
    Log1p log1p = new Log1p();
    assertThat(log1p.value(Math.E - 1)).isEqualTo(StrictMath.log1p(Math.E - 1));
    assertThat(log1p.value(-1.0)).isNull();
    assertThat(log1p.value(-7.0)).isNull();
    assertThat(log1p.value(Math.nextUp(-1.0))).isEqualTo(StrictMath.log1p(Math.nextUp(-1.0)));
  }

  @Test
  void rangesBeyondADoubleAreNamed() {
    List<Double> values = List.of(-1.7e308, -1.7e308, 1.7e308, 1.7e308);
    assertThatThrownBy(() -> Fits.of(new MinMax(), Kind.NUMBER, values))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "column x: the values run from -1.7E308 to 1.7E308, further apart than a double holds;"
                + " clip them first");
    assertThatThrownBy(() -> Fits.of(new Robust(), Kind.NUMBER, values))
        .hasMessage(
            "column x: the quartiles are -1.7E308 and 1.7E308, further apart than a double holds;"
                + " clip them first");
    assertThat(Fits.of(new Standardise(), Kind.NUMBER, values))
        .isEqualTo(new Scale(0, 1.7e308, false));
    assertThat(Fits.of(new ImputeMedian(), Kind.NUMBER, values)).isEqualTo(new FillNumber(0));
    assertThat(Fits.of(new ClipIqr(1), Kind.NUMBER, values))
        .isEqualTo(new Clip(-Double.MAX_VALUE, Double.MAX_VALUE));
  }

  @Test
  void aVectorIsFittedPositionByPosition() {
    Fit fits = new PerPositionStep.Fits(new MinMax(), 2);
    fits.add(new double[] {1, 10});
    Fit other = Fits.copy(new PerPositionStep.Fits(new MinMax(), 2));
    other.add(new double[] {3, 10});
    fits.merge(other);
    assertThat(fits.endScan()).isFalse();
    FittedStep fitted = fits.finish("column x");
    assertThat(fitted)
        .isEqualTo(new PerPositionStep(List.of(new Scale(1, 2, false), new Scale(10, 1, true))));
    assertThat((double[]) fitted.value(new double[] {2, 5})).containsExactly(0.5, 0);
    assertThat(fitted.value(null)).isNull();
  }

  @Test
  void parametersOutOfRangeAreRefused() {
    assertThatThrownBy(() -> new ClipIqr(-1))
        .hasMessage("clip-iqr: factor must be finite and at least 0, got -1.0");
    assertThatThrownBy(() -> new ClipQuantiles(0.5, 0.5))
        .hasMessage(
            "clip-quantiles: low and high must be in order and from 0 to 1, got 0.5 and 0.5");
  }
}
