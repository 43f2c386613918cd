package sluice.training.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import sluice.network.Network.Span;

class OuterOptimiserTest {
  private static final List<Span> SPANS = List.of(new Span(0, 2, 0.1), new Span(2, 3, 0));

  /** Worked by hand: two rounds, of which the second starts where the first ended. */
  @Test
  void slowMomentumAsInThePaper() {
    OuterOptimiser slow = new OuterOptimiser.SlowMomentum(0.5, 0.8);
    float[] velocity = slow.initialVelocity(3);
    float[] first = slow.next(new float[] {1, 2, 3}, new float[] {0.9f, 2.2f, 9}, velocity, SPANS);
    // u = (1 - 0.9) / 0.1 = 1 and -2; x = start - 0.5 * 0.1 * u.
    assertThat(velocity).containsExactly(new float[] {1, -2, 0}, within(1e-5f));
    assertThat(first).containsExactly(new float[] {0.95f, 2.1f, 9}, within(1e-6f));
    float[] second = slow.next(first, new float[] {0.95f, 2.0f, 9.5f}, velocity, SPANS);
    // u = 0.8 * 1 + 0 = 0.8; 0.8 * -2 + 1 = -0.6.
    assertThat(velocity).containsExactly(new float[] {0.8f, -0.6f, 0}, within(1e-5f));
    assertThat(second).containsExactly(new float[] {0.91f, 2.13f, 9.5f}, within(1e-6f));
  }

  @Test
  void slowMomentumWithoutMomentumIsTheAverage() {
    OuterOptimiser slow = new OuterOptimiser.SlowMomentum(1, 0);
    float[] mean = {0.5f, -3, 4};
    assertThat(slow.next(new float[] {1, 2, 3}, mean, slow.initialVelocity(3), SPANS))
        .containsExactly(mean, within(1e-6f));
  }

  /** The numbers of torch.optim.SGD(lr=0.7, momentum=0.9, nesterov=True), worked by hand. */
  @Test
  void nesterovAsPyTorchComputesIt() {
    OuterOptimiser nesterov = new OuterOptimiser.Nesterov(0.7, 0.9);
    float[] velocity = nesterov.initialVelocity(3);
    float[] first =
        nesterov.next(new float[] {1, 2, 3}, new float[] {0.9f, 2.2f, 9}, velocity, SPANS);
    // buf = g = 0.1; step = g + 0.9 * buf = 0.19; 1 - 0.7 * 0.19.
    assertThat(velocity).containsExactly(new float[] {0.1f, -0.2f, 0}, within(1e-6f));
    assertThat(first).containsExactly(new float[] {0.867f, 2.266f, 9}, within(1e-6f));
    float[] second = nesterov.next(first, new float[] {0.767f, 2.266f, 1}, velocity, SPANS);
    // buf = 0.9 * 0.1 + 0.1 = 0.19; step = 0.1 + 0.171; and -0.18; step = -0.162.
    assertThat(velocity).containsExactly(new float[] {0.19f, -0.18f, 0}, within(1e-6f));
    assertThat(second).containsExactly(new float[] {0.6773f, 2.3794f, 1}, within(1e-6f));
  }
}
