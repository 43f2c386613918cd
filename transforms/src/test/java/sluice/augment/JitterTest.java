package sluice.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;

class JitterTest {

  @Test
  void addsNoiseInProportionToEachFeature() {
    List<Row> rows = Features.rows(7, 700, 300);
    List<Row> added = Features.added(Features.train(rows), 1, new Jitter(3, 0.1));
    assertThat(added).hasSize(3_000);

    double[] sums = new double[3];
    double[] squares = new double[3];
    for (Row row : added) {
      Row source = Features.source(rows, row);
      assertThat(Features.indices(row)).isEqualTo(Features.indices(source));
      assertThat(row.getInt(2)).isEqualTo(source.getInt(2));
      assertThat(Features.key(row))
          .isEqualTo("%s%08x".formatted(Features.sourceKey(row), row.getInt(7)));
      for (int i = 0; i < 3; i++) {
        double noise = Features.numbers(row)[i] - Features.numbers(source)[i];
        sums[i] += noise;
        squares[i] += noise * noise;
      }
    }
    for (int i = 0; i < 3; i++) {
      int at = i;
      double mean = rows.stream().mapToDouble(r -> Features.numbers(r)[at]).average().orElseThrow();
      double deviation =
          Math.sqrt(
              rows.stream()
                  .mapToDouble(r -> Math.pow(Features.numbers(r)[at] - mean, 2))
                  .average()
                  .orElseThrow());
      // Five standard errors of a mean and of a deviation of 3,000 normal values.
      assertThat(sums[i] / 3_000).isEqualTo(0, within(5 * 0.1 * deviation / Math.sqrt(3_000)));
      assertThat(Math.sqrt(squares[i] / 3_000))
          .isEqualTo(0.1 * deviation, within(5 * 0.1 * deviation / Math.sqrt(6_000)));
    }
  }

  @Test
  void aConstantStaysConstant() {
    List<Row> rows =
        List.of(
            RowFactory.create(
                new byte[] {1}, "train", 0, List.of(0.1f, 1f), List.of(0, 1), List.of(7f)),
            RowFactory.create(
                new byte[] {2}, "train", 0, List.of(0.1f, 2f), List.of(0, 1), List.of(7f)));
    for (Row row : Features.added(Features.train(rows), 1, new Jitter(5, 1))) {
      double[] numbers = Features.numbers(row);
      assertThat(numbers[0]).isEqualTo(0.1f);
      assertThat(numbers[1]).isNotIn(1.0, 2.0);
      assertThat(numbers[2]).isEqualTo(7);
    }
  }
}
