package sluice.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SeededRandomTest {

  /** The first numbers of the reference implementation of SplitMix64 for the seed 1234567. */
  @Test
  void isSplitMix64() {
    SeededRandom random = new SeededRandom(1234567);
    assertThat(LongStream.generate(random::nextLong).limit(5))
        .containsExactly(
            6457827717110365317L,
            3203168211198807973L,
            Long.parseUnsignedLong("9817491932198370423"),
            4593380528125082431L,
            Long.parseUnsignedLong("16408922859458223821"));
    SplittableRandom java = new SplittableRandom(99);
    SeededRandom own = new SeededRandom(99);
    for (int i = 0; i < 1_000; i++) {
      assertThat(own.nextLong()).isEqualTo(java.nextLong());
    }
  }

  @Test
  void hasTheMomentsOfANormalDistribution() {
    SeededRandom random = new SeededRandom(3);
    double sum = 0;
    double squares = 0;
    double fourth = 0;
    int count = 200_000;
    for (int i = 0; i < count; i++) {
      double value = random.nextGaussian();
      assertThat(value).isFinite();
      sum += value;
      squares += value * value;
      fourth += value * value * value * value;
    }
    assertThat(sum / count).isEqualTo(0, within(0.012));
    assertThat(squares / count).isEqualTo(1, within(0.016));
    assertThat(fourth / count).isEqualTo(3, within(0.11));
  }

  @Test
  void staysBelowItsBound() {
    SeededRandom random = new SeededRandom(4);
    int[] counts = new int[7];
    for (int i = 0; i < 70_000; i++) {
      counts[random.nextInt(7)]++;
    }
    // Five standard deviations of a binomial count around 10,000.
    assertThat(Arrays.stream(counts).boxed())
        .allSatisfy(n -> assertThat(n).isBetween(9_537, 10_463));
  }
}
