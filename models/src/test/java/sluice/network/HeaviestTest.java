package sluice.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HeaviestTest {
  private static final float[] WEIGHTS = {9, 0.5f, -2, 1, 1, 3, 1, 9};

  @Test
  void areTheGreatestInTheirOrder() {
    assertThat(Heaviest.of(WEIGHTS, 1, 6, 6)).containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(Heaviest.of(WEIGHTS, 1, 6, 3)).containsExactly(1, 2, 4);
    assertThat(Heaviest.of(WEIGHTS, 1, 6, 4)).containsExactly(1, 2, 3, 4);
    assertThat(Heaviest.of(WEIGHTS, 1, 6, 1)).containsExactly(4);
    assertThat(Heaviest.of(WEIGHTS, 8, 0, 3)).isEmpty();
  }

  @Test
  void areWhatASortFinds() {
    Random random = new Random(2);
    for (int trial = 0; trial < 200; trial++) {
      int count = random.nextInt(30);
      int most = 1 + random.nextInt(30);
      float[] weights = new float[count];
      for (int i = 0; i < count; i++) {
        weights[i] = random.nextInt(9) - 4;
      }
      int[] sorted =
          IntStream.range(0, count)
              .boxed()
              .sorted(Comparator.comparing(step -> -Math.abs(weights[step])))
              .limit(most)
              .mapToInt(Integer::intValue)
              .sorted()
              .toArray();
      assertThat(Heaviest.of(weights, 0, count, most)).containsExactly(sorted);
    }
  }
}
