package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
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
 * A standalone cluster whose worker says that it has GPUs 3 and 5, which nobody computes on: Spark
 * hands them out all the same.
 */
@Tag("server")
final class GpuClusterTest {
  private static final Path JAR = Scripts.ROOT.resolve("jobs/target/sluice.jar");
  private static final String[] ONE_EACH = {
    "--properties-file",
    "conf/spark/gpu.conf",
    "--conf",
    "spark.executor.memory=1g",
    "--conf",
    "spark.driver.memory=1g"
  };

  private static final String NO_BUILD = "the jar holds no CUDA build of ND4J (build with -Pcuda)";

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  private static Path directory;

  @SuppressWarnings("NullAway.Init") // set before the tests
  private static TinyRun run;

  @SuppressWarnings("NullAway.Init") // set before the tests
  private static TestCluster cluster;

  @BeforeAll
  static void startClusterAndPrepare() throws Exception {
    Path discovery =
        Files.createFile(
            directory.resolve("discover.sh"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    Files.writeString(
        discovery, "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [\"3\",\"5\"]}'\n");
    Map<String, String> daemons =
        Map.of(
            "SPARK_WORKER_OPTS",
            "-Dspark.worker.resource.gpu.amount=2"
                + " -Dspark.worker.resource.gpu.discoveryScript="
                + discovery);
    cluster = TestCluster.start(directory, "3g", daemons);
    run = TinyRun.prepare(directory);
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.stop();
  }

  @Test
  void eachExecutorIsBoundToItsOwnGpuBeforeItsFirstArray() throws Exception {
    Path trial = jarOf("sluice/training", "PinTrial");
    List<String> submit =
        new ArrayList<>(List.of(Scripts.ROOT.resolve("jobs/target/spark/bin/spark-submit") + ""));
    submit.addAll(List.of("--master", cluster.master(), "--class", "sluice.training.PinTrial"));
    submit.addAll(List.of(ONE_EACH));
    submit.addAll(List.of("--jars", JAR.toString(), trial.toString()));
    List<Path> before = executors();

    String said = cluster.scripts(Map.of()).output(submit.toArray(String[]::new));

    assertThat(said.lines())
        .containsExactly(
            "gpu: 1 x each task, addresses from spark.task.resource.gpu.amount", "3 epochs");
    List<Path> executors = executors();
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

  @Test
  void autoSaysWhyItIsOnCpusOnScreenAndInTheManifest() throws Exception {
    Scripts.Said said = train("auto");
    assertThat(said.code()).as(said.errors()).isZero();
    assertThat(said.errors()).contains("TrainStage: train: cpu: " + NO_BUILD + "\n");
    assertThat(
            Json.read(
                run.outputs().published(Stage.MODEL).manifest().facts().get(TrainStage.DEVICE) + "",
                TrainStage.Device.class,
                "fact"))
        .isEqualTo(new TrainStage.Device("cpu", NO_BUILD));
    assertThat(train("cpu").output()).startsWith("model: unchanged, kept ");
  }

  @Test
  void gpuWithoutACudaBuildIsRefused() throws Exception {
    Scripts.Said said = train("gpu");
    assertThat(said.code()).isEqualTo(2);
    assertThat(said.errors())
        .contains("train.device must be auto or cpu without a GPU, got gpu: " + NO_BUILD + "\n")
        .doesNotContain("Exception");
  }

  private static Scripts.Said train(String device) throws Exception {
    List<String> submit =
        new ArrayList<>(
            List.of(
                "sluice",
                "submit",
                "train",
                run.configuration().toString(),
                "--set",
                "train.device=" + device,
                "--",
                "--master",
                cluster.master()));
    submit.addAll(List.of(ONE_EACH));
    return cluster.scripts(Map.of()).run(submit.toArray(String[]::new));
  }

  /** What the executors of the cluster have said so far, a file each. */
  private static List<Path> executors() throws IOException {
    Path work = directory.resolve("cluster/work-1");
    if (!Files.exists(work)) {
      return new ArrayList<>();
    }
    try (Stream<Path> files = Files.walk(work, 3)) {
      return new ArrayList<>(
          files
              .filter(file -> file.endsWith("stderr") && file.toString().contains("/app-"))
              .toList());
    }
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
  private static Path jarOf(String packaged, String name) throws IOException {
    Path jar = directory.resolve("trial.jar");
    Path classes = Path.of("target/test-classes", packaged);
    try (FileSystem zip =
            FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of("create", "true"));
        Stream<Path> files = Files.list(classes)) {
      Path target = Files.createDirectories(zip.getPath(packaged));
      files
          .map(file -> classes.relativize(file).toString())
          .filter(file -> file.startsWith(name))
          .forEach(file -> copy(classes.resolve(file), target.resolve(file)));
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
}
