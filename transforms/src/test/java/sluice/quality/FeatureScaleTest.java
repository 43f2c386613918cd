package sluice.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.quality.Finding.Level;
import sluice.testing.LocalSpark;

class FeatureScaleTest {
  private static final List<TensorSpec> GROUPS =
      List.of(
          group("numbers", Element.FLOAT32, List.of("age", "date.year")),
          group("city", Element.INDEX, List.of("city")),
          group("more", Element.FLOAT32, List.of("balance")));

  @Test
  void namesNumbersThatAreFarFromZeroInMostRows() {
    assertThat(
            FeatureScale.findings(
                rows(row(1f, 1995f, 700, -11f), row(-10f, 2001f, 700, 10f), row(30f, 0f, 700, 90f)),
                GROUPS))
        .containsExactly(
            new Finding(
                Level.WARNING,
                "features that no step has brought near 0, which a network learns badly from:"
                    + " date.year, balance: more than half of the train rows are beyond 10 in size"
                    + " (a last step standardise mends it)"));
  }

  @Test
  void saysNothingOfNumbersNearZeroAndOfCategories() {
    assertThat(FeatureScale.findings(rows(row(10f, -3f, 700, 0f), row(99f, 1f, 700, 1f)), GROUPS))
        .isEmpty();
    assertThat(FeatureScale.findings(rows(row(99f, 1f, 700, 1f)), GROUPS.subList(1, 2))).isEmpty();
  }

  @Test
  void namesTenOfMany() {
    List<String> names = IntStream.range(0, 12).mapToObj(i -> "c" + i).toList();
    Dataset<Row> rows =
        LocalSpark.session()
            .createDataFrame(
                List.of(RowFactory.create(Collections.nCopies(12, 99f))),
                StructType.fromDDL("wide array<float>"));
    assertThat(FeatureScale.findings(rows, List.of(group("wide", Element.FLOAT32, names))))
        .singleElement()
        .extracting(Finding::text)
        .asString()
        .contains(": c0, c1, c2, c3, c4, c5, c6, c7, c8, c9 and 2 more: ");
  }

  private static TensorSpec group(String name, Element encoding, List<String> names) {
    return TensorSpec.of(name, encoding, List.of(names.size()), names, List.of(), List.of());
  }

  private static Row row(float age, float year, int city, float balance) {
    return RowFactory.create(List.of(age, year), List.of(city), List.of(balance));
  }

  private static Dataset<Row> rows(Row... rows) {
    return LocalSpark.session()
        .createDataFrame(
            List.of(rows),
            StructType.fromDDL("numbers array<float>, city array<int>, more array<float>"));
  }
}
