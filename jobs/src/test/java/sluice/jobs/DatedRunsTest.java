package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.data.RowKey;
import sluice.run.Stage;
import sluice.testing.LocalSpark;

/** Runs of dates: what each has, whatever the order in which they come. */
@Tag("pipeline")
final class DatedRunsTest {
  private static final String CONFIGURATION =
      """
      pipeline { name = daily, seed = 3, runs-dir = "{dir}/runs", window { days = 2, first = "2026-11-01" } }
      ingest {
        format = csv, path = "{dir}/data/{year}/{date}.csv", options { header = true }
        schema = "a DOUBLE, b DOUBLE, y STRING"
        max-quarantined = 0.1
      }
      clean.rules = [drop-duplicates, { type = reject-outside, column = a, max = 9 }]
      split { stratify-by = y }
      normalise {
        label = { column = y, type = class, positive = "yes" }
        features = [{ columns = [a, b], steps = [standardise] }]
      }
      model { type = mlp, hidden = [4] }
      train { epochs = 1, batch-size = 16, logical-workers = 2 }
      explain.repeats = 2
      evaluate { baselines = majority, resamples = 50 }
      """;

  private static final List<String> TO_SPLIT = List.of("ingest", "clean", "split");
  private static final List<String> TO_TRAIN =
      List.of("ingest", "clean", "split", "normalise", "augment", "train");

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  private Path dir;

  @BeforeAll
  static void openSession() {
    LocalSpark.session();
  }

  @BeforeEach
  void files() throws IOException {
    Files.createDirectories(dir.resolve("data/2026"));
    for (int day = 1; day <= 3; day++) {
      day(day, rows(day));
    }
    Files.writeString(dir.resolve("x.conf"), CONFIGURATION.replace("{dir}", dir.toString()));
  }

  private void day(int day, String rows) throws IOException {
    Files.writeString(dir.resolve("data/2026/2026-11-0%d.csv".formatted(day)), "a,b,y\n" + rows);
  }

  /** Some rows of a day, and two that all days have. */
  private static String rows(int day) {
    Random random = new Random(day);
    StringBuilder csv = new StringBuilder();
    for (int i = 0; i < 60 + 10 * day; i++) {
      double a = random.nextGaussian();
      double b = random.nextGaussian();
      csv.append(String.format(Locale.ROOT, "%.6f,%.6f,%s%n", a, b, a + b > 0 ? "yes" : "no"));
    }
    return csv + "0.5,0.5,yes\n0.5,0.5,yes\n99,0,no\nfew\n";
  }

  private List<String> run(String runs, List<String> jobs, int day) {
    List<String> lines = new ArrayList<>();
    for (String job : jobs) {
      lines.addAll(
          CommandLine.out(
              job,
              dir.resolve("x.conf").toString(),
              "--set",
              "pipeline.runs-dir=" + dir.resolve(runs),
              "--set",
              "pipeline.date=2026-11-0" + day));
    }
    return lines;
  }

  private StageOutputs outputs(String runs, int day) {
    return new StageOutputs(dir.resolve(runs).resolve("daily/date=2026-11-0" + day));
  }

  private Map<String, String> contents(String runs) {
    Map<String, String> contents = new TreeMap<>();
    for (int day = 1; day <= 3; day++) {
      List<String> digest = new ArrayList<>(List.of("digest"));
      for (Stage stage : List.of(Stage.RAW, Stage.CLEAN, Stage.SPLIT, Stage.FEATURES)) {
        digest.add(outputs(runs, day).published(stage).path().toString());
      }
      List<String> found = CommandLine.out(digest.toArray(String[]::new));
      contents.put(
          "tables of day " + day,
          found.stream().map(line -> line.substring(0, 64)).toList().toString());
      contents.put(
          "bundle of day " + day,
          String.valueOf(outputs(runs, day).published(Stage.MODEL).manifest().content()));
    }
    return contents;
  }

  private List<String> attempts(String runs, int day) {
    List<String> attempts = new ArrayList<>();
    for (Stage stage : List.of(Stage.RAW, Stage.CLEAN, Stage.SPLIT)) {
      attempts.add(outputs(runs, day).published(stage).attempt());
    }
    return attempts;
  }

  @Test
  void datesInAnyOrderHaveTheSameRowsAndBundles() {
    for (int day : new int[] {1, 2, 3}) {
      run("forward", TO_TRAIN, day);
    }
    for (int day : new int[] {3, 2, 1}) {
      run("backward", TO_TRAIN, day);
    }
    assertThat(contents("backward")).isEqualTo(contents("forward"));
    // Windows of one date, then of two; the rows that equal another of their date are rejects.
    assertThat(outputs("forward", 1).rows(Stage.SPLIT).count()).isEqualTo(71);
    assertThat(outputs("forward", 2).rows(Stage.SPLIT).count()).isEqualTo(71 + 81);
    assertThat(outputs("forward", 3).rows(Stage.SPLIT).count()).isEqualTo(81 + 91);
    // Equal rows of two dates have keys of their own, and the same part.
    List<org.apache.spark.sql.Row> equal =
        outputs("forward", 3).rows(Stage.SPLIT).filter("a = 0.5").collectAsList();
    assertThat(equal).hasSize(2);
    assertThat(
            equal.stream()
                .map(row -> RowKey.text(row.<byte[]>getAs("_key")).replaceFirst(".*#", "#")))
        .containsExactlyInAnyOrder("#0@2026-11-02", "#0@2026-11-03");
    assertThat(equal.stream().map(row -> row.<String>getAs("_part")).distinct()).hasSize(1);
  }

  /** The date before it has features of its own. */
  @Test
  void aDateIsJudgedByItsOwnTestRows() {
    run("runs", List.of("ingest", "clean", "split", "normalise"), 2);
    run("runs", TO_TRAIN, 3);
    run("runs", List.of("explain", "evaluate"), 3);
    long test = outputs("runs", 3).rows(Stage.SPLIT).filter("_part = 'test'").count();
    for (Stage stage : List.of(Stage.EXPLANATIONS, Stage.METRICS)) {
      assertThat(outputs("runs", 3).published(stage).manifest().rows()).containsEntry("rows", test);
    }
  }

  @Test
  void whatIsRunAgainReplacesItsOwnDateAlone() throws IOException {
    run("runs", TO_SPLIT, 1);
    run("runs", TO_SPLIT, 2);
    List<String> first = attempts("runs", 1);
    List<String> second = attempts("runs", 2);
    assertThat(run("runs", TO_SPLIT, 2)).allMatch(line -> line.contains(" rows unchanged"));
    assertThat(attempts("runs", 2)).isEqualTo(second);

    day(1, rows(1) + "0.25,0.25,yes\n");
    assertThat(run("runs", TO_SPLIT, 2)).allMatch(line -> line.contains(" rows unchanged"));
    assertThat(attempts("runs", 1)).isEqualTo(first);

    run("runs", TO_SPLIT, 1);
    assertThat(attempts("runs", 1)).doesNotContainAnyElementsOf(first);
    assertThat(attempts("runs", 2)).isEqualTo(second);
    assertThat(run("runs", TO_SPLIT, 2))
        .filteredOn(line -> line.contains("unchanged"))
        .allMatch(line -> line.startsWith("ingest ") || line.startsWith("clean "));
    assertThat(outputs("runs", 2).rows(Stage.SPLIT).count()).isEqualTo(72 + 81);
  }

  @Test
  void anotherConfigurationIsAppliedToTheWholeWindow() {
    run("runs", TO_SPLIT, 2);
    List<String> lines =
        CommandLine.out(
            "clean",
            dir.resolve("x.conf").toString(),
            "--set",
            "pipeline.date=2026-11-02",
            "--set",
            "clean.rules=[{type=reject-outside,column=a,max=9}]");
    assertThat(lines.stream().map(line -> line.replaceFirst(" +\\d+\\.\\d s", " 0.1 s")))
        .containsExactly(
            "clean              72 rows 0.1 s  of 2026-11-01: 1 rejected, 0 duplicates",
            "                                      rejected: 1 by rules[0] reject-outside (a)",
            "clean              82 rows 0.1 s  1 rejected, 0 duplicates",
            "                                      rejected: 1 by rules[0] reject-outside (a)");
  }

  @Test
  void datesThatCannotBeAreRefused() throws IOException {
    String conf = dir.resolve("x.conf").toString();
    assertThat(CommandLine.of("validate", conf).err())
        .containsExactly(
            ("%s: 3: pipeline.date must be given for ingest.path = [%s/data/{year}/{date}.csv], as by"
                    + " --set pipeline.date=2026-11-01")
                .formatted(conf, dir)
                .replace(": 3:", ": 1:"));
    assertThat(CommandLine.of("validate", conf, "--set", "pipeline.date=2026-11-31").err())
        .containsExactly(
            "--set pipeline.date=2026-11-31: pipeline.date must be a date as in 2026-11-01, got"
                + " \"2026-11-31\"");
    assertThat(CommandLine.of("validate", conf, "--set", "pipeline.date=2026-10-31").err())
        .containsExactly(
            "--set pipeline.date=2026-10-31: pipeline.date must not lie before window.first,"
                + " 2026-11-01, got 2026-10-31");
    assertThat(
            CommandLine.of(
                    "validate",
                    conf,
                    "--set",
                    "pipeline.date=2026-11-01",
                    "--set",
                    "ingest.path=all.csv")
                .err())
        .containsExactly(
            "--set ingest.path=all.csv: ingest.path must have a place for pipeline.date, as in"
                + " data/{date}.csv, got [all.csv]");
    CommandLine missing = CommandLine.of("run", conf, "--set", "pipeline.date=2026-11-05");
    assertThat(missing.code()).isEqualTo(3);
    assertThat(missing.err())
        .containsExactly("%s/data/2026/2026-11-04.csv: there is no such file".formatted(dir));
  }

  @Test
  void theLatestDatesAreKeptAndWhatIsNotOurs() throws IOException {
    for (int day = 1; day <= 3; day++) {
      run("runs", List.of("ingest"), day);
    }
    Path runs = dir.resolve("runs/daily");
    Files.writeString(runs.resolve("date=2026-11-01/notes.txt"), "somebody's");
    Files.writeString(runs.resolve("date=2026-11-01/raw/notes.txt"), "somebody's");
    Path left = runs.resolve("date=2026-11-03/clean");
    Files.createDirectories(left.resolve("20261103T010203004Z-0123abcd"));
    Files.writeString(left.resolve("20261103T010203004Z-0123abcd/part-0"), "half");
    Files.writeString(left.resolve("_20261103T010203004Z-0123abcd.json"), "{\"owner\": \"gone\"}");
    Files.createDirectories(left.resolve("not an attempt"));
    Files.writeString(left.resolve("not an attempt/x"), "somebody's");

    assertThat(CommandLine.out("prune", dir.resolve("runs").toString(), "2"))
        .containsExactly("daily 2026-11-01: removed, but for files that are not ours");
    assertThat(runs.resolve("date=2026-11-01"))
        .isDirectoryRecursivelyContaining("glob:**/notes.txt")
        .isDirectoryNotContaining("glob:**/_status.json");
    assertThat(runs.resolve("date=2026-11-01/raw").toFile().list()).containsExactly("notes.txt");
    assertThat(left.toFile().list()).containsExactly("not an attempt");
    assertThat(outputs("runs", 2).rows(Stage.RAW).count()).isEqualTo(83);
    assertThat(outputs("runs", 3).rows(Stage.RAW).count()).isEqualTo(93);

    assertThat(CommandLine.out("prune", dir.resolve("runs").toString(), "2d"))
        .containsExactly("daily 2026-11-01: removed, but for files that are not ours");
    assertThat(CommandLine.out("prune", dir.resolve("runs").toString(), "1d"))
        .containsExactly(
            "daily 2026-11-01: removed, but for files that are not ours",
            "daily 2026-11-02: removed");
    assertThat(runs.resolve("date=2026-11-02")).doesNotExist();
    assertThat(CommandLine.of("prune", dir.resolve("runs").toString(), "none").err())
        .containsExactly("KEEP must be a number of runs from 1, or of days as in 90d, got none");
  }

  @Test
  void runsAreListedByDate() {
    run("runs", List.of("ingest", "clean"), 2);
    assertThat(CommandLine.out("runs", dir.resolve("runs").toString()))
        .hasSize(3)
        .anyMatch(line -> line.startsWith("daily 2026-11-01"))
        .anyMatch(
            line ->
                line.matches(
                    "daily 2026-11-02   clean +succeeded +"
                        + LocalDate.now(ZoneOffset.UTC)
                        + "T.*"));
  }
}
