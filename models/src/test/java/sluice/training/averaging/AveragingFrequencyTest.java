package sluice.training.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import sluice.data.InvalidInput;

class AveragingFrequencyTest {
  private static final AveragingFrequency ADAPTIVE =
      new AveragingFrequency.Adaptive(10, 2, 100, 0.01);

  @Test
  void goesToWhereTheDivergenceIsTheTarget() {
    assertThat(ADAPTIVE.first()).isEqualTo(10);
    assertThat(ADAPTIVE.next(10, 10, 0.01)).isEqualTo(10);
    assertThat(ADAPTIVE.next(10, 10, 0.0125)).isEqualTo(8);
    assertThat(ADAPTIVE.next(10, 10, 0.008)).isEqualTo(13);
  }

  @Test
  void atMostDoublesAndAtLeastHalves() {
    assertThat(ADAPTIVE.next(10, 10, 1)).isEqualTo(5);
    assertThat(ADAPTIVE.next(10, 10, 1e-9)).isEqualTo(20);
    assertThat(ADAPTIVE.next(10, 10, 0)).isEqualTo(20);
  }

  @Test
  void staysWithinItsBounds() {
    assertThat(ADAPTIVE.next(90, 90, 0)).isEqualTo(100);
    assertThat(ADAPTIVE.next(3, 3, 9)).isEqualTo(2);
  }

  /** The end of an epoch cuts a round short: its divergence counts for what was trained. */
  @Test
  void aRoundThatWasCutShortSaysWhatItTrained() {
    assertThat(ADAPTIVE.next(10, 5, 0.005)).isEqualTo(10);
    assertThat(ADAPTIVE.next(10, 5, 0.01)).isEqualTo(5);
  }

  @Test
  void everyBrokenRuleIsSaid() {
    assertThatThrownBy(() -> new AveragingFrequency.Adaptive(0, 0, -1, 0))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            """
            min must be at least 1, got 0
            max must be at least 0, got -1
            target must be above 0, got 0""");
  }
}
