package sluice.testing;

import org.apache.spark.sql.SparkSession;
import sluice.data.SessionSettings;

/**
 * The one Spark session of a test process: two slots, two shuffle partitions, no user interface.
 */
public final class LocalSpark {
  private LocalSpark() {}

  public static SparkSession session() {
    SparkSession.Builder builder =
        SparkSession.builder()
            .master("local[2]")
            .appName("sluice tests")
            .config("spark.ui.enabled", false)
            .config("spark.sql.shuffle.partitions", 2)
            // The tests run the same few pipelines again and again: each query is compiled once.
            .config("spark.sql.codegen.cache.maxEntries", 5000)
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.sql.warehouse.dir", System.getProperty("java.io.tmpdir") + "/warehouse");
    SessionSettings.fixed().forEach(builder::config);
    return builder.getOrCreate();
  }
}
