package sluice.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdviceTest {
  /** 50 minibatches of 100 examples for each of 4 workers, two slots at hand. */
  private static Advice advice(int minibatches, double round) {
    return Advice.of(
        new Advice.Training(1000, 2000, 4, 100, minibatches, 50, 20_000),
        2,
        new Advice.Measured(0.010, 0.012, round, round / 4, round / 2));
  }

  @ParameterizedTest
  @CsvSource({
    // Four waves of 50 steps of 10 ms, and five rounds of 100 ms beside them.
    "1, 2.5",
    // Two waves, with steps as slow as they are with both slots busy.
    "2, 1.7",
    "3, 1.7",
    "4, 1.1",
    // Four workers keep no more than four slots busy.
    "64, 1.1"
  })
  void anEpochIsWavesOfStepsAndRounds(int slots, double seconds) {
    assertThat(advice(10, 0.1).examplesPerSecond(slots)).isCloseTo(20_000 / seconds, within(1e-6));
  }

  @Test
  void aRoundMayCoverEpochs() {
    assertThat(advice(100, 0.1).examplesPerSecond(1)).isCloseTo(20_000 / 2.05, within(1e-6));
  }

  @Test
  void saysFromWhereOnSparkIsFaster() {
    assertThat(advice(10, 0.1).lines())
        .containsExactly(
            "1,000 parameters and 2,000 values of the updater, 4 logical workers, averaged every 10"
                + " minibatches of 100",
            "a step takes 10.00 ms on one slot, 12.00 ms with 2 at work; a round 100.0 ms beside"
                + " its steps, of that sending 25.0 ms and bringing back 50.0 ms",
            "slots  examples/s",
            "    1       8,000",
            "    2      11,765",
            "    4      18,182  extrapolated",
            "    8      18,182  extrapolated  idle slots: there are 4 workers",
            "   16      18,182  extrapolated  idle slots: there are 4 workers",
            "   32      18,182  extrapolated  idle slots: there are 4 workers",
            "   64      18,182  extrapolated  idle slots: there are 4 workers",
            "one thread without averaging: 10,000 examples/s",
            "faster than one thread from 2 slots on");
  }

  @Test
  void saysWhenOneMachineIsBetter() {
    assertThat(advice(1, 0.1).lines())
        .last()
        .asString()
        .startsWith("one machine is better: no number of slots is faster than one thread;");
  }
}
