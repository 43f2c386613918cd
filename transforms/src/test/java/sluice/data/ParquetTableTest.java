package sluice.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.testing.Gadget;
import sluice.testing.LocalSpark;

class ParquetTableTest {
  private static final String FOOTER =
      """
      {"type": "struct", "fields": [{"name": "a", "nullable": true, "metadata": {}, "type": {
        "type": "udt", "class": "sluice.testing.Gadget", "pyClass": null, "sqlType": "integer"}}]}
      """;

  @TempDir Path dir = Path.of("");

  private String hostile() throws IOException {
    MessageType type = MessageTypeParser.parseMessageType("message m { optional int32 a; }");
    Path file = Files.createDirectory(dir.resolve("table")).resolve("part-0.parquet");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
            .withType(type)
            .withExtraMetaData(Map.of("org.apache.spark.sql.parquet.row.metadata", FOOTER))
            .build()) {
      writer.write(new SimpleGroupFactory(type).newGroup().append("a", 7));
    }
    return dir.resolve("table").toString();
  }

  @Test
  void aClassThatAFooterNamesIsNotMade() throws IOException {
    String path = hostile();
    assertThat(ParquetTable.read(LocalSpark.session(), path).collectAsList())
        .extracting(row -> row.getInt(0))
        .containsExactly(7);
    assertThat(Gadget.runs()).isZero();
  }

  /** Spark itself makes it, whatever it is. */
  @Test
  void theTrapOfThisTestIsSet() throws IOException {
    String path = hostile();
    LocalSpark.session().read().parquet(path).collectAsList();
    assertThat(Gadget.runs()).isPositive();
  }

  @Test
  void whatSparkWroteIsReadAsItWas() {
    Dataset<Row> table =
        LocalSpark.session()
            .sql(
                """
                SELECT 1 AS i, 2L AS l, 3S AS s, 4Y AS b, 0.5F AS f, 0.25D AS d, 'x' AS t, true AS o,
                  X'01' AS bytes, DATE '1500-02-03' AS day, TIMESTAMP '2020-01-02 03:04:05' AS at,
                  TIMESTAMP_NTZ '2020-01-02 03:04:05' AS local, array(1.5F, 2.5F) AS fs,
                  array(1, NULL) AS ns, map('k', 1) AS m, named_struct('x', 1, 'y', 'z') AS st
                """);
    String path = dir.resolve("all").toString();
    table.write().parquet(path);
    Dataset<Row> read = ParquetTable.read(LocalSpark.session(), path);
    Dataset<Row> bySpark = LocalSpark.session().read().parquet(path);
    assertThat(read.schema()).isEqualTo(bySpark.schema());
    assertThat(read.drop("bytes").collectAsList()).isEqualTo(bySpark.drop("bytes").collectAsList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a[1]", "{a}", "a*", "a?b", "10:00", "a\\b", "a b%20", "x=1"})
  void aFolderOfAnyNameIsATable(String name) {
    LocalSpark.session().sql("SELECT 1 AS a").write().parquet(dir.resolve("a1").toString());
    String path = dir + "/" + name;
    LocalSpark.session().sql("SELECT 2 AS a").write().parquet(path);
    Dataset<Row> read = ParquetTable.read(LocalSpark.session(), path);
    assertThat(read.columns()).containsExactly("a");
    assertThat(read.collectAsList()).extracting(row -> row.getInt(0)).containsExactly(2);
  }

  @Test
  void whatIsNoTableIsSaid() throws IOException {
    Path folder = Files.createDirectory(dir.resolve("none"));
    Path file = Files.write(folder.resolve("part-0.parquet"), Gadget.serialised());
    assertThatThrownBy(() -> ParquetTable.read(LocalSpark.session(), folder.toString()))
        .isInstanceOf(InvalidInput.class)
        .hasMessageStartingWith("file:%s: must be a Parquet file: ".formatted(file));
    assertThat(Gadget.runs()).isZero();
  }
}
