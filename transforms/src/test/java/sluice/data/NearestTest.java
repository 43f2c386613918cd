package sluice.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
  @ParameterizedTest
  @CsvSource({
    "epohcs, epochs",
    "Price, price",
    "prices, price",
    "ba, ab",
    "a, ab",
    "B, b",
    "x,",
    "zz,",
    "income,",
    "東, ",
  })
  void aNameThatMayBeMeant(String typed, String meant) {
    assertThat(Nearest.to(typed, List.of("epochs", "price", "ab", "b")).orElse(null))
        .isEqualTo(meant);
  }
}
