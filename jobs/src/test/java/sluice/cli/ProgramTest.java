package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import sluice.cli.Jobs.Named;
import sluice.config.PipelineConfig;
import sluice.data.InvalidInput;
import sluice.jobs.Command;
import sluice.jobs.GateNotPassed;
import sluice.jobs.Job;
import sluice.jobs.JobContext;
import sluice.jobs.JobResult;
import sluice.run.HeldRun;
import sluice.run.RunDirectory;
import sluice.run.RunSettings;
import sluice.run.RunStatus;
import sluice.testing.LocalSpark;

final class ProgramTest {

  /** A job that counts numbers, or does what its test asks for. */
  private record Count(Function<JobContext, List<String>> body) implements Job {
    @Override
    public String purpose() {
      return "Counts what is there.";
    }

    @Override
    public List<String> plan(PipelineConfig config) {
      return List.of("would count for " + config.pipeline().name());
    }

    @Override
    public JobResult run(JobContext context) {
      return new JobResult(body.apply(context));
    }
  }

  private record Where() implements Command {
    @Override
    public String purpose() {
      return "Says where something is.";
    }

    @Override
    public List<String> parameters() {
      return List.of("RUN", "STAGE");
    }

    @Override
    public JobResult run(List<String> arguments) {
      if (arguments.contains("none")) {
        throw InvalidInput.configuration("none: there is no such run directory");
      }
      return new JobResult(List.of(String.join("/", arguments)));
    }
  }

  private record Each() implements Command {
    @Override
    public String purpose() {
      return "Says each thing.";
    }

    @Override
    public List<String> parameters() {
      return List.of("RUN", "THING...");
    }

    @Override
    public JobResult run(List<String> arguments) {
      return new JobResult(arguments);
    }
  }

  private record Ended(int code, List<String> out, List<String> err) {}

  private Path directory;

  @BeforeEach
  void in(@TempDir Path directory) throws IOException {
    this.directory = directory;
    Files.writeString(
        directory.resolve("good.conf"),
        "pipeline { name = demo, runs-dir = \"%s\" }".formatted(directory) + Sections.REQUIRED);
    Files.writeString(
        directory.resolve("bad.conf"),
        "pipeline { nam = x, seed = many }\nexplain.repeats = 1" + Sections.REQUIRED);
  }

  private Ended run(Function<JobContext, List<String>> body, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Program program =
        new Program(
            List.of(new Named<>("count", new Count(body))),
            List.of(new Named<>("where", new Where()), new Named<>("each", new Each())),
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            () -> false);
    String[] resolved =
        Stream.of(arguments)
            .map(argument -> argument.replace("DIR", directory.toString()))
            .toArray(String[]::new);
    int code = program.run(resolved);
    return new Ended(
        code,
        out.toString().replace(directory.toString(), "DIR").lines().toList(),
        err.toString().replace(directory.toString(), "DIR").lines().toList());
  }

  private static List<String> nothing(JobContext context) {
    throw new AssertionError("must not run");
  }

  static Stream<Arguments> commandLines() {
    return Stream.of(
        arguments(
            List.of("count"),
            new Ended(
                2,
                List.of(),
                List.of("Missing required parameter: 'CONF'", "See 'sluice count --help'."))),
        arguments(
            List.of(),
            new Ended(2, List.of(), List.of("Missing a command", "See 'sluice --help'."))),
        arguments(
            List.of("cuont", "DIR/good.conf"),
            new Ended(
                2,
                List.of(),
                List.of(
                    "Unmatched arguments from index 0: 'cuont', 'DIR/good.conf'",
                    "Did you mean: sluice count?",
                    "See 'sluice --help'."))),
        arguments(
            List.of("count", "DIR/good.conf", "--dry-rum"),
            new Ended(
                2,
                List.of(),
                List.of(
                    "Unknown option: '--dry-rum'",
                    "Possible solutions: --dry-run",
                    "See 'sluice count --help'."))),
        arguments(
            List.of("count", "DIR/good.conf", "--set"),
            new Ended(
                2,
                List.of(),
                List.of(
                    "Missing required parameter for option '--set' (KEY=VALUE)",
                    "See 'sluice count --help'."))),
        arguments(
            List.of("count", "DIR/none.conf"),
            new Ended(2, List.of(), List.of("DIR/none.conf: no such file"))),
        arguments(
            List.of("validate", "DIR/bad.conf"),
            new Ended(
                2,
                List.of(),
                List.of(
                    "DIR/bad.conf: 1: pipeline.nam is not a key; did you mean pipeline.name?",
                    "DIR/bad.conf: 1: pipeline.seed must be a whole number, got \"many\"",
                    "DIR/bad.conf: 2: explain.repeats must be at least 2, got 1"))),
        arguments(
            List.of("validate", "DIR/good.conf"),
            new Ended(0, List.of("DIR/good.conf is valid"), List.of())),
        arguments(
            List.of("validate", "DIR/good.conf", "--set", "pipeline.sede=1"),
            new Ended(
                2,
                List.of(),
                List.of(
                    "--set pipeline.sede=1: pipeline.sede is not a key; did you mean"
                        + " pipeline.seed?"))),
        arguments(
            List.of(
                "validate",
                "DIR/good.conf",
                "--set=spark.spark.sql.session.timeZone=CET",
                "--set=spark.sql.x=1",
                "--set=pipeline.name=a/b"),
            new Ended(
                2,
                List.of(),
                List.of(
                    "--set pipeline.name=a/b: pipeline.name must be letters, digits, dots,"
                        + " underscores and hyphens, a letter or digit first, got \"a/b\""))),
        arguments(
            List.of(
                "validate",
                "DIR/good.conf",
                "--set=spark.spark.sql.session.timeZone=CET",
                "--set=spark.sql.x=1"),
            new Ended(
                2,
                List.of(),
                List.of(
                    "--set spark.spark.sql.session.timeZone=CET: spark.spark.sql.session.timeZone"
                        + " must not be set, it is always UTC",
                    "--set spark.sql.x=1: spark.sql.x must begin with spark."))),
        arguments(
            List.of("count", "DIR/good.conf", "--dry-run"),
            new Ended(0, List.of("would count for demo"), List.of())),
        arguments(
            List.of("count", "DIR/good.conf", "--dry-run", "--set", "pipeline.name=other"),
            new Ended(0, List.of("would count for other"), List.of())),
        arguments(List.of("where", "a", "b"), new Ended(0, List.of("a/b"), List.of())),
        arguments(
            List.of("where", "a"),
            new Ended(
                2,
                List.of(),
                List.of("Missing required parameter: 'STAGE'", "See 'sluice where --help'."))),
        arguments(List.of("each", "a", "b", "c"), new Ended(0, List.of("a", "b", "c"), List.of())),
        arguments(
            List.of("each", "a"),
            new Ended(
                2,
                List.of(),
                List.of("Missing required parameter: 'THING'", "See 'sluice each --help'."))),
        arguments(
            List.of("where", "none", "b"),
            new Ended(2, List.of(), List.of("none: there is no such run directory"))));
  }

  @ParameterizedTest
  @MethodSource("commandLines")
  void aCommandLineHasItsAnswer(List<String> arguments, Ended expected) {
    assertThat(run(ProgramTest::nothing, arguments.toArray(String[]::new))).isEqualTo(expected);
  }

  @Test
  void theHelpListsTheCommands() {
    Ended ended = run(ProgramTest::nothing, "--help");
    assertThat(ended.code()).isZero();
    assertThat(ended.out())
        .contains("Usage: sluice [-hV] COMMAND")
        .contains("  count     Counts what is there.")
        .contains("  validate  Checks a configuration; reads no data.")
        .contains("  where     Says where something is.");
    assertThat(run(ProgramTest::nothing, "where", "--help").out())
        .contains("Usage: sluice where [-hV] RUN STAGE");
    assertThat(run(ProgramTest::nothing, "each", "--help").out())
        .contains("Usage: sluice each [-hV] RUN THING...");
    assertThat(run(ProgramTest::nothing, "count", "--help").out())
        .contains("Usage: sluice count [-hV] [--dry-run] [--force] [--set=KEY=VALUE]... CONF");
    assertThat(run(ProgramTest::nothing, "--version").out())
        .containsExactly("sluice (not packed), Spark 3.5.7, Java " + Runtime.version());
  }

  @Test
  void aJobRunsInASessionAndItsResultIsPrinted() {
    LocalSpark.session();
    List<String> seen = new ArrayList<>();
    Ended ended =
        run(
            context -> {
              seen.add(context.rerun() + " " + context.config().pipeline().seed());
              return List.of("rows " + context.spark().range(5).count());
            },
            "count",
            "DIR/good.conf",
            "--force",
            "--set=pipeline.seed=7");
    assertThat(ended).isEqualTo(new Ended(0, List.of("rows 5"), List.of()));
    assertThat(seen).containsExactly("ALWAYS 7");
  }

  /** Runs a command as {@code scripts/sluice} does: its log goes to a file of the run. */
  private Ended runLogged(Function<JobContext, List<String>> body, String... arguments) {
    LocalSpark.session();
    System.setProperty("sluice.log", "file");
    try {
      Ended ended = run(body, arguments);
      return new Ended(ended.code(), masked(ended.out()), masked(ended.err()));
    } finally {
      System.clearProperty("sluice.log");
    }
  }

  private static List<String> masked(List<String> lines) {
    return lines.stream()
        .map(line -> line.replaceAll("\\d{8}T\\d{9}Z", "TIME"))
        .map(line -> line.replaceAll("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\dZ", "TIME"))
        .toList();
  }

  private List<String> logged() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("demo/_logs"))) {
      return masked(Files.readAllLines(files.toList().get(0)));
    }
  }

  @Test
  void theLogOfALocalRunGoesToItsDirectoryAndWhatAUserMustKnowToTheScreen() throws IOException {
    Ended ended =
        runLogged(
            context -> {
              LoggerFactory.getLogger("sluice.demo.Part").info("nothing to mind");
              LoggerFactory.getLogger("sluice.demo.Part").warn("3 of {} left out", 7);
              LoggerFactory.getLogger("sluice.demo.Part").error("ftp://me:hush@host is lost");
              LoggerFactory.getLogger("org.apache.Library").warn("a library's word");
              return List.of("rows 5");
            },
            "count",
            "DIR/good.conf",
            "--set=spark.spark.hadoop.fs.x.password=hushhush");
    assertThat(ended)
        .isEqualTo(
            new Ended(
                0,
                List.of("rows 5", "log DIR/demo/_logs/TIME-count.txt"),
                List.of("warning: 3 of 7 left out", "error: ftp://<redacted>@host is lost")));
    assertThat(logged())
        .contains(
            "TIME WARN  Part: 3 of 7 left out",
            "TIME ERROR Part: ftp://<redacted>@host is lost",
            "TIME WARN  Library: a library's word")
        .noneMatch(line -> line.contains("hush"));
  }

  @Test
  void aDefectIsShownWithItsTraceAndTheNameOfItsLog() throws IOException {
    Ended ended =
        runLogged(
            context -> {
              LoggerFactory.getLogger("org.apache.Library").warn("what led to it");
              throw new IllegalStateException("a defect");
            },
            "count",
            "DIR/good.conf");
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err().get(0)).isEqualTo("java.lang.IllegalStateException: a defect");
    assertThat(ended.err()).endsWith("log DIR/demo/_logs/TIME-count.txt");
    assertThat(logged())
        .containsSubsequence(
            "TIME WARN  Library: what led to it",
            "TIME ERROR JobRun: count: failed with exit code 1:",
            "java.lang.IllegalStateException: a defect")
        .anyMatch(line -> line.startsWith("\tat sluice.cli.ProgramTest"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void whatAUserCanMendIsToldWithoutATraceAndIsInTheLog(RuntimeException failure, Ended expected)
      throws IOException {
    List<String> told = new ArrayList<>(expected.err());
    told.add("log DIR/demo/_logs/TIME-count.txt");
    assertThat(
            runLogged(
                context -> {
                  throw failure;
                },
                "count",
                "DIR/good.conf"))
        .isEqualTo(new Ended(expected.code(), List.of(), told));
    told.set(0, "TIME ERROR JobRun: count: failed with exit code %d:".formatted(expected.code()));
    told.addAll(1, expected.err());
    assertThat(logged()).containsSubsequence(told.subList(0, 1 + expected.err().size()));
    assertThat(logged()).noneMatch(line -> line.startsWith("\tat "));
  }

  @Test
  void aRunThatIsHeldByAnotherLeavesNoLog() {
    RunDirectory held =
        RunDirectory.create(
            new org.apache.hadoop.fs.Path(directory.toString()), "demo", new Configuration());
    try (HeldRun writer = held.hold(RunSettings.DEFAULT, InstantSource.system())) {
      Ended ended = runLogged(ProgramTest::nothing, "count", "DIR/good.conf");
      assertThat(ended.code()).isEqualTo(5);
      assertThat(ended.err()).hasSize(1).noneMatch(line -> line.startsWith("log "));
      assertThat(writer.directory().status()).isEmpty();
    }
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        arguments(
            InvalidInput.data(List.of("x.csv: 3: too short", "x.csv: 7: too long")),
            new Ended(3, List.of(), List.of("x.csv: 3: too short", "x.csv: 7: too long"))),
        arguments(
            InvalidInput.configuration("runs: must be a directory"),
            new Ended(2, List.of(), List.of("runs: must be a directory"))),
        arguments(
            new GateNotPassed(List.of("rocAuc must be at least 0.9, got 0.8")),
            new Ended(4, List.of(), List.of("rocAuc must be at least 0.9, got 0.8"))));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void whatAUserCanMendIsToldWithoutATrace(RuntimeException failure, Ended expected) {
    LocalSpark.session();
    assertThat(
            run(
                context -> {
                  throw failure;
                },
                "count",
                "DIR/good.conf"))
        .isEqualTo(expected);
  }

  @Test
  void aRunKnownByItsOptionsIsToldOfAConfigurationThatCannotBeRead() throws IOException {
    Ended ended =
        run(
            ProgramTest::nothing,
            "count",
            "DIR/bad.conf",
            "--set=pipeline.runs-dir=DIR/runs",
            "--set=pipeline.name=demo",
            "--set=pipeline.date=2026-11-02",
            "--set=pipeline.sede=1",
            "--set=no equals sign");
    assertThat(ended)
        .isEqualTo(new Ended(2, List.of(), List.of("--set no equals sign: must be key=value")));
    RunStatus status =
        RunDirectory.open(
                new org.apache.hadoop.fs.Path(
                    directory.resolve("runs/demo/date=2026-11-02").toString()),
                new Configuration())
            .status()
            .orElseThrow();
    assertThat(status)
        .isEqualTo(
            new RunStatus(
                "count",
                RunStatus.State.FAILED,
                2,
                "--set no equals sign: must be key=value",
                status.started(),
                status.ended()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--set=pipeline.name=demo",
        "--set=pipeline.runs-dir=DIR/runs",
        "--set=pipeline.name=demo --set=pipeline.runs-dir=DIR/runs --set=pipeline.date=today",
        "--set=pipeline.name=demo --set=pipeline.runs-dir=DIR/runs --dry-run"
      })
  void noDirectoryIsMadeForARunOfWhichNothingIsKnown(String options) {
    List<String> arguments = new ArrayList<>(List.of("count", "DIR/bad.conf"));
    arguments.addAll(List.of(options.split(" ")));
    assertThat(run(ProgramTest::nothing, arguments.toArray(String[]::new)).code()).isEqualTo(2);
    assertThat(directory.resolve("runs")).doesNotExist();
    assertThat(directory.resolve("demo")).doesNotExist();
  }

  @Test
  void anotherRunThatIsHeldKeepsItsStatus() {
    RunDirectory held =
        RunDirectory.create(
            new org.apache.hadoop.fs.Path(directory.toString()), "demo", new Configuration());
    try (HeldRun writer = held.hold(RunSettings.DEFAULT, InstantSource.system())) {
      RunStatus running = RunStatus.running("train", Instant.EPOCH);
      writer.report(running);
      assertThat(
              run(
                  ProgramTest::nothing,
                  "count",
                  "DIR/none.conf",
                  "--set=pipeline.name=demo",
                  "--set=pipeline.runs-dir=DIR"))
          .isEqualTo(new Ended(2, List.of(), List.of("DIR/none.conf: no such file")));
      assertThat(held.status()).contains(running);
    }
  }

  @Test
  void aDefectKeepsItsTrace() {
    LocalSpark.session();
    Ended ended =
        run(
            context -> {
              throw new IllegalStateException("a defect");
            },
            "count",
            "DIR/good.conf");
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err()).startsWith("java.lang.IllegalStateException: a defect");
    assertThat(ended.err().get(1)).startsWith("\tat sluice.cli.ProgramTest");
  }
}
