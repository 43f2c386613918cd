package sluice.ingest;

import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import sluice.data.DatasetContract;

/**
 * What a source gives; both tables are lazy, and together they are all its records.
 *
 * @param rows {@link DatasetContract#SOURCE}, the columns of the settings and, if {@link
 *     Source#hasPositions}, {@link NewRows#POSITION}, which of files only rows to score have. If
 *     {@code source-column} is asked for, a source may give that column, of texts; otherwise it is
 *     made of {@code SOURCE}. Files that are given for parts have {@link DatasetContract#PART} too
 * @param quarantined as in {@link Ingested#quarantined}
 * @param notes what a user should know of the source; asked for once the tables were computed
 * @param presence of what is read
 * @param absent of columns without a value in any row, those that the source does not have
 */
public record SourceRows(
    Dataset<Row> rows,
    Dataset<Row> quarantined,
    Supplier<List<String>> notes,
    Presence presence,
    UnaryOperator<List<String>> absent) {
  /** The columns of what could not be read. */
  public static final StructType QUARANTINED =
      StructType.fromDDL("_source string, _position bigint, _record string, _reason string");

  /** Rows without anything malformed among them. */
  public static SourceRows of(Dataset<Row> rows) {
    return new SourceRows(
        rows,
        rows.sparkSession().createDataFrame(List.<Row>of(), QUARANTINED),
        List::of,
        Presence.ALWAYS,
        columns -> List.of());
  }
}
