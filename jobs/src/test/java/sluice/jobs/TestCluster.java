package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A standalone cluster of a test's own: a master and one worker of two cores, each a process. It
 * lets in only those who know its secret, and its worker says that it has GPUs 3 and 5, which
 * nobody computes on: Spark hands them out all the same.
 *
 * @param directory that holds its logs in {@code cluster}, and what scripts say
 * @param master its address
 */
record TestCluster(Path directory, String master) {
  static final Path SPARK = Scripts.ROOT.resolve("jobs/target/spark");
  static final String SECRET = "only-for-this-test";

  /** What {@code conf/spark/standalone.conf} has for safe clusters and event logs. */
  private static final List<String> COMMENTED_OUT =
      List.of(
          "spark.authenticate ",
          "spark.authenticate.secret ",
          "spark.network.crypto.enabled ",
          "spark.io.encryption.enabled ",
          "spark.eventLog.enabled ",
          "spark.eventLog.dir ",
          "spark.eventLog.rolling.enabled ",
          "spark.eventLog.compress ");

  /** Starts one. */
  static TestCluster start(Path directory) throws IOException, InterruptedException {
    Path discovery =
        Files.createFile(
            directory.resolve("discover.sh"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    Files.writeString(
        discovery, "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [\"3\",\"5\"]}'\n");
    String safe =
        "-Dspark.authenticate=true -Dspark.authenticate.secret="
            + SECRET
            + " -Dspark.network.crypto.enabled=true";
    Map<String, String> daemons =
        Map.of(
            "SPARK_MASTER_OPTS",
            safe,
            "SPARK_WORKER_OPTS",
            safe
                + " -Dspark.worker.resource.gpu.amount=2"
                + " -Dspark.worker.resource.gpu.discoveryScript="
                + discovery);
    Files.createDirectory(directory.resolve("events"));
    TestCluster cluster =
        new TestCluster(
            directory, scripts(directory, daemons).output("cluster.sh", "start", "1", "2", "4g"));
    Files.writeString(cluster.settings(), cluster.turnedOn());
    return cluster;
  }

  /** Stops it. */
  void stop() throws IOException, InterruptedException {
    scripts(Map.of()).output("cluster.sh", "stop");
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

  /**
   * {@code conf/spark/standalone.conf}, its authentication, encryption and event logs turned on.
   */
  private Path settings() {
    return directory.resolve("standalone.conf");
  }

  private String turnedOn() throws IOException {
    String text = Files.readString(Scripts.ROOT.resolve("conf/spark/standalone.conf"));
    for (String key : COMMENTED_OUT) {
      assertThat(text).contains("\n# " + key);
      text = text.replace("\n# " + key, "\n" + key);
    }
    return text.replace("CHANGE-ME", SECRET)
        .replace("hdfs:///spark-events", directory.resolve("events").toUri().toString());
  }

  /** The arguments of {@code scripts/sluice} that submit a command. */
  String[] submit(List<String> command, List<String> settings, String... more) {
    List<String> all = new ArrayList<>(List.of("sluice", "submit"));
    all.addAll(command);
    all.addAll(List.of("--", "--master", master));
    all.addAll(List.of("--driver-memory", "1g", "--executor-memory", "1g"));
    all.addAll(settings);
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  /** Options for a file of settings that knows the cluster's secret. */
  List<String> standalone() {
    return List.of("--properties-file", settings().toString());
  }

  /** Options for a file of settings that does not know the cluster's secret. */
  static List<String> gpu() {
    List<String> options = new ArrayList<>(List.of("--properties-file", "conf/spark/gpu.conf"));
    options.addAll(secret());
    return options;
  }

  /** Options that tell the cluster's secret, and nothing else. */
  private static List<String> secret() {
    return List.of(
        "--conf",
        "spark.authenticate=true",
        "--conf",
        "spark.authenticate.secret=" + SECRET,
        "--conf",
        "spark.network.crypto.enabled=true");
  }

  /** What processes that the worker started have said so far, a file each. */
  List<Path> said(String kind) throws IOException {
    Path work = directory.resolve("cluster/work-1");
    if (!Files.exists(work)) {
      return new ArrayList<>();
    }
    try (Stream<Path> files = Files.walk(work, 3)) {
      return new ArrayList<>(
          files
              .filter(file -> file.endsWith("stderr") && file.toString().contains("/" + kind + "-"))
              .toList());
    }
  }

  /** The executors that are running. */
  List<ProcessHandle> executors() throws IOException {
    String worker = Files.readString(directory.resolve("cluster/worker-1.pid")).strip();
    return ProcessHandle.of(Long.parseLong(worker))
        .orElseThrow()
        .children()
        .filter(
            process ->
                process.info().commandLine().orElse("").contains("CoarseGrainedExecutorBackend"))
        .toList();
  }
}
