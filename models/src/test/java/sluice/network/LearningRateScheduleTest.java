package sluice.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import sluice.data.Json;
import sluice.network.LearningRateSchedule.Constant;
import sluice.network.LearningRateSchedule.Cosine;
import sluice.network.LearningRateSchedule.Step;
import sluice.network.LearningRateSchedule.WarmupCosine;
import sluice.network.LearningRateSchedule.WarmupLinear;

class LearningRateScheduleTest {
  private static double[] factors(LearningRateSchedule schedule, int... steps) {
    double[] factors = new double[steps.length];
    for (int i = 0; i < steps.length; i++) {
      factors[i] = schedule.factor(steps[i], 12);
    }
    return factors;
  }

  @Test
  void factorsAreThoseOfTheirFormulas() {
    assertThat(factors(new Constant(), 0, 11)).containsExactly(1, 1);
    assertThat(factors(new Cosine(0), 0, 4, 6, 8))
        .containsExactly(new double[] {1, 0.75, 0.5, 0.25}, within(1e-12));
    assertThat(factors(new Cosine(0.2), 0, 6))
        .containsExactly(new double[] {1, 0.6}, within(1e-12));
    assertThat(factors(new WarmupCosine(0.25, 0), 0, 1, 2, 3, 6, 9))
        .containsExactly(new double[] {1 / 3.0, 2 / 3.0, 1, 1, 0.75, 0.25}, within(1e-12));
    assertThat(factors(new WarmupCosine(0, 0), 0, 6))
        .containsExactly(new double[] {1, 0.5}, within(1e-12));
    assertThat(factors(new WarmupLinear(0.25, 0), 0, 1, 2, 3, 6, 9))
        .containsExactly(new double[] {1 / 3.0, 2 / 3.0, 1, 1, 2 / 3.0, 1 / 3.0}, within(1e-12));
    assertThat(factors(new WarmupLinear(0, 0.5), 0, 6))
        .containsExactly(new double[] {1, 0.75}, within(1e-12));
    assertThat(factors(new Step(0.25, 0.1), 0, 2, 3, 5, 6, 11))
        .containsExactly(new double[] {1, 1, 0.1, 0.1, 0.01, 0.001}, within(1e-12));
  }

  @Test
  void noStepStandsStill() {
    for (LearningRateSchedule schedule :
        new LearningRateSchedule[] {
          new Constant(),
          new Cosine(0),
          new WarmupCosine(0.05, 0),
          new WarmupLinear(0.05, 0),
          new Step(0.01, 0.5)
        }) {
      for (int step = 0; step < 1000; step++) {
        assertThat(schedule.factor(step, 1000)).isPositive().isLessThanOrEqualTo(1);
      }
    }
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThatThrownBy(() -> new Cosine(1.5)).hasMessage("end must be between 0 and 1, got 1.5");
    assertThatThrownBy(() -> new WarmupCosine(1, -1))
        .hasMessage(
            "warmup must be at least 0 and below 1, got 1.0\nend must be between 0 and 1, got -1");
    assertThatThrownBy(() -> new Step(0, 2))
        .hasMessage("every must be above 0, got 0\nfactor must be at most 1, got 2.0");
    assertThatThrownBy(() -> new Step(Double.NaN, 0))
        .hasMessage(
            "every must be above 0, got NaN\nevery must be at most 1, got NaN\n"
                + "factor must be above 0, got 0");
  }

  @Test
  void everyUpdaterAsksTheScheduleAndKeepsItsOwnRateWithout() {
    LearningRateSchedule cosine = new Cosine(0);
    for (UpdaterSpec spec :
        new UpdaterSpec[] {
          new UpdaterSpec.Adam(0.2, 0.9, 0.999, 1e-8),
          new UpdaterSpec.Sgd(0.2),
          new UpdaterSpec.Nesterov(0.2, 0.9),
          new UpdaterSpec.RmsProp(0.2, 0.9, 1e-8)
        }) {
      IUpdater scheduled =
          new Optimisation(spec, GradientClipping.none(), cosine, 12).scheduled().clone();
      assertThat(scheduled.getLearningRate(4, 7)).isCloseTo(0.15, within(1e-12));
      IUpdater constant =
          new Optimisation(spec, GradientClipping.none(), new Constant(), 12).scheduled();
      assertThat(constant).isEqualTo(spec.updater());
      assertThat(constant.getLearningRate(4, 7)).isEqualTo(0.2);
    }
  }

  @Test
  void aRateThatIsLeftToTheDataHasToBeGivenFirst() {
    UpdaterSpec open = new UpdaterSpec.Adam(null, 0.9, 0.999, 1e-8);
    assertThatThrownBy(open::updater).isInstanceOf(IllegalStateException.class);
    assertThat(open.withLearningRate(0.3).updater()).isEqualTo(new Adam(0.3, 0.9, 0.999, 1e-8));
    Optimisation optimisation =
        new Optimisation(
            open.withLearningRate(0.3), GradientClipping.none(), new Step(0.5, 0.5), 9);
    assertThat(Json.read(Json.write(optimisation), Optimisation.class, "x"))
        .isEqualTo(optimisation);
  }
}
