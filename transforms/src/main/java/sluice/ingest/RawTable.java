package sluice.ingest;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a format's reader makes of a source.
 *
 * @param rows the declared columns and {@code _source}
 * @param quarantined as in {@link Ingested#quarantined}
 */
record RawTable(Dataset<Row> rows, Dataset<Row> quarantined) {}
