package sluice.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ConvergenceTest {
  private static LossFall falls(double... falls) {
    LossFall sum = new LossFall();
    for (double fall : falls) {
      sum.add(2 + fall, 2);
    }
    return sum;
  }

  @Test
  void aFallBeyondItsStandardErrorIsNotConverged() {
    // Mean 0.25, variance 0.25 / 3 of four: a standard error of 0.1443.
    Convergence falling = falls(0.5, 0.5, 0, 0).convergence(9, 10);
    assertThat(falling.fall()).isCloseTo(0.25, within(1e-12));
    assertThat(falling.standardError()).isCloseTo(Math.sqrt(0.25 / 3 / 4), within(1e-12));
    assertThat(falling.converged()).isFalse();
    assertThat(falling.text())
        .isEqualTo(
            "training had not converged: from epoch 9 to 10 the validation loss still fell by 0.250"
                + " (standard error 0.14); raise train.epochs");
    assertThat(falls(0.5, -0.4, 0, 0).convergence(9, 10).converged()).isTrue();
    assertThat(falls(-1, -1, -1).convergence(9, 10).converged()).isTrue();
    assertThat(falls(0, 0).convergence(9, 10).converged()).isTrue();
    assertThat(falls(0.1, 0.1).convergence(9, 10).converged()).isFalse();
    assertThat(falls(9e-5, 9e-5).convergence(9, 10).converged()).isTrue();
  }

  @Test
  void theSumsAreTheSameInAnyOrder() {
    Random random = new Random(1);
    LossFall whole = new LossFall();
    LossFall[] parts = {new LossFall(), new LossFall(), new LossFall()};
    for (int i = 0; i < 1000; i++) {
      double before = Math.exp(5 * random.nextGaussian());
      double after = Math.exp(5 * random.nextGaussian());
      whole.add(before, after);
      parts[random.nextInt(3)].add(before, after);
    }
    assertThat(parts[2].merge(parts[0]).merge(parts[1]).convergence(1, 2))
        .isEqualTo(whole.convergence(1, 2));
  }

  @Test
  void theLastTenthBeginsAtTheLatestValidationBefore() {
    assertThat(Convergence.beforeLastTenth(18, 20)).isTrue();
    assertThat(Convergence.beforeLastTenth(19, 20)).isFalse();
    assertThat(Convergence.beforeLastTenth(2, 3)).isTrue();
    assertThat(Convergence.beforeLastTenth(1, 1)).isFalse();
    assertThat(Convergence.beforeLastTenth(2_000_000_000, 2_100_000_000)).isFalse();
  }
}
