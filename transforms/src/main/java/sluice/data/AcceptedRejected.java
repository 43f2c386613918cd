package sluice.data;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Rows that go on and rows that do not; together they are all rows there were.
 *
 * @param accepted the rows that go on
 * @param rejected the others: {@code _key}, {@code _source}, {@code _rule} (place and type of the
 *     rule), {@code _reason}, and the columns with the values they were read with
 */
public record AcceptedRejected(Dataset<Row> accepted, Dataset<Row> rejected) {}
