package sluice.jobs;

import static org.apache.spark.sql.functions.base64;
import static org.apache.spark.sql.functions.to_json;

import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import sluice.config.PredictSettings.Format;
import sluice.data.Columns;

/** Writes tables as files for other programs. */
final class TableFiles {
  private TableFiles() {}

  /**
   * Writes a table into a directory, in one or more files.
   *
   * <p>CSV is that of RFC 4180 with a header and a line feed at the end of each record: a missing
   * value is nothing, an empty text is {@code ""}. Numbers have all the digits that tell them
   * apart; times are in UTC; bytes are in Base64; arrays, maps and structs are JSON. JSON is one
   * object a line, with bytes in Base64 and a null for each missing value.
   */
  static void write(Dataset<Row> rows, Path path, Format format) {
    DataFrameWriter<Row> writer =
        switch (format) {
          case PARQUET -> rows.write().format("parquet");
          case JSON ->
              rows.write()
                  .format("json")
                  .option("ignoreNullFields", false)
                  .option("timestampFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX")
                  .option("timestampNTZFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSSSS");
          case CSV ->
              texts(rows)
                  .write()
                  .format("csv")
                  .option("header", true)
                  .option("escape", "\"")
                  .option("emptyValue", "\"\"")
                  .option("ignoreLeadingWhiteSpace", false)
                  .option("ignoreTrailingWhiteSpace", false);
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
    if (field.dataType() instanceof BinaryType) {
      return base64(value);
    }
    return field.dataType() instanceof ArrayType
            || field.dataType() instanceof MapType
            || field.dataType() instanceof StructType
        ? to_json(value)
        : value.cast(DataTypes.StringType);
  }
}
