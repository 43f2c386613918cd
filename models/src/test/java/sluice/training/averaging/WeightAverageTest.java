package sluice.training.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class WeightAverageTest {

  /** The parameters after a round stand for each of its steps. */
  @Test
  void isTheWeightedMeanOfAllSteps() {
    double decay = 0.9;
    WeightAverage ema = new WeightAverage.Exponential(decay);
    Random random = new Random(3);
    int[] rounds = {1, 4, 4, 2, 7};
    float[] average = ema.initial(new float[] {9, 9, 9});
    double[] sums = new double[3];
    double weights = 0;
    int steps = 0;
    for (int round : rounds) {
      float[] parameters = new float[3];
      for (int i = 0; i < 3; i++) {
        parameters[i] = (float) random.nextGaussian();
      }
      for (int step = 0; step < round; step++) {
        weights = decay * weights + 1 - decay;
        for (int i = 0; i < 3; i++) {
          sums[i] = decay * sums[i] + (1 - decay) * parameters[i];
        }
      }
      average = ema.next(average, parameters, steps, steps + round);
      steps += round;
      for (int i = 0; i < 3; i++) {
        assertThat((double) average[i]).isCloseTo(sums[i] / weights, within(1e-6));
      }
    }
  }

  @Test
  void noneKeepsNothing() {
    WeightAverage none = new WeightAverage.None();
    assertThat(none.initial(new float[] {1})).isEmpty();
    assertThat(none.next(new float[0], new float[] {1}, 0, 1)).isEmpty();
  }

  @Test
  void decaysThatNeverForgetOrGrowAreRefused() {
    for (double decay : new double[] {1, 1.5, -0.1, Double.NaN}) {
      assertThatThrownBy(() -> new WeightAverage.Exponential(decay))
          .hasMessage("decay must be at least 0 and below 1, got " + decay);
    }
  }
}
