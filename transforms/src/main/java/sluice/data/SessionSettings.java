package sluice.data;

import java.util.Map;

/**
 * The settings of Spark SQL that the meaning of Sluice's expressions rests on. Every session has
 * them, in jobs and in tests; a user cannot change them.
 */
public final class SessionSettings {
  private static final Map<String, String> FIXED =
      Map.ofEntries(
          Map.entry("spark.sql.session.timeZone", "UTC"),
          Map.entry("spark.sql.datetime.java8API.enabled", "true"),
          Map.entry("spark.sql.caseSensitive", "true"),
          Map.entry("spark.sql.ansi.enabled", "false"),
          // ${env:NAME} in an expression or in a column's name would be the environment's value.
          Map.entry("spark.sql.variable.substitute", "false"),
          Map.entry("spark.sql.sources.partitionColumnTypeInference.enabled", "false"),
          Map.entry("spark.serializer", "org.apache.spark.serializer.JavaSerializer"),
          // INT96, the default, is read by others as nanoseconds, which end in 2262.
          Map.entry("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS"),
          // Dates are those of java.time, also before 1582: the default refuses to write them.
          Map.entry("spark.sql.parquet.datetimeRebaseModeInWrite", "CORRECTED"),
          Map.entry("spark.sql.parquet.datetimeRebaseModeInRead", "CORRECTED"),
          Map.entry("spark.sql.parquet.int96RebaseModeInWrite", "CORRECTED"),
          Map.entry("spark.sql.parquet.int96RebaseModeInRead", "CORRECTED"));

  private SessionSettings() {}

  public static Map<String, String> fixed() {
    return FIXED;
  }
}
