package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.data.Json;
import sluice.run.Stage;

/**
 * Trainings by {@code conf/spark/standalone.conf}, with what it has for safe clusters turned on, on
 * a cluster that lets in only those who know its secret.
 */
@Tag("server")
final class ClusterSettingsTest {
  private static final String SECRET = "only-for-this-test";
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String GAUGE =
      "metrics_sluice_driver_plugin_sluice_training_TrainingMetrics_";

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  private static Path directory;

  @SuppressWarnings("NullAway.Init") // set before the tests
  private static TinyRun run;

  @SuppressWarnings("NullAway.Init") // set before the tests
  private static TestCluster cluster;

  @BeforeAll
  static void startClusterAndPrepare() throws Exception {
    String safe =
        "-Dspark.authenticate=true -Dspark.authenticate.secret="
            + SECRET
            + " -Dspark.network.crypto.enabled=true";
    Map<String, String> daemons = Map.of("SPARK_MASTER_OPTS", safe, "SPARK_WORKER_OPTS", safe);
    cluster = TestCluster.start(directory, "4g", daemons);
    run = TinyRun.prepare(directory);
    Files.createDirectory(directory.resolve("events"));
    Files.writeString(settings(), turnedOn());
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.stop();
  }

  /** The settings as they are, with authentication, encryption and event logs not commented out. */
  private static String turnedOn() throws IOException {
    String text = Files.readString(Scripts.ROOT.resolve("conf/spark/standalone.conf"));
    for (String key :
        List.of(
            "spark.authenticate ",
            "spark.authenticate.secret ",
            "spark.network.crypto.enabled ",
            "spark.io.encryption.enabled ",
            "spark.eventLog.enabled ",
            "spark.eventLog.dir ",
            "spark.eventLog.rolling.enabled ",
            "spark.eventLog.compress ")) {
      assertThat(text).contains("\n# " + key);
      text = text.replace("\n# " + key, "\n" + key);
    }
    return text.replace("CHANGE-ME", SECRET)
        .replace("hdfs:///spark-events", directory.resolve("events").toUri().toString());
  }

  @Test
  void inClusterModeTheDriverRunsOnAWorkerAndTheHistoryServerShowsTheRounds() throws Exception {
    String conf = Scripts.ROOT.relativize(run.configuration()).toString();

    Scripts.Said said =
        cluster.scripts(Map.of()).run(submit(conf, List.of(), "--deploy-mode", "cluster"));

    assertThat(said.code()).as(said.errors()).isZero();
    assertThat(said.errors())
        .contains("sluice: the driver starts on a worker, which must see ")
        .contains(" and " + run.configuration());
    Path driver;
    try (Stream<Path> files = Files.walk(directory.resolve("cluster/work-1"), 2)) {
      driver =
          files
              .filter(file -> file.endsWith("stderr") && file.toString().contains("/driver-"))
              .findFirst()
              .orElseThrow();
    }
    assertThat(Files.readString(driver))
        .contains("INFO  StageJob: model: published ")
        .contains("TrainStage: train: cpu: ");
    assertThat(run.outputs().published(Stage.MODEL).manifest().facts())
        .containsKey(TrainStage.DEVICE);

    Process server =
        cluster
            .scripts(
                Map.of(
                    "SPARK_HISTORY_OPTS",
                    "-Dspark.history.ui.port=0 -Dspark.history.fs.logDirectory="
                        + directory.resolve("events").toUri()
                        + " -Dlog4j2.configurationFile=file:"
                        + directory.resolve("cluster/log4j2.properties")))
            .start(
                directory.resolve("history.out"),
                directory.resolve("history.err"),
                TestCluster.SPARK.resolve("bin/spark-class").toString(),
                "org.apache.spark.deploy.history.HistoryServer");
    try {
      String log =
          await(
              () -> Files.readString(directory.resolve("history.err")),
              text -> port(text) > 0,
              server);
      String api = "http://127.0.0.1:%d/api/v1/applications".formatted(port(log));
      JsonNode applications =
          Json.tree(await(() -> get(api), body -> body.contains("\"id\""), server), "history");
      assertThat(applications).hasSize(1);
      assertThat(applications.get(0).get("name").asText()).isEqualTo("sluice train tiny");
      JsonNode attempt = applications.get(0).get("attempts").get(0);
      assertThat(attempt.get("completed").asBoolean()).isTrue();
      String application = api + "/" + applications.get(0).get("id").asText();
      List<String> jobs = new ArrayList<>();
      Json.tree(get(application + "/jobs"), "jobs")
          .forEach(job -> jobs.add(job.path("description").asText()));
      assertThat(jobs)
          .contains("train: epoch 1, minibatches 1 to 4", "train: epoch 5, minibatches 1 to 4");
      Map<String, String> properties = new TreeMap<>();
      Json.tree(get(application + "/environment"), "environment")
          .get("sparkProperties")
          .forEach(pair -> properties.put(pair.get(0).asText(), pair.get(1).asText()));
      assertThat(properties)
          .containsEntry("spark.executor.memoryOverhead", "2048m")
          .containsEntry("spark.io.encryption.enabled", "true")
          .containsEntry("spark.submit.deployMode", "cluster")
          .doesNotContainValue(SECRET);
      assertThat(properties.get("spark.executor.extraJavaOptions"))
          .contains("-XX:+UseParallelGC -Dorg.bytedeco.javacpp.maxbytes=1024m");
    } finally {
      server.destroy();
      server.waitFor();
    }
  }

  @Test
  void prometheusFindsTheFiguresOfARunningTraining() throws Exception {
    int port = freePort();
    Process training =
        cluster
            .scripts(Map.of())
            .start(
                directory.resolve("training.out"),
                directory.resolve("training.err"),
                submit(
                    run.configuration().toString(),
                    List.of("--force", "--set", "train.epochs=100000"),
                    "--conf",
                    "spark.eventLog.enabled=false",
                    "--conf",
                    "spark.ui.port=" + port));
    try {
      String page =
          await(
              () -> get("http://127.0.0.1:%d/metrics/prometheus/".formatted(port)),
              body -> gauge(body, "epoch") >= 2,
              training);
      assertThat(gauge(page, "round")).isGreaterThanOrEqualTo(2);
      assertThat(gauge(page, "loss")).isBetween(0.0, 2.0);
      assertThat(gauge(page, "validationLoss")).isBetween(0.0, 2.0);
      assertThat(gauge(page, "examplesPerSecond")).isPositive();
      assertThat(get("http://127.0.0.1:%d/metrics/executors/prometheus/".formatted(port)))
          .contains("metrics_executor_completedTasks_total{");
    } finally {
      training.destroy();
      training.waitFor();
    }
  }

  private static double gauge(String page, String name) {
    Matcher matcher =
        Pattern.compile(Pattern.quote(GAUGE + name + "_Value") + "\\{type=\"gauges\"\\} (\\S+)")
            .matcher(page);
    return matcher.find() ? Double.parseDouble(matcher.group(1)) : Double.NaN;
  }

  private static int port(String log) {
    Matcher matcher =
        Pattern.compile("Bound HistoryServer to \\S+ and started at http://[^:]+:(\\d+)")
            .matcher(log);
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
  }

  private static String[] submit(String conf, List<String> arguments, String... options) {
    List<String> all = new ArrayList<>(List.of("sluice", "submit", "train", conf));
    all.addAll(arguments);
    all.addAll(
        List.of("--", "--master", cluster.master(), "--properties-file", settings().toString()));
    all.addAll(List.of("--driver-memory", "1g", "--executor-memory", "1g"));
    all.addAll(List.of(options));
    return all.toArray(String[]::new);
  }

  private static Path settings() {
    return directory.resolve("standalone.conf");
  }

  /** What may not be there yet. */
  private interface Source {
    String read() throws IOException, InterruptedException;
  }

  /** What a source says once it is as wanted; the process must live until then. */
  private static String await(Source source, Predicate<String> wanted, Process process)
      throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    String latest = "nothing";
    while (System.nanoTime() < end && process.isAlive()) {
      try {
        latest = source.read();
        if (wanted.test(latest)) {
          return latest;
        }
      } catch (IOException e) {
        latest = e.toString();
      }
      Thread.sleep(200);
    }
    throw new AssertionError(
        "not within %s, the process %s: %s"
            .formatted(PATIENCE, process.isAlive() ? "is running" : "has ended", latest));
  }

  private static String get(String address) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(address)).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
