package sluice.data;

import java.util.Map;

/**
 * The settings of Spark SQL that the meaning of Sluice's expressions rests on. Every session has
 * them, in jobs and in tests; a user cannot change them.
 */
public final class SessionSettings {
  private static final Map<String, String> FIXED =
      Map.of(
          "spark.sql.session.timeZone", "UTC",
          "spark.sql.datetime.java8API.enabled", "true",
          "spark.sql.caseSensitive", "true",
          "spark.sql.ansi.enabled", "false",
          "spark.sql.sources.partitionColumnTypeInference.enabled", "false",
          "spark.serializer", "org.apache.spark.serializer.JavaSerializer",
          // Dates are those of java.time, also before 1582: the default refuses to write them.
          "spark.sql.parquet.datetimeRebaseModeInWrite", "CORRECTED",
          "spark.sql.parquet.datetimeRebaseModeInRead", "CORRECTED",
          "spark.sql.parquet.int96RebaseModeInWrite", "CORRECTED",
          "spark.sql.parquet.int96RebaseModeInRead", "CORRECTED");

  private SessionSettings() {}

  public static Map<String, String> fixed() {
    return FIXED;
  }
}
