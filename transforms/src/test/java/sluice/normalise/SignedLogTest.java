package sluice.normalise;

import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sluice.testing.LocalSpark;

/** The step that the guide adds does what a step must. */
class SignedLogTest {
  private static final List<Double> NUMBERS =
      Arrays.asList(
          0.0, -0.0, 1.0, -1.0, 0.1, -123.456, Double.MIN_VALUE, 1e300, -Double.MAX_VALUE, null);

  @Test
  void bothFacesAgreeToTheBit() {
    FittedStep step = Fits.of(new SignedLog(), Kind.NUMBER, List.of(1.0));
    List<@Nullable Double> java = new ArrayList<>();
    List<@Nullable Double> spark = new ArrayList<>();
    for (Row row :
        LocalSpark.session()
            .createDataset(NUMBERS, Encoders.DOUBLE())
            .toDF("x")
            .select(expr("x"), expr(step.sql("x")))
            .collectAsList()) {
      java.add((Double) step.value(row.get(0)));
      spark.add((Double) row.get(1));
    }
    // Double.equals tells the zeros apart.
    assertThat(spark).isEqualTo(java).hasSize(NUMBERS.size());
  }

  @Test
  void itIsMonotone() {
    List<Double> sorted =
        NUMBERS.stream()
            .filter(x -> x != null)
            .sorted()
            .map(x -> new SignedLog().value(x))
            .toList();
    assertThat(sorted).isSorted();
  }
}
