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

  private static Dataset<Row> nested(String... columns) {
    return LocalSpark.session().range(3).selectExpr(columns);
  }

  @Test
  void recordsAreDigestedByTheirValues() {
    String digest =
        Digest.of(nested("string(id) AS key", "struct(array(id) AS x, 2 AS y) AS a"), "key");
    assertThat(
            Digest.of(
                nested("string(2 - id) AS key", "struct(array(2 - id) AS x, 2 AS y) AS a"), "key"))
        .isEqualTo(digest);
    for (String other :
        List.of(
            "struct(array(id) AS x, 3 AS y) AS a",
            "struct(array(id) AS x, 2 AS z) AS a",
            "if(id = 1, null, struct(array(id) AS x, 2 AS y)) AS a")) {
      assertThat(Digest.of(nested("string(id) AS key", other), "key")).isNotEqualTo(digest);
    }
    assertThat(
            Digest.of(
                nested("'k' AS key", "if(id >= 0, null, struct(id AS x, 2 AS y)) AS a"), "key"))
        .isNotEqualTo(
            Digest.of(
                nested(
                    "'k' AS key",
                    "struct(if(id >= 0, null, id) AS x, if(id >= 0, null, 2) AS y) AS a"),
                "key"));
  }

  /** Neither are those with names that could be a program. */
  @Test
  void recordsWithinArraysAreNotDigested() {
    for (String column :
        List.of("array(struct(id))", "struct(id AS `x-1`)", "struct(struct(id) AS x)")) {
      assertThatThrownBy(() -> Digest.of(nested("string(id) AS key", column + " AS a"), "key"))
          .isInstanceOf(InvalidInput.class)
          .hasMessage("column a must hold values or arrays of them to be digested, is struct");
    }
  }
}
