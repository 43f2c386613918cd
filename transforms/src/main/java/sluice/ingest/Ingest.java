package sluice.ingest;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.InvalidInput;
import sluice.data.RowKey;

/** Reads files as typed rows with keys. */
public final class Ingest {
  private Ingest() {}

  /**
   * Reads a source. Files, headers, and the schemas of Parquet files are looked at here; records
   * are read when the tables are, and counted by {@link Ingested#check}.
   *
   * @param spark has the settings of {@link sluice.data.SessionSettings}
   * @throws InvalidInput (data) if a path leads to no file, all files are empty, a header or a
   *     Parquet schema differs from what was declared, JSON is over several lines without {@code
   *     options.multiLine}, or an idx file is not what its header says or lacks its labels
   */
  public static Ingested read(SparkSession spark, IngestSettings settings) {
    List<String> files = SourceFiles.of(spark, settings);
    RawTable table =
        switch (settings.format()) {
          case "csv" -> Csv.read(spark, settings, files);
          case "idx" -> Idx.read(spark, settings, files);
          case "json" -> JsonFiles.read(spark, settings, files);
          case "parquet" -> Parquet.read(spark, settings, files);
          default -> throw new IllegalStateException(settings.format());
        };
    List<String> columns = settings.contract().names();
    Dataset<Row> keyed =
        settings.key() == null
            ? RowKey.byContent(table.rows(), columns)
            : RowKey.byColumn(table.rows(), settings.key());
    List<String> selected = new ArrayList<>(List.of(DatasetContract.KEY, DatasetContract.SOURCE));
    selected.addAll(columns);
    return new Ingested(settings, keyed.select(Columns.named(selected)), table.quarantined());
  }
}
