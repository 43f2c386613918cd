package sluice.evaluation.predictions;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.LongAccumulator;
import org.junit.jupiter.api.Test;
import sluice.evaluation.metric.Label;
import sluice.evaluation.metric.Predictions;
import sluice.evaluation.metric.Scores;
import sluice.evaluation.metric.SliceColumn;
import sluice.testing.LocalSpark;

/** Predictions of several labels that stand in one table. */
final class PredictionRowsTest {
  @Test
  void aTableIsComputedOnceForAllItsLabels() {
    SparkSession spark = LocalSpark.session();
    LongAccumulator computed = spark.sparkContext().longAccumulator();
    UDF1<Integer, Double> twice =
        x -> {
          computed.add(1);
          return 2.0 * x;
        };
    Dataset<Row> rows =
        spark
            .createDataFrame(
                List.of(
                    RowFactory.create("a", 1, 1.0, 1),
                    RowFactory.create("b", 2, null, 0),
                    RowFactory.create("c", 3, 3.0, null)),
                StructType.fromDDL("key string, x int, price double, sold int"))
            .withColumn(
                "said",
                array(udf(twice, DataTypes.DoubleType).asNondeterministic().apply(col("x"))))
            .withColumn("shares", array(lit(0.25), lit(0.75)));
    Label price = Label.number("price");
    Label sold = new Label("sold", List.of("no", "yes"), "yes");
    List<Predictions> predictions =
        PredictionRows.of(
            rows,
            List.of(
                new PredictionRows.Labelled(
                    price, new PredictionRows.Shape("key", "price", col("said"), List.of())),
                new PredictionRows.Labelled(
                    sold, new PredictionRows.Shape("key", "sold", col("shares"), List.of("x")))));
    assertThat(computed.value()).isEqualTo(3);
    assertThat(rows.storageLevel()).isEqualTo(StorageLevel.NONE());
    // Rows without the label are not among them: off by 1 and by 3, and one of two is right.
    assertThat(Scores.of(predictions.get(0), price).value("mae")).isEqualTo(2);
    assertThat(predictions.get(0).rows()).isEqualTo(2);
    assertThat(Scores.of(predictions.get(1), sold).value("accuracy")).isEqualTo(0.5);
    assertThat(predictions.get(1).slices().get(0).values()).containsExactly("1", "2");
  }

  @Test
  void aSliceMayHaveALongText() {
    String prose = "Zürich 雪 🌨 ".repeat(10_000);
    Dataset<Row> rows =
        LocalSpark.session()
            .createDataFrame(
                List.of(
                    RowFactory.create("a", 1.0, prose),
                    RowFactory.create("b", 2.0, ""),
                    RowFactory.create("c", 3.0, null)),
                StructType.fromDDL("key string, price double, prose string"))
            .coalesce(1);
    SliceColumn slice =
        PredictionRows.of(
                Label.number("price"),
                rows,
                new PredictionRows.Shape("key", "price", array(col("price")), List.of("prose")))
            .slices()
            .get(0);
    assertThat(slice.values()).containsExactly("", prose);
    assertThat(slice.rows()).isEqualTo(3);
  }
}
