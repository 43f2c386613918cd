package sluice.jobs;

import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import sluice.data.SessionSettings;

/**
 * A Spark session for one command. What spark-submit sets wins; then come the settings of the
 * configuration, then those of a local run. A session that is open already in this process is used
 * as it is, and left open.
 */
public final class Session implements AutoCloseable {
  /** The setting by which Spark tells what must not be shown. */
  private static final String REDACTION = "spark.redaction.regex";

  /** What Hadoop's own settings begin with among Spark's, which shows them under either name. */
  private static final String HADOOP = "spark.hadoop.";

  /**
   * By which keys or values Spark tells a secret from what it may show; its own expression leaves
   * out the keys of some stores and the user of a URL.
   */
  private static final String SECRETS =
      "(?i)secret|password|passwd|passphrase|token|credential"
          + "|(access|account|api|private|shared)[.]?key|://[^/\\s]*@";

  /** The property of a job of Spark's that says what it is for. */
  private static final String DESCRIPTION = "spark.job.description";

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
    return new Session(
        spark,
        () -> {
          spark.stop();
          // Spark forgets the default session alone, and would parse expressions in this one.
          SparkSession.clearActiveSession();
        });
  }

  /**
   * Opens a session in which further settings are secrets, so that no page and no log of Spark's
   * shows their values.
   *
   * @param name the name of the application, as clusters show it
   * @param defaults settings that count where spark-submit sets nothing
   * @param secret whether the value of a setting is a secret, by its key
   */
  public static Session open(String name, Map<String, String> defaults, Predicate<String> secret) {
    Map<String, String> all = new TreeMap<>(defaults);
    String keys =
        defaults.keySet().stream()
            .filter(secret)
            .map(key -> key.startsWith(HADOOP) ? key.substring(HADOOP.length()) : key)
            .map(key -> "|^(" + Pattern.quote(HADOOP) + ")?" + Pattern.quote(key) + "$")
            .collect(Collectors.joining());
    all.putIfAbsent(REDACTION, SECRETS + keys);
    return open(name, all);
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
    conf.setIfMissing(REDACTION, SECRETS);
    conf.setIfMissing("spark.master", "local[*]");
    // A standalone cluster hands its secret to a driver that it starts in the environment, where
    // Spark does not look for it.
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
      // Else a task that lacks memory ends the process, as an executor, without a word to the user.
      conf.setIfMissing("spark.executor.killOnFatalError.depth", "0");
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

  /** Shows in the moving line what Spark works at, where there is such a line. */
  public void describeTo(Progress progress) {
    if (progress.moves()) {
      spark
          .sparkContext()
          .addSparkListener(
              new SparkListener() {
                @Override
                public void onJobStart(SparkListenerJobStart job) {
                  @Nullable Properties own = job.properties();
                  progress.doing(own == null ? "" : own.getProperty(DESCRIPTION, ""));
                }
              });
    }
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
