package sluice.ingest;

import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.decode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import java.nio.charset.StandardCharsets;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.TimeRange;

/**
 * Values that Parquet holds, and that no text of their type can be. {@link ParquetCheck} finds the
 * files that have one before they are read: what is changed here must be changed there.
 */
final class ParquetValues {
  private ParquetValues() {}

  /** Why a row is a malformed record; empty if it is none. */
  static Column reason(DatasetContract contract) {
    List<Column> reasons = new ArrayList<>();
    for (Field field : contract.fields()) {
      Column value = Columns.named(field.name());
      switch (field.type()) {
        case STRING ->
            reasons.add(
                when(
                    decode(value, "UTF-8").notEqual(value),
                    field.name() + ": " + SparkOptions.NOT_ENCODED + StandardCharsets.UTF_8));
        case DATE -> reasons.add(outside(field, TimeRange.FIRST_DAY, TimeRange.END));
        case TIMESTAMP ->
            reasons.add(
                outside(
                    field,
                    TimeRange.FIRST_DAY.atStartOfDay(ZoneOffset.UTC).toInstant(),
                    TimeRange.END.atStartOfDay(ZoneOffset.UTC).toInstant()));
        case TIMESTAMP_NTZ ->
            reasons.add(
                outside(
                    field,
                    TimeRange.FIRST_DAY.atTime(LocalTime.MIDNIGHT),
                    TimeRange.END.atTime(LocalTime.MIDNIGHT)));
        default -> {}
      }
    }
    return concat_ws("; ", reasons.toArray(Column[]::new));
  }

  private static Column outside(Field field, Object first, Object afterLast) {
    Column value = Columns.named(field.name());
    UDF1<Object, String> shown = Object::toString;
    return when(
        value.lt(lit(first)).or(value.geq(lit(afterLast))),
        concat(
            lit(field.name() + ": "),
            udf(shown, DataTypes.StringType).apply(value),
            lit(" is no " + field.type().ddl())));
  }
}
