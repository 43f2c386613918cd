package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.run.Stage;
import sluice.testing.LocalSpark;

/** Files of their own for train and test, and the file's name as a column. */
final class SeparateFilesTest {
  private static final String CONFIGURATION =
      """
      pipeline { name = parts, seed = 7, runs-dir = "{dir}/runs" }
      ingest {
        format = csv
        path = { train = "{dir}/train.csv", test = "{dir}/test*.csv" }
        options { header = true }
        schema = "a INT, y STRING"
        max-quarantined = 0.5
      }
      clean { rules = [{ type = reject-outside, column = a, max = 1000 }, drop-duplicates] }
      split { validation = 0.2 }
      normalise {
        label = { column = y, type = class }
        features = [{ columns = [a], steps = [standardise] }]
      }
      """;

  @TempDir Path dir = Path.of("");

  @BeforeAll
  static void session() {
    LocalSpark.session();
  }

  @BeforeEach
  void write() throws IOException {
    Files.writeString(dir.resolve("train.csv"), rows(0, 100) + "5000,no\nbad,no\n5,no\n");
    // The first ten are rows of train.
    Files.writeString(dir.resolve("test1.csv"), rows(90, 120) + "6000,no\n");
    Files.writeString(dir.resolve("test2.csv"), rows(120, 140));
    Files.writeString(dir.resolve("parts.conf"), CONFIGURATION.replace("{dir}", dir.toString()));
  }

  private static String rows(int from, int to) {
    StringBuilder rows = new StringBuilder("a,y\n");
    for (int i = from; i < to; i++) {
      rows.append(i).append(i % 3 == 0 ? ",yes\n" : ",no\n");
    }
    return rows.toString();
  }

  private CommandLine sluice(String job, String... more) {
    String[] arguments = new String[2 + 2 * more.length];
    arguments[0] = job;
    arguments[1] = dir.resolve("parts.conf").toString();
    for (int i = 0; i < more.length; i++) {
      arguments[2 + 2 * i] = "--set";
      arguments[3 + 2 * i] = more[i];
    }
    CommandLine ended = CommandLine.of(arguments);
    return ended;
  }

  /** What is said, without the seconds and with single blanks. */
  private List<String> out(String job, String... more) {
    CommandLine ended = sluice(job, more);
    assertThat(ended.code()).as(String.join("\n", ended.err())).isZero();
    return ended.out().stream()
        .map(line -> line.replaceAll("[0-9.]+ s ", "").replaceAll(" +", " ").strip())
        .toList();
  }

  private StageOutputs outputs() {
    return new StageOutputs(dir.resolve("runs/parts"));
  }

  @Test
  void everyRowStaysInThePartOfItsFile() {
    assertThat(out("ingest"))
        .containsExactly(
            "ingest 153 rows 1 quarantined",
            "the first: %s/train.csv:103: a: \"bad\" is no int".formatted(dir));
    assertThat(out("clean"))
        .containsExactly(
            "clean 140 rows 2 rejected, 11 duplicates (train 11)",
            "rejected: 2 by rules[0] reject-outside (a)");
    assertThat(out("split")).containsExactly("split 140 rows train 72, validation 18, test 50");
    assertThat(outputs().published(Stage.RAW).manifest().rows())
        .containsEntry("rows", 153L)
        .containsEntry("train", 102L)
        .containsEntry("test", 51L);
    assertThat(
            outputs()
                .rows(Stage.SPLIT)
                .groupBy("_part")
                .agg(
                    org.apache.spark.sql.functions.min("a"),
                    org.apache.spark.sql.functions.max("a"))
                .orderBy("_part")
                .collectAsList())
        .startsWith(RowFactory.create("test", 90, 139))
        .hasSize(3);
    // What is unchanged is not made again, and what a part is made of is part of the key.
    assertThat(out("split")).containsExactly("split 140 rows unchanged");
    assertThat(outputs().published(Stage.RAW).manifest().key().inputs())
        .containsOnlyKeys("source train", "source test");
  }

  @Test
  void withoutDropDuplicatesTestRowsThatWereSeenAreCounted() {
    out("ingest");
    out("clean", "clean.rules=[]");
    assertThat(out("split", "clean.rules=[]"))
        .containsExactly(
            "split 153 rows train 82, validation 20, test 51",
            "10 test rows equal rows of train or validation");
  }

  @Test
  void validationCanHaveFilesToo() throws IOException {
    Files.writeString(dir.resolve("val.csv"), rows(200, 207));
    String validation = "ingest.path.validation=" + dir.resolve("val.csv");
    out("ingest", validation);
    out("clean", validation);
    assertThat(out("split", validation))
        .containsExactly("split 147 rows train 90, validation 7, test 50");
  }

  @Test
  void twoPartsCannotShareAFileThroughALink() throws IOException {
    Files.createSymbolicLink(dir.resolve("test3.csv"), dir.resolve("train.csv"));
    CommandLine ended = sluice("ingest");
    assertThat(ended.code()).isEqualTo(3);
    assertThat(ended.err())
        .containsExactly(
            "DIR/test3.csv: must belong to one part, is given for train as DIR/train.csv and for test"
                .replace("DIR", dir.toString()));
  }

  @Test
  void onlyTheShareOfValidationIsRead() {
    assertThat(sluice("validate", "split.validation=1").err())
        .anyMatch(
            line ->
                line.endsWith(
                    "split.validation must be below 1 where it is cut from train, got 1.0"));
    assertThat(sluice("validate", "ingest.path=x.csv").err())
        .anyMatch(line -> line.contains("split.train, validation and test must sum to 1"));
  }

  @Test
  void aRuleForTheSplitAndFilesOfPartsContradictEachOther() {
    CommandLine ended = sluice("validate", "split.by=hash", "split.train=0.65");
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err())
        .containsExactly(
            "--set split.by=hash: split.by must not be given where ingest.path gives the files of each"
                + " part, got hash: their rows stay in it, and validation is cut from train unless"
                + " it has files");
    assertThat(sluice("validate", "ingest.path=null", "ingest.path.train=x").err())
        .anyMatch(line -> line.endsWith("test must be given where train or validation is"));
    assertThat(sluice("validate", "ingest.path.files=x").err())
        .anyMatch(
            line ->
                line.endsWith("files must not be given together with train, validation or test"));
  }

  @Test
  void theFilesNameDecidesOnThePart() {
    String[] settings = {
      "ingest.path=" + dir + "/*.csv",
      "ingest.source-column=file",
      "clean.rules=[{ type = derive, column = file, to = STRING, expression ="
          + " \"if(file like 'test%', 'test', 'train')\" }]",
      "split.by=column",
      "split.column=file"
    };
    assertThat(out("ingest", settings))
        .containsExactly(
            "ingest 153 rows 1 quarantined",
            "the first: %s/train.csv:103: a: \"bad\" is no int".formatted(dir));
    out("clean", settings);
    assertThat(out("split", settings))
        .containsExactly("split 153 rows train 102, validation 0, test 51");
  }
}
