package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import sluice.bundle.ModelBundle;
import sluice.data.Json;
import sluice.run.Stage;
import sluice.stages.TrainStage;

/**
 * What is submitted to a cluster of processes: the bank pipeline by {@code conf/spark/gpu.conf},
 * trainings by {@code conf/spark/standalone.conf}, one that loses an executor, and what the history
 * server shows of them afterwards.
 */
@Tag("server")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ClusterTest {
  private static final String GAUGE =
      "metrics_sluice_driver_plugin_sluice_training_TrainingMetrics_";
  private static final String NO_BUILD = "the jar holds no CUDA build of ND4J (build with -Pcuda)";
  private static final Pattern ROUND = Pattern.compile("train: epoch \\d+, minibatches .*");

  /** Some 110 short rounds, which nothing but the executors' memory keeps. */
  private static final List<String> MANY_ROUNDS =
      List.of(
          "--force",
          "--set",
          "train.epochs=10",
          "--set",
          "train.averaging-frequency=1",
          "--set",
          "train.checkpoint.every=0");

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  private static Path directory;

  @SuppressWarnings("NullAway.Init") // set before the tests
  private static TinyRun run;

  @SuppressWarnings("NullAway.Init") // set before the tests
  private static TestCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    cluster = TestCluster.start(directory);
    run = TinyRun.prepare(directory);
    FileUtils.copyDirectory(
        directory.resolve("runs").toFile(), directory.resolve("killed").toFile());
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.stop();
  }

  @Test
  @Order(1)
  void theBankPipelineMakesTheSameAsInOneProcessAndSaysWhyItIsOnCpus() throws Exception {
    BankRuns bank = BankRuns.make(cluster, directory);
    Map<Stage, Map<String, Long>> rows = BankRuns.rows(bank.local());
    assertThat(rows).containsKey(Stage.METRICS);
    assertThat(BankRuns.rows(bank.submitted())).isEqualTo(rows);
    String features = BankRuns.digest(bank.local());
    assertThat(BankRuns.digest(bank.submitted())).isEqualTo(features).matches("[0-9a-f]{64}");
    bank.assertSameMetrics();
    bank.assertScorerEqualsPredictJob();
    assertThat(bank.log()).contains("TrainStage: train: cpu: " + NO_BUILD + "\n");
    assertThat(
            Json.read(
                String.valueOf(
                    bank.submitted()
                        .published(Stage.MODEL)
                        .manifest()
                        .facts()
                        .get(TrainStage.DEVICE)),
                TrainStage.Device.class,
                "fact"))
        .isEqualTo(new TrainStage.Device("cpu", NO_BUILD));
  }

  @Test
  @Order(2)
  void eachExecutorIsBoundToItsOwnGpuBeforeItsFirstArray() throws Exception {
    Path trial = jarOf("trial.jar", Path.of("target/test-classes"), "sluice/training", "PinTrial");
    List<String> submit =
        new ArrayList<>(List.of(TestCluster.SPARK.resolve("bin/spark-submit").toString()));
    submit.addAll(List.of("--master", cluster.master(), "--class", "sluice.training.PinTrial"));
    submit.addAll(List.of("--driver-memory", "1g", "--executor-memory", "1g"));
    submit.addAll(TestCluster.gpu());
    Path jar = Scripts.ROOT.resolve("jobs/target/sluice.jar");
    submit.addAll(List.of("--jars", jar.toString(), trial.toString()));
    List<Path> before = cluster.said("app");

    String said = cluster.scripts(Map.of()).output(submit.toArray(String[]::new));

    assertThat(said.lines())
        .containsExactly(
            "gpu: 1 x each task, addresses from spark.task.resource.gpu.amount", "3 epochs");
    List<Path> executors = cluster.said("app");
    executors.removeAll(before);
    assertThat(executors).hasSize(2);
    TreeSet<String> gpus = new TreeSet<>();
    for (Path executor : executors) {
      String log = Files.readString(executor);
      SortedSet<String> own = found("device pinned: gpu (\\d+) \\(executor \\d+ on 127.0.0.1", log);
      assertThat(own).as(log).hasSize(1).isEqualTo(found("bound to (\\d+)", log));
      assertThat(log.indexOf("device pinned"))
          .as(log)
          .isPositive()
          .isLessThan(log.indexOf("natives:"));
      gpus.addAll(own);
    }
    assertThat(gpus).containsExactly("3", "5");
  }

  /** Executors of another library of products would train other bits. */
  @Test
  @Order(3)
  void anExecutorThatComputesOtherwiseIsRefused() throws Exception {
    Scripts.Said said =
        cluster
            .scripts(Map.of())
            .run(
                cluster.submit(
                    List.of("train", run.configuration().toString(), "--set", "pipeline.seed=8"),
                    cluster.standalone(),
                    "--conf",
                    "spark.eventLog.enabled=false",
                    "--conf",
                    "spark.executor.extraJavaOptions=-Dsluice.products=openblas"));
    assertThat(said.code()).as(said.errors()).isEqualTo(2);
    assertThat(said.errors())
        .containsPattern(
            "executor [01] on 127\\.0\\.0\\.1 must compute products of matrices as the driver does,"
                + " by oneDNN [^\\n]+, got OpenBLAS [^\\n]+: parameters would depend on where they"
                + " are trained");
    assertThat(run.outputs().run().resolve(Stage.MODEL.directory()).resolve("_current.json"))
        .doesNotExist();
  }

  /** What {@link AddedPartsTest} shows of the build's classes, of the jar that ships. */
  @Test
  @Order(3)
  void typesOfAnotherJarTrainOnExecutorsAndScoreHere() throws Exception {
    Path jar = jarOf("parts.jar", Path.of("target/test-classes"), "example", "");
    jarOf("parts.jar", Path.of("src/test/extension"), "META-INF/services", "");
    Path conf =
        Files.writeString(
            directory.resolve("rings.conf"),
            AddedParts.CONFIGURATION.replace("{dir}", directory.toString()));

    Scripts.Said said =
        cluster
            .scripts(Map.of())
            .run(
                cluster.submit(
                    List.of("run", conf.toString()),
                    cluster.standalone(),
                    "--jars",
                    jar.toString(),
                    "--conf",
                    "spark.eventLog.enabled=false"));

    assertThat(said.code()).as(said.errors()).isZero();
    StageOutputs outputs = new StageOutputs(directory.resolve("runs/rings"));
    List<Row> submitted = scored(outputs);
    assertThat(submitted).hasSizeBetween(30, 39);
    Scripts local =
        cluster.scripts(Map.of("SLUICE_JARS", jar.toString(), "SLUICE_DRIVER_MEMORY", "1g"));
    local.output("sluice", "predict", conf.toString(), "--force");
    assertThat(scored(outputs)).isEqualTo(submitted);
    assertThat(
            cluster.scripts(Map.of()).run("sluice", "predict", conf.toString(), "--force").errors())
        .contains(
            "ingest.format.type must be one of csv, folders, idx, json, lines, mail, parallel, parquet, got \"rings\"");
  }

  private static List<Row> scored(StageOutputs outputs) {
    return outputs
        .rows(Stage.PREDICTIONS, "scored")
        .select("x", "y", "prediction", "probability_inner")
        .orderBy("x")
        .collectAsList();
  }

  @Test
  @Order(4)
  void inClusterModeTheDriverRunsOnAWorker() throws Exception {
    String conf = Scripts.ROOT.relativize(run.configuration()).toString();

    Scripts.Said said =
        cluster
            .scripts(Map.of())
            .run(
                cluster.submit(
                    List.of("train", conf), cluster.standalone(), "--deploy-mode", "cluster"));

    assertThat(said.code()).as(said.errors()).isZero();
    assertThat(said.errors())
        .contains("sluice: the driver starts on a worker, which must see ")
        .contains(" and " + run.configuration());
    List<Path> drivers = cluster.said("driver");
    assertThat(drivers).hasSize(1);
    assertThat(Files.readString(drivers.get(0)))
        .contains("INFO  StageJob: model: published ")
        .contains("TrainStage: train: cpu: ");
    assertThat(run.outputs().published(Stage.MODEL).manifest().facts())
        .containsKey(TrainStage.DEVICE);
  }

  @Test
  @Order(5)
  void aTrainingThatLosesAnExecutorShowsItsFiguresAndGivesTheSameParameters() throws Exception {
    int port = freePort();
    Path errors = directory.resolve("training.err");
    List<String> train = new ArrayList<>(List.of("train", run.configuration().toString()));
    train.addAll(MANY_ROUNDS);
    List<String> local = List.copyOf(train);
    train.addAll(List.of("--set", "pipeline.runs-dir=" + directory.resolve("killed")));
    Process training =
        cluster
            .scripts(Map.of())
            .start(
                directory.resolve("training.out"),
                errors,
                cluster.submit(
                    train,
                    cluster.standalone(),
                    "--conf",
                    "spark.executor.cores=1",
                    "--conf",
                    "spark.ui.port=" + port));
    try {
      String page =
          Awaited.until(
              body -> gauge(body, "epoch") >= 2,
              () -> Awaited.get("http://127.0.0.1:%d/metrics/prometheus/".formatted(port)),
              training);
      assertThat(gauge(page, "round")).isGreaterThanOrEqualTo(2);
      assertThat(gauge(page, "loss")).isBetween(0.0, 2.0);
      assertThat(gauge(page, "validationLoss")).isBetween(0.0, 2.0);
      assertThat(gauge(page, "examplesPerSecond")).isPositive();
      assertThat(Awaited.get("http://127.0.0.1:%d/metrics/executors/prometheus/".formatted(port)))
          .contains("metrics_executor_completedTasks_total{");
      List<ProcessHandle> executors = cluster.executors();
      assertThat(executors).hasSize(2);
      assertThat(executors.get(0).destroyForcibly()).isTrue();
      assertThat(training.waitFor()).as(Files.readString(errors)).isZero();
    } finally {
      training.destroy();
      training.waitFor();
    }
    assertThat(Files.readString(errors)).contains("Lost executor");

    CommandLine.out(local.toArray(String[]::new));
    assertThat(parameters("killed")).containsExactly(parameters("runs"));
  }

  @Test
  @Order(6)
  void theHistoryServerShowsTheRoundsOfBoth() throws Exception {
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
          Awaited.until(
              text -> port(text) > 0,
              () -> Files.readString(directory.resolve("history.err")),
              server);
      String api = "http://127.0.0.1:%d/api/v1/applications".formatted(port(log));
      // The latest first, of those that had an event log: the bank pipeline had none.
      JsonNode applications =
          Json.tree(
              Awaited.until(
                  body -> body.split("\"attempts\"", -1).length > 2,
                  () -> Awaited.get(api),
                  server),
              "history");
      assertThat(applications).hasSize(2);
      applications.forEach(
          application -> {
            assertThat(application.get("name").asText()).isEqualTo("sluice train tiny");
            assertThat(application.at("/attempts/0/completed").asBoolean()).isTrue();
          });
      assertThat(rounds(api, applications.get(1)))
          .hasSize(15)
          .contains("train: epoch 1, minibatches 1 to 4", "train: epoch 5, minibatches 1 to 4");
      // The round that the executor was lost in was a job like the others: none began twice.
      assertThat(rounds(api, applications.get(0))).hasSize(110).doesNotHaveDuplicates();
      Map<String, String> properties = properties(api, applications.get(1));
      assertThat(properties)
          .containsEntry("spark.executor.memoryOverhead", "2048m")
          .containsEntry("spark.io.encryption.enabled", "true")
          .containsEntry("spark.submit.deployMode", "cluster")
          .doesNotContainValue(TestCluster.SECRET);
      assertThat(properties.get("spark.executor.extraJavaOptions"))
          .contains("-XX:+UseParallelGC -Dorg.bytedeco.javacpp.maxbytes=1024m");
    } finally {
      server.destroy();
      server.waitFor();
    }
  }

  private static List<String> rounds(String api, JsonNode application) throws Exception {
    List<String> rounds = new ArrayList<>();
    Json.tree(Awaited.get(api + "/" + application.get("id").asText() + "/jobs"), "jobs")
        .forEach(job -> rounds.add(job.path("description").asText()));
    rounds.removeIf(description -> !ROUND.matcher(description).matches());
    return rounds;
  }

  private static Map<String, String> properties(String api, JsonNode application) throws Exception {
    Map<String, String> properties = new TreeMap<>();
    Json.tree(Awaited.get(api + "/" + application.get("id").asText() + "/environment"), "spark")
        .get("sparkProperties")
        .forEach(pair -> properties.put(pair.get(0).asText(), pair.get(1).asText()));
    return properties;
  }

  private static float[] parameters(String runs) {
    StageOutputs outputs = new StageOutputs(directory.resolve(runs).resolve("tiny"));
    return ModelBundle.load(outputs.path(Stage.MODEL)).parameters();
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

  private static SortedSet<String> found(String pattern, String text) {
    TreeSet<String> found = new TreeSet<>();
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }

  /** A jar of a test class and those within it. */
  /** A jar with files of a package whose names begin so, added to those that it has. */
  private static Path jarOf(String jarName, Path root, String packaged, String name)
      throws IOException {
    Path jar = directory.resolve(jarName);
    Path source = root.resolve(packaged);
    try (FileSystem zip =
            FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of("create", "true"));
        Stream<Path> files = Files.list(source)) {
      Path target = Files.createDirectories(zip.getPath(packaged));
      files
          .map(file -> source.relativize(file).toString())
          .filter(file -> file.startsWith(name))
          .forEach(file -> copy(source.resolve(file), target.resolve(file)));
    }
    return jar;
  }

  private static void copy(Path from, Path to) {
    try (InputStream in = Files.newInputStream(from);
        OutputStream out = Files.newOutputStream(to)) {
      in.transferTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
