package sluice.jobs;

import java.io.File;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The application as it ships, in one Java process for all tests of this process: its class path is
 * that of {@code scripts/sluice}, Spark's jars and {@code sluice.jar} alone. What shading breaks
 * shows here, and in no test whose class path is the build's.
 *
 * <p>Commands run one after the other, each in a Spark session of its own; what one leaves in the
 * process, such as warm code, the next one finds. Tests that use it have the tag {@code server}, as
 * the jar must be there.
 */
final class ShippedJar {
  /** Variables of its environment, secrets for configurations that ask for some. */
  private static final Map<String, String> PLANTED =
      Map.of(
          "PLANTED_OPTION", "planted-in-an-option",
          "PLANTED_SOURCE", "planted-in-a-source-to-predict",
          "PLANTED_SPARK", "planted-in-spark-under-a-plain-key");

  private static @Nullable ShippedJar started;

  private final Process process;
  private final Path log;
  private final ObjectOutputStream requests;
  private final ObjectInputStream answers;

  private ShippedJar(Process process, Path log) throws IOException {
    this.process = process;
    this.log = log;
    requests = new ObjectOutputStream(process.getOutputStream());
    requests.flush();
    answers = new ObjectInputStream(process.getInputStream());
  }

  /** The value of a variable of its environment. */
  static String planted(String name) {
    return Optional.ofNullable(PLANTED.get(name)).orElseThrow();
  }

  /** The one of this process, which ends with it. */
  static synchronized ShippedJar started() {
    if (started == null || !started.process.isAlive()) {
      try {
        started = start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return started;
  }

  private static ShippedJar start() throws IOException {
    Path directory =
        Files.createDirectories(
            Path.of("target", "shipped-jar", Long.toString(ProcessHandle.current().pid())));
    Path classes = directory.resolve("classes").toAbsolutePath();
    copyProgram(ShippedJarProgram.class, classes);
    Path log = directory.resolve("log.txt");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx1g",
            "-XX:+UseParallelGC",
            // The standard output is for answers.
            "-XX:+DisplayVMOutputToStderr",
            // As scripts/sluice starts it, with Java's classes that the build has kept.
            "-Xshare:auto",
            "-XX:SharedArchiveFile=" + Scripts.ROOT.resolve("jobs/target/sluice.jsa"),
            "-Xlog:cds=off",
            "-Xlog:cds+dynamic=off",
            "@" + Scripts.ROOT.resolve("conf/java.options"),
            "-Dorg.bytedeco.javacpp.maxbytes=1g",
            "-Dlog4j2.configurationFile=file:" + Scripts.ROOT.resolve("conf/log4j2.properties"),
            "-cp",
            String.join(
                File.pathSeparator,
                Scripts.ROOT.resolve("jobs/target/spark/jars") + "/*",
                Scripts.ROOT.resolve("jobs/target/sluice.jar").toString(),
                classes.toString()),
            ShippedJarProgram.class.getName()));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(Scripts.ROOT.toFile()).redirectError(log.toFile());
    builder.environment().put("OMP_NUM_THREADS", "1");
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().putAll(PLANTED);
    return new ShippedJar(builder.start(), log);
  }

  /** Copies a class file of the tests, and nothing else, into a directory of classes. */
  static void copyProgram(Class<?> program, Path classes) throws IOException {
    String file = program.getName().replace('.', '/') + ".class";
    Path copy = classes.resolve(file);
    Files.createDirectories(copy.getParent());
    Files.write(copy, Files.readAllBytes(Scripts.ROOT.resolve("jobs/target/test-classes/" + file)));
  }

  /** Runs a command as a user would give it. */
  CommandLine run(String... arguments) {
    Object[] ended = (Object[]) ask(arguments);
    return new CommandLine((int) ended[0], lines(ended[1]), lines(ended[2]));
  }

  /** The output of a command that must succeed. */
  List<String> out(String... arguments) {
    CommandLine ended = run(arguments);
    if (ended.code() != 0) {
      throw new AssertionError(
          "%s ended with %d: %s".formatted(List.of(arguments), ended.code(), ended.err()));
    }
    return ended.out();
  }

  /** What a {@code Scorer} with a bundle says of records: its predictions as text. */
  List<String> score(Path bundle, List<? extends Map<String, ?>> records) {
    List<String> predictions = new ArrayList<>();
    ((List<?>) ask(new Object[] {bundle.toString(), new ArrayList<>(records)}))
        .forEach(prediction -> predictions.add((String) prediction));
    return predictions;
  }

  /** What the process has logged so far. */
  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized Object ask(Object request) {
    try {
      requests.writeUnshared(request);
      requests.flush();
      return answers.readUnshared();
    } catch (IOException | ClassNotFoundException e) {
      throw new AssertionError("the process has ended; it said: " + log(), e);
    }
  }

  private static List<String> lines(Object text) {
    return ((String) text).lines().toList();
  }
}
