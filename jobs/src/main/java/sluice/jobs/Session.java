package sluice.jobs;

import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import sluice.data.SessionSettings;

/**
 * A Spark session for one command. What spark-submit sets wins; then come the settings of the
 * configuration, then those of a local run. A session that is open already in this process is used
 * as it is, and left open.
 */
public final class Session implements AutoCloseable {
  private static final String MAIN_CLASS = "sluice.cli.Main";
  private static final String SECRET = "_SPARK_AUTH_SECRET";

  private final SparkSession spark;
  private final Runnable close;

  private Session(SparkSession spark, Runnable close) {
    this.spark = spark;
    this.close = close;
  }

  /**
   * Opens a session.
   *
   * @param name the name of the application, as clusters show it
   * @param defaults settings that count where spark-submit sets nothing
   */
  public static Session open(String name, Map<String, String> defaults) {
    boolean open = SparkSession.getDefaultSession().isDefined();
    if (open) {
      SparkSession there = SparkSession.getDefaultSession().get();
      return new Session(there, () -> {});
    }
    SparkSession spark =
        SparkSession.builder().config(settings(name, defaults, new SparkConf())).getOrCreate();
    return new Session(spark, spark::stop);
  }

  /**
   * The settings of a session.
   *
   * @param submitted what spark-submit has set; is changed and returned
   */
  static SparkConf settings(String name, Map<String, String> defaults, SparkConf submitted) {
    SparkConf conf = submitted;
    defaults.forEach(conf::setIfMissing);
    // spark-submit names an application by its main class, unless it is told how.
    if (conf.get("spark.app.name", MAIN_CLASS).equals(MAIN_CLASS)) {
      conf.set("spark.app.name", name);
    }
    conf.setIfMissing("spark.master", "local[*]");
    // A standalone cluster hands its secret to a driver that it starts in the environment; Spark
    // then misses it among the settings.
    @Nullable String secret = System.getenv(SECRET);
    if (secret != null) {
      conf.setIfMissing("spark.authenticate.secret", secret);
    }
    // Parameters go out by a broadcast and come back as results in every round: floats hardly
    // compress, and a result above this size makes a detour through the block manager.
    conf.setIfMissing("spark.broadcast.compress", "false");
    conf.setIfMissing("spark.task.maxDirectResultSize", "64m");
    if (conf.get("spark.master").startsWith("local")) {
      conf.setIfMissing("spark.ui.enabled", "false");
      // A name that does not resolve, as on many laptops, would keep the driver from starting.
      conf.setIfMissing("spark.driver.host", "127.0.0.1");
      conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
      // Otherwise Spark leaves an empty directory where the command is run.
      conf.setIfMissing(
          "spark.sql.warehouse.dir", System.getProperty("java.io.tmpdir") + "/sluice-warehouse");
    }
    SessionSettings.fixed().forEach(conf::set);
    return conf;
  }

  /** The session, open until {@link #close}. */
  public SparkSession spark() {
    return spark;
  }

  @Override
  public void close() {
    close.run();
  }
}
