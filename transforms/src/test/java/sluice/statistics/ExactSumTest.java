package sluice.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExactSumTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void equalsBigDecimalWhateverTheOrderAndTheMerging(long seed) {
    Random random = new Random(seed);
    List<Double> values = new ArrayList<>();
    BigDecimal expected = BigDecimal.ZERO;
    while (values.size() < 2_000) {
      double value = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(value)) {
        values.add(value);
        expected = expected.add(new BigDecimal(value));
      }
    }
    Collections.shuffle(values, random);
    List<ExactSum> parts = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      parts.add(new ExactSum());
    }
    for (double value : values) {
      parts.get(random.nextInt(7)).add(value);
    }
    Collections.shuffle(parts, random);
    ExactSum sum = parts.get(0);
    parts.subList(1, 7).forEach(sum::merge);

    assertThat(sum.exact()).isEqualByComparingTo(expected);
    assertThat(sum.value()).isEqualTo(expected.doubleValue());
  }

  @Test
  void keepsWhatRoundingWouldLose() {
    ExactSum sum = new ExactSum();
    for (double value : new double[] {1e308, 1, Double.MIN_VALUE, -1e308, -1}) {
      sum.add(value);
    }
    assertThat(sum.value()).isEqualTo(Double.MIN_VALUE);
  }

  @Test
  void addsProductsWithoutRounding() {
    ExactSum sum = new ExactSum();
    double x = 1e8 + 1.0 / 3;
    sum.addProduct(x, x);
    assertThat(sum.exact()).isEqualByComparingTo(new BigDecimal(x).multiply(new BigDecimal(x)));
  }

  @Test
  void carriesBeforeAChunkOverflows() {
    ExactSum sum = new ExactSum();
    ExactSum other = new ExactSum();
    for (int i = 0; i < 1_000_000; i++) {
      sum.add(Double.MAX_VALUE / 4_000_000);
      other.add(-Double.MAX_VALUE / 4_000_000);
    }
    sum.merge(other);
    assertThat(sum.value()).isZero();
  }

  @Test
  void refusesWhatIsNotFinite() {
    assertThatThrownBy(() -> new ExactSum().add(Double.NaN)).hasMessage("cannot sum NaN");
  }
}
