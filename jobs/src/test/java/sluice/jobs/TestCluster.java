package sluice.jobs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A standalone cluster of a test's own: a master and one worker of two cores, each a process.
 *
 * @param directory that holds its logs in {@code cluster}, and what scripts say
 * @param master its address
 */
record TestCluster(Path directory, String master) {
  static final Path SPARK = Scripts.ROOT.resolve("jobs/target/spark");

  /**
   * Starts one.
   *
   * @param memory that the worker offers
   * @param environment of its processes, besides this one's
   */
  static TestCluster start(Path directory, String memory, Map<String, String> environment)
      throws IOException, InterruptedException {
    return new TestCluster(
        directory, scripts(directory, environment).output("cluster.sh", "start", "1", "2", memory));
  }

  /** Scripts that know the cluster. */
  Scripts scripts(Map<String, String> environment) {
    return scripts(directory, environment);
  }

  private static Scripts scripts(Path directory, Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("SLUICE_CLUSTER_DIR", directory.resolve("cluster").toString());
    all.put("SPARK_HOME", SPARK.toString());
    return new Scripts(directory, all);
  }

  /** Stops it. */
  void stop() throws IOException, InterruptedException {
    scripts(Map.of()).output("cluster.sh", "stop");
  }
}
