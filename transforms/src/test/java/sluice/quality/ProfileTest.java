package sluice.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.data.SparkSchema;
import sluice.testing.LocalSpark;

class ProfileTest {
  private static final StructType SCHEMA = StructType.fromDDL("x double, k int, t string");

  private static List<ColumnProfile> profile(List<Row> rows, int partitions) {
    SparkSession spark = LocalSpark.session();
    // Not in the plan, which Spark compares with others row by row.
    JavaRDD<Row> given =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).parallelize(rows, 2);
    Dataset<Row> table = spark.createDataFrame(given, SCHEMA).repartition(partitions);
    return Profile.of(table, SparkSchema.contract(SCHEMA));
  }

  @Test
  void wholeProfilesOfASmallTable() {
    List<Row> rows =
        List.of(
            RowFactory.create(1.0, 1, "b"),
            RowFactory.create(2.0, null, "a"),
            RowFactory.create(Double.NaN, 1, "b"),
            RowFactory.create(null, 2, null),
            RowFactory.create(3.0, 1, "a"));

    List<ColumnProfile> profiles = profile(rows, 2);

    assertThat(profiles.get(0))
        .usingRecursiveComparison()
        .ignoringFields("numbers.histogram")
        .isEqualTo(
            new ColumnProfile(
                "x",
                "double",
                5,
                1,
                1,
                3L,
                new ColumnProfile.Numbers(1, 1, 2, 2, 3, 2, List.of(), 1, 2),
                List.of(
                    new ColumnProfile.Count("1", 1),
                    new ColumnProfile.Count("2", 1),
                    new ColumnProfile.Count("3", 1))));
    assertThat(profiles.get(2))
        .isEqualTo(
            new ColumnProfile(
                "t",
                "string",
                5,
                1,
                0,
                2L,
                null,
                List.of(new ColumnProfile.Count("a", 2), new ColumnProfile.Count("b", 2))));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void exactOnManyRowsWhateverThePartitions(int partitions) {
    Random random = new Random(5);
    double[] values = new double[75_000];
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextGaussian();
      rows.add(RowFactory.create(values[i], i % 3, "t" + i));
    }
    Arrays.sort(values);

    List<ColumnProfile> profiles = profile(rows, partitions);

    ColumnProfile x = profiles.get(0);
    assertThat(x.distinct()).isNull();
    ColumnProfile.Numbers numbers = Objects.requireNonNull(x.numbers());
    assertThat(numbers.min()).isEqualTo(values[0]);
    assertThat(numbers.median()).isEqualTo(values[(values.length - 1) / 2]);
    assertThat(numbers.max()).isEqualTo(values[values.length - 1]);
    assertThat(numbers.histogram().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(values.length);
    assertThat(profiles.get(1).top())
        .extracting(ColumnProfile.Count::rows)
        .containsExactly(25_000L, 25_000L, 25_000L);
    assertThat(profiles.get(2).top()).isEmpty();
  }

  @Test
  void emptyAndConstant() {
    assertThat(profile(List.of(), 1).get(0).numbers()).isNull();
    ColumnProfile constant =
        profile(List.of(RowFactory.create(5.0, 1, ""), RowFactory.create(5.0, 1, "")), 1).get(0);
    assertThat(Objects.requireNonNull(constant.numbers()).histogram()).containsExactly(2L);
  }
}
