package sluice.ingest;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * What a format's reader makes of a source.
 *
 * @param rows the declared columns and {@code _source}
 * @param quarantined as in {@link Ingested#quarantined}
 */
record RawTable(Dataset<Row> rows, Dataset<Row> quarantined) {
  /** The columns of {@link Ingested#quarantined}. */
  static final StructType QUARANTINED =
      StructType.fromDDL("_source string, _position bigint, _record string, _reason string");

  /** One table of several, one at least; a column that one lacks is null in its rows. */
  static RawTable union(List<RawTable> tables) {
    return tables.stream()
        .reduce(
            (one, other) ->
                new RawTable(
                    one.rows().unionByName(other.rows(), true),
                    one.quarantined().unionByName(other.quarantined())))
        .orElseThrow();
  }
}
