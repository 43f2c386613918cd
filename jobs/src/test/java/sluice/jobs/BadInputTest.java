package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.cli.Main;
import sluice.run.HeldRun;
import sluice.run.Published;
import sluice.run.RunDirectory;
import sluice.run.RunSettings;
import sluice.run.Stage;
import sluice.testing.LocalSpark;

/**
 * What a user can get wrong. Every case begins with a copy of one good run, and must end with its
 * exit code, its message alone, and the outputs of the good run as they were.
 */
final class BadInputTest {
  private static final String HEADER = "age,income,city,y";
  private static final String PIPELINE =
      """
      pipeline { name = run, seed = 7, runs-dir = "{dir}/runs" }
      ingest {
        format = csv
        path = "{dir}/data.csv"
        options { header = true }
        schema = "age INT, income DOUBLE, city STRING, y STRING"
        max-quarantined = 0.05
      }
      clean { rules = [trim] }
      split { by = rank, stratify-by = y }
      normalise {
        label = { column = y, type = class, positive = "yes" }
        features = [
          { columns = [age, income], steps = [impute-median, standardise] }
          { columns = [city], steps = [impute-mode, one-hot] }
        ]
      }
      model { type = mlp, hidden = [4] }
      train { epochs = 2, batch-size = 32, logical-workers = 2, averaging-frequency = 2 }
      evaluate { baselines = [majority], resamples = 50 }
      explain { repeats = 2, max-rows = 20 }
      """;

  private static Path temp;

  /** The good run, with its data and its configuration. */
  private static Path good;

  @BeforeAll
  static void goodRun(@TempDir Path directory) throws IOException {
    temp = directory;
    LocalSpark.session();
    good = Files.createDirectory(temp.resolve("good"));
    Files.writeString(good.resolve("data.csv"), csv(rows(150)));
    Files.writeString(good.resolve("new.csv"), "age,income,city\n33,2000.5,Bern\n");
    Files.writeString(good.resolve("x.conf"), PIPELINE.replace("{dir}", good.toString()));
    for (List<String> job :
        List.of(
            List.of("run"),
            List.of("explain"),
            List.of("predict", "--set", "predict.source.path=" + good.resolve("new.csv")))) {
      Ended ended = sluice(job, conf(good));
      assertThat(ended.code()).as(String.join("\n", ended.errors())).isZero();
    }
    assertThat(shown(good).keySet())
        .containsExactlyInAnyOrder(
            Arrays.stream(Stage.values())
                .filter(stage -> stage != Stage.CHECKPOINTS)
                .toArray(Stage[]::new));
  }

  /**
   * @param what the fault, in a few words
   * @param data what is done to the text of the data
   * @param charset of the data
   * @param configuration what is done to the text of the configuration
   * @param before jobs that succeed with the changed data, before the one that meets the fault
   * @param command the job that meets the fault, and its options
   * @param code the exit code
   * @param errors the whole error output, with {dir} for the directory
   */
  private record Case(
      String what,
      UnaryOperator<String> data,
      Charset charset,
      UnaryOperator<String> configuration,
      List<String> before,
      List<String> command,
      int code,
      List<String> errors) {

    Case data(UnaryOperator<String> change) {
      return new Case(what, change, charset, configuration, before, command, code, errors);
    }

    Case latin() {
      return new Case(
          what, data, StandardCharsets.ISO_8859_1, configuration, before, command, code, errors);
    }

    Case with(String from, String to) {
      return new Case(
          what,
          data,
          charset,
          text -> {
            String before = configuration.apply(text);
            assertThat(before).contains(from);
            return before.replace(from, to);
          },
          before,
          command,
          code,
          errors);
    }

    Case after(String... jobs) {
      return new Case(what, data, charset, configuration, List.of(jobs), command, code, errors);
    }

    @Override
    public String toString() {
      return String.join(" ", command) + ": " + what;
    }
  }

  /** A fault of the data that a job refuses. */
  private static Case data(String what, String command, String... errors) {
    return refused(3, what, command, errors);
  }

  /** A fault of the configuration or of the environment that a command refuses. */
  private static Case configuration(String what, String command, String... errors) {
    return refused(2, what, command, errors);
  }

  private static Case refused(int code, String what, String command, String... errors) {
    return new Case(
        what,
        UnaryOperator.identity(),
        StandardCharsets.UTF_8,
        UnaryOperator.identity(),
        List.of(),
        List.of(command.split(" ")),
        code,
        List.of(errors));
  }

  static Stream<Case> faultyData() {
    String all = "[age, income, city, y]";
    return Stream.of(
        data("missing path", "ingest", "{dir}/none.csv: there is no such file")
            .with("data.csv", "none.csv"),
        data("missing path", "run", "{dir}/none/*.csv: matches no file")
            .with("data.csv", "none/*.csv"),
        data(
            "missing path",
            "predict --set predict.source.path={dir}/none.csv",
            "{dir}/none.csv: there is no such file"),
        data("empty file", "ingest", "{dir}/data.csv: the file is empty").data(text -> ""),
        data("empty but for a header", "ingest", "{dir}/data.csv: no rows")
            .data(text -> HEADER + "\n"),
        data(
            "empty file",
            "predict --set predict.source.path={dir}/empty.csv",
            "{dir}/empty.csv: the file is empty"),
        data(
                "header in another order",
                "ingest",
                "{dir}/data.csv: header and schema differ: must be "
                    + all
                    + ", got [income, age, city, y]")
            .data(text -> text.replace(HEADER, "income,age,city,y")),
        data(
                "header too long",
                "ingest",
                "{dir}/data.csv: header has 5 columns, schema has 4: must be "
                    + all
                    + ", got [age, income, city, y, more]")
            .data(text -> text.replace(HEADER, HEADER + ",more")),
        data(
                "column that scoring needs not there",
                "predict --set predict.source.path={dir}/data.csv",
                "{dir}/data.csv: no column age, there are [years, income, city, y]")
            .data(text -> text.replace(HEADER, "years,income,city,y")),
        data(
                "column twice in the header",
                "ingest",
                "{dir}/data.csv: header has column age twice: must be "
                    + all
                    + ", got [age, age, city, y]")
            .data(text -> text.replace(HEADER, "age,age,city,y")),
        data(
                "label with one class",
                "normalise",
                "label y: must have at least two classes, and all 105 train rows have yes")
            .data(text -> text.replace(",no\n", ",yes\n"))
            .after("ingest", "clean", "split"),
        data(
                "label that no rows have",
                "clean",
                "clean: at least 1 row must be left, got 0 of 150; rejected by rule:"
                    + " {normalise.label=150}")
            .data(text -> text.replaceAll(",(yes|no)\n", ",\n"))
            .after("ingest"),
        data(
                "all rows rejected",
                "clean",
                "clean: at least 1 row must be left, got 0 of 150; rejected by rule:"
                    + " {rules[0] reject-outside=150}")
            .with("rules = [trim]", "rules = [{ type = reject-outside, column = age, min = 500 }]"),
        data(
                "all rows rejected",
                "run",
                "clean: at least 1 row must be left, got 0 of 150; rejected by rule:"
                    + " {rules[1] reject-missing=150}")
            .with(
                "rules = [trim]",
                "rules = [{ type = missing, values = [Bern, Basel, Chur] }, reject-missing]")
            .after("ingest"),
        data(
                "all rows quarantined",
                "ingest",
                "{dir}/data.csv: no rows, 150 records are quarantined",
                "{dir}/data.csv:2: age: \"old\" is no int",
                "{dir}/data.csv:3: age: \"old\" is no int",
                "{dir}/data.csv:4: age: \"old\" is no int")
            .data(text -> text.replaceAll("(?m)^\\d+,", "old,"))
            .with("max-quarantined = 0.05", "max-quarantined = 1"),
        data(
                "all-null columns",
                "normalise",
                "group group1, column income: impute-median: needs at least one train row with a"
                    + " value, and the column has none",
                "group city, column city: impute-mode: needs at least one train row with a value,"
                    + " and the column has none")
            .data(text -> text.replaceAll("(?m)^(\\d+),[0-9.]+,(Bern|Basel|Chur)", "$1,,"))
            .after("ingest", "clean", "split"),
        data(
                "text where a number belongs",
                "ingest",
                "{dir}/data.csv: at most a share of 0.05 of the records may be malformed"
                    + " (ingest.max-quarantined), got 0.2000: 30 of 150",
                "{dir}/data.csv:2: age: \"young\" is no int",
                "{dir}/data.csv:3: age: \"young\" is no int",
                "{dir}/data.csv:4: age: \"young\" is no int")
            .data(text -> text.replaceAll("(?m)^2\\d,", "young,")),
        data(
                "text where a number belongs",
                "ingest",
                "{dir}/data.csv: at most a share of 0.0 of the records may be malformed"
                    + " (ingest.max-quarantined), got 0.02000: 3 of 150",
                "{dir}/data.csv:2: income: \"much\" is no double",
                "{dir}/data.csv:52: income: \"much\" is no double",
                "{dir}/data.csv:102: income: \"much\" is no double")
            .data(text -> text.replaceAll("(?m)^20,[0-9.]+", "20,much"))
            .with("max-quarantined = 0.05", "max-quarantined = 0"),
        data(
                "not UTF-8",
                "ingest",
                "{dir}/data.csv: at most a share of 0.05 of the records may be malformed"
                    + " (ingest.max-quarantined), got 0.3333: 50 of 150",
                "{dir}/data.csv:3: bytes that are not UTF-8: options.encoding names another"
                    + " encoding",
                "{dir}/data.csv:6: bytes that are not UTF-8: options.encoding names another"
                    + " encoding",
                "{dir}/data.csv:9: bytes that are not UTF-8: options.encoding names another"
                    + " encoding")
            .data(text -> text.replace("Basel", "Z\u00fcrich"))
            .latin(),
        data(
                "not UTF-8 in the label",
                "ingest",
                "{dir}/data.csv: at most a share of 0.05 of the records may be malformed"
                    + " (ingest.max-quarantined), got 0.4000: 60 of 150",
                "{dir}/data.csv:2: bytes that are not UTF-8: options.encoding names another"
                    + " encoding",
                "{dir}/data.csv:3: bytes that are not UTF-8: options.encoding names another"
                    + " encoding",
                "{dir}/data.csv:4: bytes that are not UTF-8: options.encoding names another"
                    + " encoding")
            .data(text -> text.replace("yes", "gew\u00e4hlt"))
            .latin(),
        data(
                "NaN and infinity without imputing",
                "normalise",
                "group group1, column income: missing on 6 of 105 train rows, and no impute"
                    + " step fills it; add impute-median to its steps, or a reject-missing rule")
            .data(
                text ->
                    text.replaceAll("(?m)^20,[0-9.]+", "20,NaN")
                        .replaceAll("(?m)^21,[0-9.]+", "21,Inf"))
            .with("[impute-median, standardise]", "[standardise]")
            .after("ingest", "clean", "split"),
        data(
                "category that must not be unseen",
                "normalise",
                "normalise: 50 validation or test rows give no features: city is test at"
                    + " categories: a category that no train row has",
                "normalise: 50 validation or test rows give no features: city is validation at"
                    + " categories: a category that no train row has")
            .data(BadInputTest::cityTellsThePart)
            .with("by = rank, stratify-by = y", "by = column, column = city")
            .with("one-hot]", "{ type = one-hot, unseen = error }]")
            .after("ingest", "clean", "split"));
  }

  static Stream<Case> faultyConfigurations() {
    return Stream.of(
        configuration("no file", "validate {dir}/none.conf", "{dir}/none.conf: no such file"),
        configuration(
                "column twice in the schema",
                "ingest",
                "{dir}/x.conf: 6: ingest.schema: column age is there twice")
            .with("age INT, income", "age INT, age INT, income"),
        configuration(
                "column twice in a group",
                "normalise",
                "{dir}/x.conf: 14: normalise.features[0].columns must be distinct, got age"
                    + " more than once")
            .with("[age, income]", "[age, age]"),
        configuration(
                "column twice by a rule",
                "clean",
                "{dir}/x.conf: 9: clean.rules[0] rename: column age cannot be renamed to income, which is there"
                    + " already")
            .with("[trim]", "[{ type = rename, from = age, to = income }]"),
        configuration(
                "label that is no column",
                "clean",
                "{dir}/x.conf: 12: normalise.label.column: no column yy; did you mean y?")
            .with("column = y", "column = yy"),
        configuration(
                "label that is no column",
                "run",
                "{dir}/x.conf: 12: normalise.label.column: no column target, there are [age,"
                    + " income, city, y]")
            .with("column = y", "column = target"),
        configuration(
                "label that is dropped",
                "run",
                "{dir}/x.conf: 10: split.stratify-by: no column y, there are [age, income, city]",
                "{dir}/x.conf: 12: normalise.label.column: no column y, there are [age, income,"
                    + " city]")
            .with("[trim]", "[{ type = drop-columns, columns = [y] }]"),
        configuration(
                "stratum that is no column",
                "validate",
                "{dir}/x.conf: 10: split.stratify-by: no column z, there are [age, income, city, y]")
            .with("stratify-by = y", "stratify-by = z"),
        configuration(
                "columns that are none, everywhere",
                "run --dry-run",
                "{dir}/x.conf: 10: split.stratify-by: no column yes, there are [age, income, city,"
                    + " y]",
                "{dir}/x.conf: 14: normalise.features[0]: group group1: no column incone; did you"
                    + " mean income?",
                "{dir}/x.conf: 20: evaluate.slices[1]: no column town, there are [age, income,"
                    + " city, y]")
            .with("stratify-by = y", "stratify-by = yes")
            .with("[age, income]", "[age, incone]")
            .with("evaluate {", "evaluate { slices = [city, town],"),
        configuration(
                "feature that is no column",
                "normalise",
                "{dir}/x.conf: 15: normalise.features[1]: group town: no column town, there are"
                    + " [age, income, city, y]")
            .with("[city]", "[town]"),
        configuration(
                "text as a number",
                "normalise",
                "{dir}/x.conf: 14: normalise.features[0]: group group1: column city: impute-median"
                    + " takes numbers, got text from string")
            .with("[age, income]", "[age, city]"),
        configuration(
                "unknown key",
                "run",
                "{dir}/x.conf: 1: pipeline.sead is not a key; did you mean pipeline.seed?")
            .with("seed = 7", "sead = 7"),
        configuration(
                "unknown keys",
                "run",
                "{dir}/x.conf: 10: split.stratified-by is not a key; did you mean"
                    + " split.stratify-by?",
                "{dir}/x.conf: 19: train.epoch is not a key; did you mean train.epochs?",
                "{dir}/x.conf: 21: explain.repeat is not a key; did you mean explain.repeats?")
            .with("epochs = 2", "epoch = 2")
            .with("stratify-by = y", "stratified-by = y")
            .with("repeats = 2", "repeat = 2"),
        configuration(
                "unknown section",
                "validate",
                "{dir}/x.conf: 20: evaluation is not a key; did you mean evaluate?")
            .with("evaluate {", "evaluation {"),
        configuration(
                "unknown type",
                "validate",
                "{dir}/x.conf: 14: normalise.features[0].steps[0] must be one of"
                    + " byte-pairs, characters, clip-iqr, clip-quantiles, date-parts, frequency,"
                    + " hashed-n-grams, hashing, impute-constant, impute-mean, impute-median,"
                    + " impute-mode, index, log1p, min-max, one-hot, piecewise-linear, pixels, robust,"
                    + " sentence-encoder, standardise, tf-idf, tokenizer, tokens, words, got \"impute-medium\"; did you mean impute-median?")
            .with("impute-median", "impute-medium"),
        configuration(
                "wrong types",
                "run",
                "{dir}/x.conf: 1: pipeline.seed must be a whole number, got 7.5",
                "{dir}/x.conf: 19: train.epochs must be a whole number or auto, got \"two\"",
                "{dir}/x.conf: 20: evaluate.baselines must be a text, got an object")
            .with("epochs = 2", "epochs = two")
            .with("seed = 7", "seed = 7.5")
            .with("[majority]", "{}"),
        configuration(
                "numbers out of range",
                "run",
                "{dir}/x.conf: 7: ingest.max-quarantined must be from 0 to 1, got 5.0",
                "{dir}/x.conf: 18: model.hidden must hold numbers of at least 1, got [0]",
                "{dir}/x.conf: 19: train.epochs must be at least 1, got 0")
            .with("epochs = 2", "epochs = 0")
            .with("max-quarantined = 0.05", "max-quarantined = 5")
            .with("hidden = [4]", "hidden = [0]"),
        configuration(
                "a schedule and an average that there are not",
                "validate",
                "{dir}/x.conf: 19: train.schedule must be one of constant, cosine, step,"
                    + " warmup-cosine, warmup-linear, got \"cosin\"; did you mean cosine?",
                "{dir}/x.conf: 19: train.ema.decay must be at least 0 and below 1, got 1.0")
            .with("epochs = 2", "epochs = 2, schedule = cosin, ema = 1.0"),
        configuration(
                "metric that does not fit the label",
                "validate",
                "{dir}/x.conf: 19: train.early-stopping.metric must be one of loss, accuracy,"
                    + " balanced-accuracy, precision, recall, f1, macro-f1, mcc, kappa, roc-auc,"
                    + " pr-auc for a label of 2 classes, got rmse")
            .with("train { ", "train { early-stopping.metric = rmse, "),
        configuration(
                "metric that does not fit the label",
                "run",
                "{dir}/x.conf: 19: train.early-stopping.metric must be one of loss, rmse, mae, r2"
                    + " for a label of numbers, got roc-auc",
                "{dir}/x.conf: 20: evaluate.baselines[0]: majority needs a label of classes or sets, got a label"
                    + " of numbers")
            .with("column = y, type = class, positive = \"yes\"", "column = age, type = number")
            .with("columns = [age, income]", "columns = [income]")
            .with("train { ", "train { early-stopping.metric = roc-auc, "),
        configuration(
                "shares that do not add up",
                "run",
                "{dir}/x.conf: 10: split.train, validation and test must sum to 1, got 0.9 +"
                    + " 0.15 + 0.15 = 1.2")
            .with("by = rank,", "by = rank, train = 0.9,"),
        configuration(
            "--set of an unknown key",
            "run --set train.epoch=3",
            "--set train.epoch=3: train.epoch is not a key; did you mean train.epochs?"),
        configuration(
            "--set of an unknown section",
            "validate --set trane.epochs=3",
            "--set trane.epochs=3: trane is not a key, must be one of pipeline, ingest,"
                + " clean, split, normalise, sufficiency, augment, model, train, decide,"
                + " evaluate, predict, explain, spark"),
        configuration(
            "--set out of range",
            "train --set train.batch-size=0",
            "--set train.batch-size=0: train.batch-size must be at least 1, got 0"),
        configuration(
                "not HOCON",
                "run",
                "{dir}/x.conf: 9: not readable as HOCON: expecting a close parentheses ')'"
                    + " here, not: '{'")
            .with("clean {", "clean {{"));
  }

  @ParameterizedTest
  @MethodSource({"faultyData", "faultyConfigurations"})
  void faultIsSaidAndOutputsStay(Case fault) throws IOException {
    Path dir = copy(fault);
    for (String job : fault.before()) {
      Ended ended = sluice(job, conf(dir));
      assertThat(ended.code()).as(job + ": " + ended.errors()).isZero();
    }
    Map<Stage, Shown> before = shown(dir);
    Ended ended =
        sluice(
            fault.command().stream().map(word -> word.replace("{dir}", dir.toString())).toList(),
            conf(dir));
    assertThat(ended)
        .isEqualTo(
            new Ended(
                fault.code(),
                fault.errors().stream()
                    .map(line -> line.replace("{dir}", dir.toString()))
                    .toList()));
    assertThat(shown(dir)).isEqualTo(before);
  }

  static Stream<Case> borne() {
    return Stream.of(
        refused(0, "constant columns, NaN and infinity", "run")
            .data(
                text ->
                    text.replaceAll("Basel|Chur", "Bern")
                        .replaceAll("(?m)^(\\d+),[0-9.]+,", "$1,1,")
                        .replaceAll("(?m)^20,1,", "20,NaN,")
                        .replaceAll("(?m)^21,1,", "21,-Inf,")),
        refused(0, "category only in test", "run")
            .data(BadInputTest::cityTellsThePart)
            .with("by = rank, stratify-by = y", "by = column, column = city"));
  }

  @ParameterizedTest
  @MethodSource("borne")
  void whatIsNoFaultIsBorne(Case borne) throws IOException {
    Path dir = copy(borne);
    Map<Stage, Shown> before = shown(dir);
    Ended ended = sluice(borne.command(), conf(dir));
    assertThat(ended.code()).as(String.join("\n", ended.errors())).isZero();
    Map<Stage, Shown> after = shown(dir);
    assertThat(List.of(Stage.RAW, Stage.FEATURES, Stage.MODEL, Stage.METRICS))
        .noneMatch(stage -> Objects.equals(before.get(stage), after.get(stage)));
  }

  @Test
  void rowsWithoutLabelAreRejectedWithTheReason() throws IOException {
    Path dir =
        copy(
            refused(0, "", "clean")
                .data(text -> text.replaceAll("(?m)^(2[01],.*),(yes|no)$", "$1,")));
    assertThat(sluice("ingest", conf(dir)).code()).isZero();
    assertThat(sluice("clean", conf(dir)).code()).isZero();
    assertThat(rows(dir, Stage.REJECTS, "_rule", "_reason"))
        .isEqualTo(Collections.nCopies(6, List.of("normalise.label", "missing: y")));
  }

  @Test
  void fewMalformedRowsGoToQuarantine() throws IOException {
    Path dir = copy(refused(0, "", "ingest").data(text -> text.replaceAll("(?m)^20,", "young,")));
    assertThat(sluice("ingest", conf(dir)).code()).isZero();
    assertThat(rows(dir, Stage.QUARANTINE, "_source", "_position", "_reason"))
        .isEqualTo(
            Stream.of(2L, 52L, 102L)
                .map(line -> List.<Object>of(dir + "/data.csv", line, "age: \"young\" is no int"))
                .toList());
  }

  @Test
  void directoryThatIsNotARunIsNotTouched() throws IOException {
    Path dir = copy(refused(2, "", "run"));
    Path foreign = Files.createDirectories(dir.resolve("runs/other"));
    Files.writeString(foreign.resolve("thesis.txt"), "years of work");
    Map<String, String> before = files(foreign);
    assertThat(sluice(List.of("run", "--set", "pipeline.name=other"), conf(dir)))
        .isEqualTo(
            new Ended(
                2,
                List.of(
                    "file:"
                        + foreign
                        + ": must be new, empty or a run directory, but holds other files and no"
                        + " _sluice.json; nothing was touched")));
    assertThat(files(foreign)).isEqualTo(before);
  }

  @Test
  void directoryBelowAFileIsRefused() throws IOException {
    Path dir = copy(refused(2, "", "run"));
    Path file = dir.resolve("data.csv");
    assertThat(sluice(List.of("run", "--set", "pipeline.runs-dir=" + file), conf(dir)))
        .isEqualTo(
            new Ended(
                2,
                List.of("file:%s/run: cannot be made, file:%s is a file".formatted(file, file))));
    assertThat(
            sluice(
                List.of(
                    "ingest",
                    "--set",
                    "pipeline.runs-dir=" + dir,
                    "--set",
                    "pipeline.name=data.csv"),
                conf(dir)))
        .isEqualTo(
            new Ended(2, List.of("file:%s: must be a directory, but is a file".formatted(file))));
  }

  @Test
  void secondRunAtOnceIsRefused() throws IOException {
    Path dir = copy(refused(2, "", "run"));
    Map<Stage, Shown> before = shown(dir);
    try (HeldRun held = run(dir).hold(RunSettings.DEFAULT, InstantSource.system())) {
      for (String job : List.of("run", "ingest", "predict")) {
        Ended ended = sluice(List.of(job, "--force"), conf(dir));
        assertThat(ended.code()).isEqualTo(5);
        assertThat(ended.errors())
            .singleElement()
            .asString()
            .startsWith("%s: one run at a time: it is held by ".formatted(held.directory().root()))
            .endsWith("; wait until that ends, or choose another pipeline.name");
      }
    }
    assertThat(shown(dir)).isEqualTo(before);
    assertThat(sluice("ingest", conf(dir)).code()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ingest", "split", "train"})
  void fullDiskIsSaidAndOutputsStay(String job) throws IOException {
    if (!System.getProperty("user.name").equals("root")) {
      // Only an administrator can mount a small disk.
      return;
    }
    Path dir = copy(refused(2, "", job));
    try (SmallDisk disk = SmallDisk.mount(dir.resolve("runs/run"))) {
      copyTree(good.resolve("runs/run"), disk.path());
      Map<Stage, Shown> before = shown(dir);
      disk.fillBut(12 * 1024);
      Ended ended = sluice(List.of(job, "--force"), conf(dir));
      assertThat(ended.code()).as(String.join("\n", ended.errors())).isEqualTo(2);
      assertThat(ended.errors())
          .filteredOn(line -> !line.startsWith("train: "))
          .singleElement()
          .asString()
          .matches(
              "file:%s/.*: no space left to write; earlier output stays as it was"
                  .formatted(disk.path()));
      assertThat(shown(dir)).isEqualTo(before);
    }
  }

  private static List<List<Object>> rows(Path dir, Stage stage, String... columns) {
    Published published = run(dir).current(stage).orElseThrow();
    return LocalSpark.session()
        .read()
        .parquet(published.path().toString())
        .select(columns[0], Arrays.copyOfRange(columns, 1, columns.length))
        .sort(columns[1])
        .collectAsList()
        .stream()
        .map(row -> IntStream.range(0, row.length()).mapToObj(row::get).toList())
        .toList();
  }

  private static List<String> rows(int count) {
    List<String> cities = List.of("Bern", "Basel", "Chur");
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                "%d,%s,%s,%s"
                    .formatted(
                        20 + i % 50, 1000 + i * 7.5, cities.get(i % 3), i % 50 < 20 ? "yes" : "no"))
        .toList();
  }

  private static String csv(List<String> rows) {
    return HEADER + "\n" + String.join("\n", rows) + "\n";
  }

  /** Each part has a city of its own. */
  private static String cityTellsThePart(String text) {
    return text.replace("Bern", "train").replace("Basel", "validation").replace("Chur", "test");
  }

  private static Path copy(Case changes) throws IOException {
    Path dir = Files.createTempDirectory(temp, "case");
    copyTree(good, dir);
    Files.writeString(
        dir.resolve("data.csv"),
        changes.data().apply(Files.readString(good.resolve("data.csv"))),
        changes.charset());
    Files.createFile(dir.resolve("empty.csv"));
    Files.writeString(
        dir.resolve("x.conf"),
        changes.configuration().apply(PIPELINE.replace("{dir}", dir.toString())));
    return dir;
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> walk = Files.walk(from)) {
      for (Path path : walk.toList()) {
        Path target = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target);
        }
      }
    }
  }

  private static String conf(Path dir) {
    return dir.resolve("x.conf").toString();
  }

  /** How a command ended: its exit code and the lines of its error output. */
  private record Ended(int code, List<String> errors) {}

  private static Ended sluice(String job, String conf) {
    return sluice(List.of(job), conf);
  }

  private static Ended sluice(List<String> command, String conf) {
    List<String> arguments = new ArrayList<>(command);
    if (arguments.stream().noneMatch(argument -> argument.endsWith(".conf"))) {
      arguments.add(conf);
    }
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream realOut = System.out;
    PrintStream realErr = System.err;
    int code;
    try {
      System.setOut(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
      code = Main.run(arguments.toArray(String[]::new));
    } finally {
      System.setOut(realOut);
      System.setErr(realErr);
    }
    return new Ended(code, err.toString(StandardCharsets.UTF_8).lines().toList());
  }

  /** What a reader is shown of a stage: the attempt, and the digests of its files. */
  private record Shown(String attempt, Map<String, String> files) {}

  private static Map<Stage, Shown> shown(Path dir) {
    RunDirectory run = run(dir);
    Map<Stage, Shown> shown = new EnumMap<>(Stage.class);
    for (Stage stage : Stage.values()) {
      run.current(stage)
          .ifPresent(
              published ->
                  shown.put(
                      stage,
                      new Shown(
                          published.attempt(),
                          files(Path.of(published.path().toUri().getPath())))));
    }
    return shown;
  }

  private static Map<String, String> files(Path directory) {
    try (Stream<Path> walk = Files.walk(directory)) {
      Map<String, String> files = new TreeMap<>();
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        files.put(
            directory.relativize(file).toString(),
            UUID.nameUUIDFromBytes(Files.readAllBytes(file)).toString());
      }
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RunDirectory run(Path dir) {
    return RunDirectory.open(
        new org.apache.hadoop.fs.Path("file://" + dir.resolve("runs/run")), new Configuration());
  }

  /** A file system of 4 MB in place of a directory. */
  private record SmallDisk(Path path) implements AutoCloseable {
    static SmallDisk mount(Path directory) throws IOException {
      command("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", directory.toString());
      return new SmallDisk(directory);
    }

    /** Leaves so many bytes free. */
    void fillBut(long free) throws IOException {
      long ballast = Files.getFileStore(path).getUsableSpace() - free;
      Files.write(path.resolve("ballast"), new byte[Math.toIntExact(ballast)]);
    }

    @Override
    public void close() throws IOException {
      command("umount", "-l", path.toString());
    }

    private static void command(String... command) throws IOException {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.onExit().join().exitValue()).as(output).isZero();
    }
  }
}
