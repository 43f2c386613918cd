package sluice.network.compiled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrigonometryTest {
  @Test
  void isRightToTheLastBits() {
    for (int i = -4000; i <= 4000; i++) {
      float turns = i / 997f;
      double angle = 2 * Math.PI * turns;
      assertThat((double) Trigonometry.sine(turns)).isCloseTo(Math.sin(angle), within(4e-7));
      assertThat((double) Trigonometry.cosine(turns)).isCloseTo(Math.cos(angle), within(4e-7));
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {4194305.5f, 1e8f, -1e30f, Float.MAX_VALUE})
  void staysWithinOneForManyTurns(float turns) {
    assertThat(Trigonometry.sine(turns)).isBetween(-1f, 1f);
    assertThat(Trigonometry.cosine(turns)).isBetween(-1f, 1f);
  }

  @Test
  void whatIsNotANumberStaysNone() {
    assertThat(Trigonometry.sine(Float.NaN)).isNaN();
    assertThat(Trigonometry.cosine(Float.POSITIVE_INFINITY)).isNaN();
  }
}
