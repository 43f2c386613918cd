package sluice.stages;

import static org.apache.spark.sql.functions.base64;
import static org.apache.spark.sql.functions.to_json;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import sluice.config.PredictSettings.Format;
import sluice.data.Columns;

/** Writes tables as files for other programs. */
final class TableFiles {
  /** Times in ISO 8601, so that no reader needs to know of which zone they are. */
  private static final Map<String, String> TIMES =
      Map.of(
          "timestampFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX",
          "timestampNTZFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSSSS");

  private TableFiles() {}

  /**
   * Writes a table into a directory, in one or more files.
   *
   * <p>CSV is that of RFC 4180 with a header and a line feed at the end of each record: a missing
   * value is nothing, an empty text is {@code ""}. Numbers have all the digits that tell them
   * apart; bytes are in Base64; arrays, maps and structs are JSON. JSON is one object a line, with
   * bytes in Base64 and a null for each missing value. In both, points in time are in UTC with a Z.
   */
  static void write(Dataset<Row> rows, Path path, Format format) {
    DataFrameWriter<Row> writer =
        switch (format) {
          case PARQUET -> rows.write().format("parquet");
          case JSON -> rows.write().format("json").option("ignoreNullFields", false).options(TIMES);
          case CSV ->
              texts(rows)
                  .write()
                  .format("csv")
                  .option("header", true)
                  .option("escape", "\"")
                  .option("emptyValue", "\"\"")
                  .option("ignoreLeadingWhiteSpace", false)
                  .option("ignoreTrailingWhiteSpace", false)
                  .options(TIMES);
        };
    writer.save(path.toString());
  }

  private static Dataset<Row> texts(Dataset<Row> rows) {
    List<Column> columns =
        Arrays.stream(rows.schema().fields()).map(field -> text(field).as(field.name())).toList();
    return rows.select(columns.toArray(Column[]::new));
  }

  private static Column text(StructField field) {
    Column value = Columns.named(field.name());
    DataType type = field.dataType();
    if (type instanceof BinaryType) {
      return base64(value);
    }
    if (type instanceof ArrayType || type instanceof MapType || type instanceof StructType) {
      return to_json(value, TIMES);
    }
    // Times are written by the writer's patterns.
    return type instanceof TimestampType || type instanceof TimestampNTZType
        ? value
        : value.cast(DataTypes.StringType);
  }
}
