package sluice.ingest;

import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.InvalidInput;
import sluice.data.RowKey;

/** Reads a source as typed rows with keys. */
public final class Ingest {
  private Ingest() {}

  /**
   * Reads a source. What can be told without reading records is looked at here; records are read
   * when the tables are, and counted by {@link Ingested#check}.
   *
   * @param spark has the settings of {@link sluice.data.SessionSettings}
   * @throws InvalidInput (data) if the source is not what it should be, see {@link Source#read}
   */
  public static Ingested read(SparkSession spark, IngestSettings settings) {
    SourceRows read = settings.format().read(spark, settings);
    List<String> columns = settings.contract().names();
    List<String> selected = new ArrayList<>(List.of(DatasetContract.KEY, DatasetContract.SOURCE));
    if (!settings.parts().isEmpty()) {
      selected.add(DatasetContract.PART);
    }
    selected.addAll(columns);
    Dataset<Row> rows = read.rows();
    String sourceColumn = settings.sourceColumn();
    if (sourceColumn != null) {
      rows = withSource(rows, sourceColumn);
      selected.add(sourceColumn);
    }
    List<String> identifying = settings.key() == null ? columns : List.of(settings.key());
    Dataset<Row> keyed = rows.withColumn(DatasetContract.KEY, RowKey.of(identifying));
    return new Ingested(settings, read, keyed.select(Columns.named(selected)));
  }

  /** With the column of the rows' source, unless that source has given it a better name itself. */
  static Dataset<Row> withSource(Dataset<Row> rows, String column) {
    return Arrays.asList(rows.columns()).contains(column)
        ? rows
        : rows.withColumn(column, col(DatasetContract.SOURCE));
  }
}
