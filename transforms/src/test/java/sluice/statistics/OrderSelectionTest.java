package sluice.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrderSelectionTest {

  /** Few and many, one part and several, spread over all longs or crowded on few values. */
  @ParameterizedTest
  @CsvSource({
    "1, 1, wide",
    "2, 3, wide",
    "1000, 7, wide",
    "200000, 2, wide",
    "300000, 5, narrow",
    "400000, 1, doubles",
    "150000, 3, constant"
  })
  void equalsSorting(int size, int parts, String shape) {
    Random random = new Random(size);
    LongSupplier next =
        switch (shape) {
          case "wide" -> random::nextLong;
          case "narrow" -> () -> random.nextInt(3) - 1L;
          case "doubles" -> () -> OrderSelection.ordered(random.nextGaussian());
          default -> () -> -42L;
        };
    long[] values = new long[size];
    Arrays.setAll(values, i -> next.getAsLong());
    long[] sorted = values.clone();
    Arrays.sort(sorted);
    long[] ranks = {0, size / 4, size / 2, size / 2, size - 1};

    OrderSelection selection = scan(new OrderSelection[parts], values, random);
    assertThat(selection.count()).isEqualTo(size);
    int scans = 1;
    boolean more = selection.select(ranks);
    while (more) {
      OrderSelection[] copies = new OrderSelection[parts];
      byte[] state = Serialised.of(selection);
      Arrays.setAll(copies, i -> Serialised.read(state, OrderSelection.class));
      selection = scan(copies, values, random);
      more = selection.endScan();
      scans++;
    }

    for (int i = 0; i < ranks.length; i++) {
      assertThat(selection.selected(i)).isEqualTo(sorted[(int) ranks[i]]);
    }
    assertThat(scans).isLessThanOrEqualTo(size > 1 << 16 ? 6 : 1);
  }

  @Test
  void fewValuesTakeOneScan() {
    OrderSelection selection = new OrderSelection();
    for (int i = 65_536; i > 0; i--) {
      selection.add(i);
    }
    assertThat(selection.select(0, 65_535)).isFalse();
    assertThat(selection.selected(1)).isEqualTo(65_536);
  }

  @Test
  void doublesKeepTheirOrder() {
    double[] values = {
      Double.NEGATIVE_INFINITY,
      -1e300,
      -1,
      -Double.MIN_VALUE,
      0,
      Double.MIN_VALUE,
      1,
      1e300,
      Double.POSITIVE_INFINITY,
      Double.NaN
    };
    for (int i = 1; i < values.length; i++) {
      assertThat(OrderSelection.ordered(values[i]))
          .isGreaterThan(OrderSelection.ordered(values[i - 1]));
    }
    for (double value : values) {
      assertThat(OrderSelection.unordered(OrderSelection.ordered(value)))
          .isEqualTo(Double.valueOf(value));
    }
    assertThat(OrderSelection.ordered(-0.0)).isEqualTo(OrderSelection.ordered(0.0));
  }

  @Test
  void refusesARankOutsideTheCount() {
    assertThatThrownBy(() -> new OrderSelection().select(0)).hasMessage("rank 0 of 0 values");
  }

  private static OrderSelection scan(OrderSelection[] parts, long[] values, Random random) {
    for (int i = 0; i < parts.length; i++) {
      if (parts[i] == null) {
        parts[i] = new OrderSelection();
      }
    }
    for (long value : values) {
      parts[random.nextInt(parts.length)].add(value);
    }
    for (int i = 1; i < parts.length; i++) {
      parts[0].merge(parts[i]);
    }
    return parts[0];
  }
}
