package sluice.ingest;

import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import sluice.data.DatasetContract;
import sluice.data.InvalidInput;

/**
 * Rows to be scored. Of their source only the columns that are needed must be there, with their
 * types, in any order where columns have names. Files hand on all others: as the text that they
 * have in CSV and JSON, as they are in Parquet. Lazy, like {@link Ingested}.
 *
 * @param rows {@link DatasetContract#SOURCE}, {@link #POSITION}, which is null in all rows unless
 *     {@link Source#hasPositions}, {@link #RECORD} and the columns
 * @param quarantined as in {@link Ingested#quarantined}
 * @param columns of the files and their folders, in their order, but for {@code reserved}
 * @param reserved columns of the files that are not handed on, since their names are blank or begin
 *     with an underscore
 * @param notes what a user should know of the files; asked for once the tables were computed
 * @param presence of what is read
 */
public record NewRows(
    Dataset<Row> rows,
    Dataset<Row> quarantined,
    List<String> columns,
    List<String> reserved,
    Supplier<List<String>> notes,
    Presence presence) {
  /**
   * The place of a record in its file, from 1: the line that it begins in for CSV, otherwise its
   * number among the records.
   */
  public static final String POSITION = "_position";

  /** The text of a record of CSV and JSON; null of other formats. */
  public static final String RECORD = "_record";

  public NewRows {
    columns = List.copyOf(columns);
    reserved = List.copyOf(reserved);
  }

  /**
   * Begins to read.
   *
   * @throws InvalidInput (data) if a needed column or one to keep is not there, or the source is
   *     not what it should be; (configuration) if a column that is handed on is called as {@code
   *     ingest.source-column}
   */
  public static NewRows read(SparkSession spark, NewRowsRequest wanted) {
    IngestSettings settings = wanted.settings();
    NewRows read = settings.format().readNew(spark, wanted);
    @Nullable String sourceColumn = settings.sourceColumn();
    if (sourceColumn == null) {
      return read;
    }
    if (read.columns().contains(sourceColumn)) {
      throw InvalidInput.configuration(
          ("ingest.source-column is %s, the name of a column that %s has too: give it another"
                  + " name, or leave that column out of predict.keep")
              .formatted(sourceColumn, settings.where()));
    }
    return read.with(Ingest.withSource(read.rows(), sourceColumn), read.quarantined());
  }

  /** The same with other tables. */
  NewRows with(Dataset<Row> otherRows, Dataset<Row> otherQuarantined) {
    return new NewRows(otherRows, otherQuarantined, columns, reserved, notes, presence);
  }
}
