package sluice.ingest;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.InvalidInput;
import sluice.data.RowKey;

/** Reads files as typed rows with keys. */
public final class Ingest {
  private Ingest() {}

  /**
   * Reads a source. Files, headers, and the schemas of Parquet files are looked at here, and
   * compressed files are read once to their end; records are read when the tables are, and counted
   * by {@link Ingested#check}.
   *
   * @param spark has the settings of {@link sluice.data.SessionSettings}
   * @throws InvalidInput (data) if a path leads to no file, all files are empty, a header or a
   *     Parquet schema differs from what was declared, JSON is over several lines without {@code
   *     options.multiLine}, an idx file is not what its header says or lacks its labels, or a
   *     folder's name gives a column a value that is not of its type
   */
  public static Ingested read(SparkSession spark, IngestSettings settings) {
    OpenedSource source =
        OpenedSource.of(
            spark, settings, new DeclaredColumns(settings.contract().names(), Set.of()));
    RawTable table = table(spark, settings, source);
    Dataset<Row> rows = table.rows();
    Dataset<Row> quarantined = source.withDamaged(table.quarantined());
    List<String> columns = settings.contract().names();
    List<String> selected = new ArrayList<>(List.of(DatasetContract.KEY, DatasetContract.SOURCE));
    if (settings.path().byPart()) {
      Map<String, String> parts = new HashMap<>();
      source.listed().parts().forEach((name, part) -> parts.put(name, part.text()));
      rows = withText(rows, DatasetContract.PART, parts);
      quarantined = withText(quarantined, DatasetContract.PART, parts);
      selected.add(DatasetContract.PART);
    }
    selected.addAll(columns);
    String sourceColumn = settings.sourceColumn();
    if (sourceColumn != null) {
      rows = source.withNames(rows, sourceColumn);
      selected.add(sourceColumn);
    }
    List<String> identifying = settings.key() == null ? columns : List.of(settings.key());
    Dataset<Row> keyed = rows.withColumn(DatasetContract.KEY, RowKey.of(identifying));
    return new Ingested(
        settings,
        List.copyOf(source.files().keySet()),
        source.notes(),
        keyed.select(Columns.named(selected)),
        quarantined);
  }

  private static RawTable table(SparkSession spark, IngestSettings settings, OpenedSource source) {
    Map<SourceFile, FileHead> files = source.files();
    if (files.isEmpty()) {
      StructType schema = StructType.fromDDL(settings.contract().ddl());
      return new RawTable(
          spark.createDataFrame(List.<Row>of(), schema.add(DatasetContract.SOURCE, "string")),
          spark.createDataFrame(List.<Row>of(), RawTable.QUARANTINED));
    }
    if (settings.format().equals("json")) {
      return JsonFiles.read(
          spark,
          settings.options(),
          settings.contract(),
          files.keySet(),
          source.folders(),
          TextRows::table);
    }
    return source
        .folders()
        .read(
            settings.contract(),
            files,
            (group, given) -> table(spark, settings.withoutColumns(given), group));
  }

  /** The table of files that have all columns of the settings. */
  private static RawTable table(
      SparkSession spark, IngestSettings settings, Map<SourceFile, FileHead> files) {
    return switch (settings.format()) {
      case "csv" -> Csv.read(spark, settings, files);
      case "idx" -> Idx.read(spark, settings, List.copyOf(files.keySet()));
      case "parquet" ->
          Parquet.read(spark, settings.options(), settings.contract(), files, List.of());
      default -> throw new IllegalStateException(settings.format());
    };
  }

  /** With what a file's name stands for. */
  static Dataset<Row> withText(Dataset<Row> rows, String column, Map<String, String> textByFile) {
    Map<String, String> texts = new HashMap<>(textByFile);
    UDF1<String, String> text = texts::get;
    return rows.withColumn(
        column, udf(text, DataTypes.StringType).apply(col(DatasetContract.SOURCE)));
  }
}
