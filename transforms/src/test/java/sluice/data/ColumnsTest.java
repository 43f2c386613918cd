package sluice.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import sluice.testing.Gadget;
import sluice.testing.LocalSpark;

class ColumnsTest {
  private static Dataset<Row> table() {
    return LocalSpark.session()
        .createDataFrame(
            List.of(RowFactory.create("k", 7)),
            new StructType().add("key", "string").add(Gadget.PROGRAM, "int"))
        .repartition(1);
  }

  private static final UDF1<Row, Integer> PLACE = row -> row.getInt(0);

  @Test
  void aRowIsTakenByItsPlaces() {
    assertThat(
            table()
                .select(
                    functions
                        .udf(PLACE, DataTypes.IntegerType)
                        .apply(Columns.row(Columns.named(Gadget.PROGRAM))))
                .first()
                .getInt(0))
        .isEqualTo(7);
    assertThat(Gadget.runs()).isZero();
  }

  @Test
  void aNameIsNeverPartOfAProgram() {
    assertThat(table().select(RowKey.of(List.of(Gadget.PROGRAM))).first().<byte[]>getAs(0))
        .isEqualTo(RowKey.of(RawRecord.of(java.util.Map.of("x", 7)), List.of("x")));
    assertThat(Digest.of(table(), "key")).matches("[0-9a-f]{64}");
    assertThat(Gadget.runs()).isZero();
  }

  /** By its name Spark compiles it. */
  @Test
  void theTrapOfThisTestIsSet() {
    table()
        .select(
            functions
                .udf(PLACE, DataTypes.IntegerType)
                .apply(functions.struct(Columns.named(Gadget.PROGRAM))))
        .collectAsList();
    assertThat(Gadget.runs()).isPositive();
  }

  @Test
  void recordsWithinRecordsAreNotDigested() {
    Dataset<Row> nested =
        LocalSpark.session().range(1).selectExpr("string(id) AS key", "array(struct(id)) AS a");
    assertThatThrownBy(() -> Digest.of(nested, "key"))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("column a must hold values or arrays of them to be digested, is struct");
  }
}
