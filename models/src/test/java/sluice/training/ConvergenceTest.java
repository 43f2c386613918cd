package sluice.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.data.Json;
import sluice.network.Target;
import sluice.network.spec.Loss;

class ConvergenceTest {
  private static LossFall binary() {
    return new LossFall(List.of(Target.binary(1)), new double[] {1}, List.of(Loss.AUTO));
  }

  /** Every second row is of the other class: the constant loses ln 2. */
  private static Convergence.Fall falls(double... falls) {
    LossFall sum = binary();
    for (int i = 0; i < falls.length; i++) {
      sum.add(new float[][] {{i % 2}}, 2 + falls[i], 2);
    }
    return sum.between(9, 10);
  }

  private static @Nullable Boolean converged(double... falls) {
    return Convergence.of(falls(falls)).converged();
  }

  @Test
  void aFallBeyondItsStandardErrorIsNotConverged() {
    // Mean 0.25, variance 0.25 / 3 of four: a standard error of 0.1443.
    Convergence.Fall fall = falls(0.5, 0.5, 0, 0);
    assertThat(fall.loss()).isCloseTo(0.25, within(1e-12));
    assertThat(fall.standardError()).isCloseTo(Math.sqrt(0.25 / 3 / 4), within(1e-12));
    assertThat(fall.constantLoss()).isCloseTo(Math.log(2), within(1e-12));
    assertThat(Convergence.of(fall).warning())
        .hasValue(
            "training had not converged: from epoch 9 to 10 the validation loss still fell by 0.250"
                + " (standard error 0.14); raise train.epochs");
    assertThat(converged(0.5, 0.5, 0, 0)).isFalse();
    assertThat(converged(0.5, -0.4, 0, 0)).isTrue();
    assertThat(converged(-1, -1, -1)).isTrue();
    assertThat(converged(0, 0)).isTrue();
    assertThat(converged(0.1, 0.1)).isFalse();
    // A ten-thousandth of ln 2 is 6.9e-5.
    assertThat(converged(6e-5, 6e-5)).isTrue();
    assertThat(converged(8e-5, 8e-5)).isFalse();
  }

  /** What a manifest holds: the verdict, and what is to be done. */
  @Test
  void theVerdictAndWhatToRaiseAreSaid() {
    Convergence not = Convergence.of(falls(0.1, 0.1));
    assertThat(Json.write(not))
        .contains("\"converged\" : false", "\"raise\" : \"train.epochs\"", "\"from\" : 9");
    assertThat(Json.read(Json.write(not), Convergence.class, "x")).isEqualTo(not);
    Convergence had = Convergence.of(falls(0, 0));
    assertThat(Json.write(had)).contains("\"converged\" : true", "\"raise\" : null");
    assertThat(had.warning()).isEmpty();
    assertThat(Convergence.ofOneEpoch().converged()).isNull();
    assertThat(Convergence.ofOneEpoch().raise()).isEqualTo("train.epochs");
    assertThat(Convergence.unknown("there is no validation part").warning())
        .hasValue("whether training had converged cannot be told: there is no validation part");
  }

  /** The same training of labels in other units comes to the same verdict. */
  @ParameterizedTest
  @ValueSource(doubles = {1e-6, 0.01, 1, 1e6})
  void theScaleOfTheLabelDecidesNothing(double unit) {
    Boolean[] verdicts = new Boolean[2];
    double[] shares = {0.1, 5e-5};
    for (int v = 0; v < shares.length; v++) {
      LossFall numbers =
          new LossFall(List.of(Target.number()), new double[] {1}, List.of(Loss.AUTO));
      for (int i = 0; i < 4; i++) {
        // Of a variance of a quarter of the squared unit, some falls away.
        double variance = unit * unit / 4;
        numbers.add(new float[][] {{(float) (i % 2 * unit)}}, variance, variance * (1 - shares[v]));
      }
      verdicts[v] = Convergence.of(numbers.between(9, 10)).converged();
    }
    assertThat(verdicts).containsExactly(false, true);
  }

  @Test
  void theConstantLosesWhatItsLossSays() {
    assertThat(constant(Target.number(), Loss.AUTO, 1, 1, 3, 3)).isEqualTo(1);
    assertThat(constant(Target.number(), Loss.MEAN_ABSOLUTE_ERROR, 1, 1, 5, 5)).isEqualTo(2);
    assertThat(constant(Target.number(), new Loss.Huber(1.5), 1, 1, 5, 5)).isEqualTo(2);
    assertThat(constant(Target.number(), new Loss.Huber(0.5), 1, 1, 5, 5)).isEqualTo(1);
    assertThat(constant(Target.number(), new Loss.Quantile(0.9), 1, 1, 5, 5)).isEqualTo(1);
    assertThat(constant(Target.binary(1), new Loss.CrossEntropy(0.5), 0, 0, 0, 0))
        .isCloseTo(-0.75 * Math.log(0.75) - 0.25 * Math.log(0.25), within(1e-12));
    assertThat(constant(Target.binary(1), Loss.AUTO, 0, 0, 0, 1))
        .isCloseTo(-0.75 * Math.log(0.75) - 0.25 * Math.log(0.25), within(1e-12));
    assertThat(constant(Target.binary(0), Loss.MEAN_SQUARED_ERROR, 0, 0, 0, 1))
        .isCloseTo(0.75 * 0.25, within(1e-12));
    assertThat(constant(Target.binary(0), Loss.MEAN_ABSOLUTE_ERROR, 0, 0, 0, 1))
        .isCloseTo(0.25, within(1e-12));
    assertThat(constant(Target.classes(3), Loss.CROSS_ENTROPY, 0, 1, 2))
        .isCloseTo(Math.log(3), within(1e-12));
    assertThat(constant(Target.classes(3), Loss.CROSS_ENTROPY, 2, 2)).isZero();
  }

  /** Each name is there or not: a in three of four rows, b in all, c in none. */
  @Test
  void theConstantOfSetsIsOneOfEachName() {
    Target sets = Target.names(3);
    double cross = -0.75 * Math.log(0.75) - 0.25 * Math.log(0.25);
    assertThat(ofSets(sets, Loss.AUTO)).isCloseTo(cross, within(1e-12));
    assertThat(ofSets(sets, Loss.MEAN_SQUARED_ERROR)).isCloseTo(0.75 * 0.25 / 3, within(1e-12));
    assertThat(ofSets(sets, Loss.MEAN_ABSOLUTE_ERROR)).isCloseTo(0.25 / 3, within(1e-12));
  }

  private static double ofSets(Target target, Loss loss) {
    ConstantLoss first = new ConstantLoss(target, loss);
    ConstantLoss rest = new ConstantLoss(target, loss);
    first.addAll(new float[] {0, 1, 0});
    for (int i = 0; i < 3; i++) {
      rest.addAll(new float[] {1, 1, 0});
      // Without the label.
      rest.addAll(new float[0]);
    }
    first.merge(rest);
    assertThat(first.count()).isEqualTo(4);
    return first.value();
  }

  private static double constant(Target target, Loss loss, float... labels) {
    ConstantLoss first = new ConstantLoss(target, loss);
    ConstantLoss rest = new ConstantLoss(target, loss);
    first.add(labels[0]);
    for (int i = 1; i < labels.length; i++) {
      rest.add(labels[i]);
    }
    first.merge(rest);
    return first.value();
  }

  @Test
  void theSumsAreTheSameInAnyOrder() {
    Random random = new Random(1);
    LossFall whole = binary();
    LossFall[] parts = {binary(), binary(), binary()};
    for (int i = 0; i < 1000; i++) {
      double before = Math.exp(5 * random.nextGaussian());
      double after = Math.exp(5 * random.nextGaussian());
      whole.add(new float[][] {{i % 2}}, before, after);
      parts[random.nextInt(3)].add(new float[][] {{i % 2}}, before, after);
    }
    assertThat(parts[2].merge(parts[0]).merge(parts[1]).between(1, 2))
        .isEqualTo(whole.between(1, 2));
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
