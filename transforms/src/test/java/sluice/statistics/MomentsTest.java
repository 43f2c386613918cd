package sluice.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MomentsTest {

  /** Exponents from the least double to the greatest, alone and together. */
  @ParameterizedTest
  @CsvSource({"0, 0", "-1074, -1040", "-1022, -900", "1000, 1023", "-1074, 1023", "-490, -470"})
  void equalTwoPassesInBigDecimal(int leastExponent, int greatestExponent) {
    Random random = new Random(leastExponent);
    List<Double> values = new ArrayList<>();
    Moments[] parts = {new Moments(), new Moments(), new Moments()};
    for (int i = 0; i < 60; i++) {
      int exponent = leastExponent + random.nextInt(greatestExponent - leastExponent + 1);
      double value = Math.scalb(2 * random.nextDouble() - 1, exponent);
      values.add(value);
      parts[random.nextInt(3)].add(value);
    }
    BigDecimal n = BigDecimal.valueOf(values.size());
    BigDecimal sum = values.stream().map(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add);
    BigDecimal squares = BigDecimal.ZERO;
    for (double value : values) {
      BigDecimal distance = new BigDecimal(value).multiply(n).subtract(sum);
      squares = squares.add(distance.multiply(distance));
    }
    MathContext digits = new MathContext(50);
    double std = squares.divide(n.pow(3), digits).sqrt(digits).doubleValue();

    parts[1].merge(parts[2]);
    parts[0].merge(parts[1]);
    assertThat(parts[0].count()).isEqualTo(60);
    assertThat(parts[0].mean()).isEqualTo(sum.divide(n, digits).doubleValue());
    assertThat(parts[0].std()).isEqualTo(std);
  }

  @Test
  void equalValuesHaveNoSpread() {
    Moments moments = new Moments();
    for (int i = 0; i < 1000; i++) {
      moments.add(0.1);
    }
    assertThat(moments.mean()).isEqualTo(0.1);
    assertThat(moments.std()).isZero();
  }

  @Test
  void noValuesHaveNoMoments() {
    assertThatThrownBy(() -> new Moments().mean()).hasMessage("moments of no value");
    assertThatThrownBy(() -> new Moments().std()).hasMessage("moments of no value");
  }
}
