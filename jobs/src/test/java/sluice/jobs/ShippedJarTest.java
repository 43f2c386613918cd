package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.bundle.BatchScorer;
import sluice.bundle.Prediction;
import sluice.bundle.Scorer;
import sluice.cli.Jobs;
import sluice.data.DatasetContract;
import sluice.data.Digest;
import sluice.run.Stage;
import sluice.stages.PredictStage;

/**
 * Every format, every command and {@code Scorer} from the jar that ships. To add a case, add a line
 * to the table of sources or of commands. Commands run on one small pipeline: what one has made,
 * the next one finds.
 */
@Tag("server")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ShippedJarTest {
  /** Of the rows to predict; the second lacks what an impute step fills. */
  private static final List<Map<String, Object>> RECORDS =
      List.of(
          Map.of("id", 1001, "a", 1.5, "b", 0.25, "city", "Kiel"),
          Map.of("id", 1002, "a", -2.0, "unknown", "x"),
          Map.of("id", 1003, "a", 99.0));

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  private static Path dir;

  @SuppressWarnings("NullAway.Init") // set before the tests
  private static ShippedJar jar;

  @BeforeAll
  static void files() throws IOException {
    jar = ShippedJar.started();
    Random random = new Random(7);
    StringBuilder csv = new StringBuilder("id,a,b,city,y\n");
    for (int i = 0; i < 200; i++) {
      double a = random.nextGaussian();
      double b = random.nextGaussian();
      csv.append(
          String.format(
              Locale.ROOT,
              "%d,%.6f,%.6f,%s,%s%n",
              i,
              a,
              b,
              i % 2 == 0 ? "Bonn" : "Kiel",
              a + b > 0 ? "yes" : "no"));
    }
    Files.writeString(dir.resolve("data.csv"), csv + "200,99,0,Bonn,no\n");
    Files.writeString(
        dir.resolve("new.csv"), "id,a,b,city\n1001,1.5,0.25,Kiel\n1002,-2,,\n1003,99,,\n");
    Files.writeString(
        dir.resolve("x.conf"), ShippedCommands.PIPELINE.replace("{dir}", dir.toString()));
  }

  @ParameterizedTest
  @MethodSource({"sluice.jobs.ShippedSources#all", "sluice.jobs.ShippedFaults#all"})
  void readsWhatIsThere(ShippedSources.Source source) throws IOException {
    Path folder = Files.createDirectories(dir.resolve(source.name()).resolve("data"));
    for (Map.Entry<String, byte[]> file : source.files().entrySet()) {
      Path path = folder.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
    StructType schema = StructType.fromDDL(source.schema());
    String first = schema.fieldNames()[0];
    Path conf =
        Files.writeString(
            dir.resolve(source.name()).resolve("x.conf"),
            """
            pipeline { name = read, runs-dir = "%1$s/runs" }
            ingest { %2$s, path = %7$s, schema = "%3$s", max-quarantined = 1 }
            normalise { label.column = %4$s, features = [{ columns = [%5$s], steps = [%6$s] }] }
            spark { spark.master = "local[2]", spark.sql.shuffle.partitions = 2 }
            """
                .formatted(
                    folder.getParent(),
                    source.ingest(),
                    source.schema(),
                    schema.fieldNames()[schema.size() - 1],
                    first,
                    step(schema.apply(0)),
                    source.paths().stream()
                        .map(path -> "\"%s/%s\"".formatted(folder, path))
                        .toList()));

    assertThat(jar.run("ingest", conf.toString()))
        .matches(ended -> ended.code() == 0, "ended with success");

    StageOutputs outputs = new StageOutputs(folder.resolveSibling("runs/read"));
    assertThat(
            outputs
                .rows(Stage.RAW)
                .drop(DatasetContract.KEY, DatasetContract.SOURCE)
                .collectAsList()
                .stream()
                .map(ShippedJarTest::text)
                .sorted())
        .containsExactlyElementsOf(source.rows());
    assertThat(
            outputs.rows(Stage.QUARANTINE).select("_position", "_reason").collectAsList().stream()
                .map(row -> row.get(0) + " " + row.get(1)))
        .containsExactlyInAnyOrderElementsOf(source.quarantined());
  }

  /** A step that takes a column. */
  private static String step(StructField column) {
    if (column.name().equals("image")) {
      return "{ type = pixels, height = 2, width = 2 }";
    }
    return column.dataType().equals(DataTypes.StringType) ? "one-hot" : "";
  }

  private static String text(Row row) {
    Object[] values = new Object[row.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = row.get(i) instanceof byte[] bytes ? Arrays.toString(bytes) : row.get(i);
    }
    return RowFactory.create(values).toString();
  }

  @Order(1)
  @ParameterizedTest
  @MethodSource("sluice.jobs.ShippedCommands#all")
  void doesAndSaysWhatItShould(ShippedCommands.Command command) {
    List<String> out = jar.out(words(command.arguments()));

    StageOutputs outputs = outputs();
    command
        .counts()
        .forEach(
            (stage, counts) ->
                assertThat(outputs.published(stage).manifest().rows())
                    .as(stage.directory())
                    .containsExactlyInAnyOrderEntriesOf(counts));
    if (!command.out().isEmpty()) {
      assertThat(out).hasSizeGreaterThanOrEqualTo(command.out().size());
      for (int i = 0; i < out.size(); i++) {
        String pattern = command.out().get(Math.min(i, command.out().size() - 1));
        assertThat(out.get(i)).matches(pattern.replace("{dir}", dir.toString()));
      }
    }
  }

  private static String[] words(List<String> arguments) {
    return arguments.stream()
        .map(word -> word.replace("{dir}", dir.toString()))
        .toArray(String[]::new);
  }

  private static StageOutputs outputs() {
    return new StageOutputs(dir.resolve("runs/small"));
  }

  @Order(2)
  @Test
  void showsTheRunAndMakesItAgainWithTheSameHashes() {
    String run = dir.resolve("runs/small").toString();
    String bundle = String.valueOf(outputs().published(Stage.MODEL).manifest().content());
    String features = outputs().path(Stage.FEATURES).toString();
    String digest = Digest.of(outputs().rows(Stage.FEATURES), "key");

    assertThat(jar.out("digest", features)).containsExactly(digest);
    assertThat(jar.out("digest", features, features))
        .containsExactly(digest + "  " + features, digest + "  " + features);
    List<String> made = jar.out("reproduce", run);
    assertThat(made).allMatch(line -> line.endsWith("   same"));
    assertThat(made)
        .anyMatch(line -> line.matches("features +" + digest + " +same"))
        .anyMatch(line -> line.matches("bundle +" + bundle + " +same"));
    assertThat(outputs().path(Stage.MODEL).resolve("provenance.json"))
        .content()
        .containsPattern("\"nd4j\" ?: ?\"1\\.0\\.0-M2\\.1\"");
    assertThat(jar.out("show", run))
        .anyMatch(line -> line.matches("seed +4"))
        .anyMatch(line -> line.matches("raw +\\S+ +rows 201 +from source [0-9a-f]{12}"))
        .anyMatch(line -> line.matches("bundle +" + bundle))
        .anyMatch(line -> line.matches("version +2, in use"));
  }

  /** A network of Deeplearning4j's builder; made again without its file. */
  @Order(4)
  @Test
  void aUsersNetworkTrainsScoresAndIsMadeAgain() throws Exception {
    Path network = Files.writeString(dir.resolve("net.json"), UserNetworkTest.network(5));
    Path conf =
        Files.writeString(
            dir.resolve("user.conf"),
            ShippedCommands.PIPELINE
                .replace("{dir}", dir.toString())
                .replace("name = small", "name = user")
                .replace(
                    "model { type = mlp, hidden = [4] }",
                    "model { type = dl4j, configuration = \"%s\" }".formatted(network)));
    assertThat(jar.out("run", conf.toString())).isNotEmpty();
    StageOutputs made = new StageOutputs(dir.resolve("runs/user"));
    Files.delete(network);
    assertThat(jar.out("reproduce", dir.resolve("runs/user").toString()))
        .allMatch(line -> line.endsWith("   same"));
    Scorer here = Scorer.load(made.path(Stage.MODEL));
    assertThat(jar.score(made.path(Stage.MODEL), RECORDS))
        .isEqualTo(RECORDS.stream().map(record -> here.score(record).toString()).toList());
    assertThat(made.rows(Stage.PREDICTIONS, PredictStage.SCORED).count()).isEqualTo(2);
  }

  @Order(3)
  @Test
  void everyCommandThatThereIsWasTried() {
    TreeSet<String> there = new TreeSet<>(List.of("validate"));
    Jobs.ALL.forEach(named -> there.add(named.command()));
    Jobs.COMMANDS.forEach(named -> there.add(named.command()));
    TreeSet<String> tried = new TreeSet<>(List.of("digest", "reproduce", "show"));
    ShippedCommands.all().forEach(command -> tried.add(command.arguments().get(0)));
    assertThat(tried).isEqualTo(there);

    List<String> help = jar.out("--help");
    assertThat(there).allMatch(name -> help.stream().anyMatch(line -> line.contains("  " + name)));
    assertThat(jar.out("--version"))
        .singleElement()
        .asString()
        .matches("sluice \\d+\\.\\d+\\.\\d+, Spark 3\\.5\\.7, Java 17\\..*");
  }

  @Test
  void faultsAreSaidWithTheirExitCodes() {
    String conf = dir.resolve("x.conf").toString();
    assertThat(jar.run("validate", conf, "--set", "train.epohcs=2"))
        .isEqualTo(
            new CommandLine(
                2,
                List.of(),
                List.of(
                    "--set train.epohcs=2: train.epohcs is not a key; did you mean"
                        + " train.epochs?")));
    CommandLine missing =
        jar.run("ingest", conf, "--set", "pipeline.name=none", "--set", "ingest.path=/none.csv");
    assertThat(missing.code()).isEqualTo(3);
    assertThat(missing.err()).contains("/none.csv: there is no such file");
    assertThat(jar.run("gate", conf, "--set", "evaluate.gate.at-most.logLoss=1e-6").code())
        .isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "evaluate.baselines=[linear-regression]|evaluate.baselines[0]: linear-regression needs a numeric label, got a label of 2 classes",
        "normalise.label.column=id|normalise.label.positive must be a value of column id, which is int, got yes",
        "clean.rules=[{ type = derive, column = f, expression = \"input_file_name()\", to = STRING }]|clean.rules[0] derive: expression must call only Spark's own functions that compute a value, got input_file_name",
        "clean.rules=[{ type = derive, column = f, expression = \"rand()\", to = DOUBLE }]|clean.rules[0] derive: expression must give the same value each time, got rand()",
        "decide.threshold=best-f2|decide.threshold must be a number or one of at-precision, at-recall, best-balanced-accuracy, best-f1, best-mcc, cost, fixed, got \"best-f2\"; did you mean best-f1?",
      })
  void validateTellsWhatTheConfigurationAloneTells(String setting, String problem) {
    CommandLine ended = jar.run("validate", dir.resolve("x.conf").toString(), "--set", setting);
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err()).singleElement().asString().contains(problem);
  }

  @Test
  void everyConfigurationOfTheProjectIsValid() throws IOException {
    for (String folder : List.of("conf", "scripts/bench/defaults")) {
      try (Stream<Path> files = Files.list(Scripts.ROOT.resolve(folder))) {
        for (Path file : files.filter(path -> path.toString().endsWith(".conf")).toList()) {
          List<String> validate = new ArrayList<>(List.of("validate", file.toString()));
          if (Files.readString(file).contains("{date}")) {
            validate.add("--set=pipeline.date=2026-11-01");
          }
          assertThat(jar.run(validate.toArray(String[]::new)))
              .isEqualTo(new CommandLine(0, List.of(file + " is valid"), List.of()));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "conf/README.md"})
  void theExampleOfADocumentIsValid(String document) throws IOException {
    String text = Files.readString(Scripts.ROOT.resolve(document));
    String example = text.substring(text.indexOf("\npipeline {"));
    Path conf = dir.resolve("example.conf");
    Files.writeString(conf, example.substring(0, example.indexOf("```")));
    assertThat(jar.run("validate", conf.toString()))
        .isEqualTo(new CommandLine(0, List.of(conf + " is valid"), List.of()));
  }

  @Order(5)
  @Test
  void keysThatAreMissingOrDoubledAreRefusedAsInIngest() throws IOException {
    Path rows = dir.resolve("keys.csv");
    Files.writeString(rows, "id,a,b,city,y\n1,1,,,no\n2,1,,,no\n2,2,,,\n,1,,,\nx,1,,,\n3,1,,,no\n");
    String conf = dir.resolve("x.conf").toString();
    List<String> said =
        List.of(
            "key column id is missing in 1 rows",
            "key column id must be unique, found \"2\" in 2 rows");
    for (String job : List.of("predict", "ingest")) {
      String path = job.equals("predict") ? "predict.source.path=" : "ingest.path=";
      CommandLine ended =
          jar.run(job, conf, "--set", path + rows, "--set", "ingest.max-quarantined=1");
      assertThat(ended.code()).isEqualTo(3);
      assertThat(ended.err()).containsAll(said);
    }
  }

  @Order(5)
  @Test
  void withoutACudaBuildTheDeviceDecidesNothingAndGpuIsRefused() {
    String before = outputs().published(Stage.MODEL).attempt();
    String[] train = {
      "train", dir.resolve("x.conf").toString(), "--set", "pipeline.seed=4", "--set", ""
    };
    train[5] = "train.device=cpu";
    jar.out(train);
    assertThat(outputs().published(Stage.MODEL).attempt()).isEqualTo(before);
    train[5] = "train.device=gpu";
    CommandLine refused = jar.run(train);
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err())
        .contains(
            "train.device must be auto or cpu without a GPU, got gpu: the jar holds no CUDA build"
                + " of ND4J (build with -Pcuda)");
  }

  @Order(4)
  @Test
  void theScorerSaysWhatThePredictJobSays() throws Exception {
    Path model = outputs().path(Stage.MODEL);
    List<String> byJob = new ArrayList<>();
    for (Row row :
        outputs().rows(Stage.PREDICTIONS, PredictStage.SCORED).sort("key").collectAsList()) {
      List<Float> probabilities = row.getList(row.fieldIndex(BatchScorer.PROBABILITIES));
      Map<String, Float> byClass = new LinkedHashMap<>();
      byClass.put("no", probabilities.get(0));
      byClass.put("yes", probabilities.get(1));
      // A float in text is the float to the bit.
      byJob.add(
          new Prediction.OfClass(
                  row.getAs(BatchScorer.PREDICTION), row.getAs(BatchScorer.DECISION), byClass)
              .toString());
    }
    assertThat(byJob).hasSize(2);
    byJob.add("Unscored[reason=a: 99.0 is above 9]");

    assertThat(jar.score(model, RECORDS)).isEqualTo(byJob);
    Scorer here = Scorer.load(model);
    assertThat(RECORDS).extracting(record -> here.score(record).toString()).isEqualTo(byJob);
    assertThat(withoutSpark(model)).isEqualTo(byJob);
  }

  /** The dictionary is in the jar, and all that a fit of texts needs. */
  @Test
  void textsAreSeriesOfChineseWordsToo() throws IOException {
    StringBuilder csv = new StringBuilder("text,y\n");
    for (int i = 0; i < 100; i++) {
      csv.append(i % 2 == 0 ? "我爱北京天安门" : "Not Beijing")
          .append(i % 2 == 0 ? " %s,yes\n".formatted(i) : " %s,no\n".formatted(i));
    }
    Path folder = Files.createDirectories(dir.resolve("texts"));
    Files.writeString(folder.resolve("texts.csv"), csv);
    Path conf =
        Files.writeString(
            folder.resolve("texts.conf"),
            """
            pipeline { name = texts, runs-dir = "%1$s/runs" }
            ingest { format = csv, path = "%1$s/texts.csv", options { header = true }, schema = "text STRING, y STRING" }
            split { stratify-by = y }
            normalise { label { column = y, positive = yes }, features = [{ columns = [text], steps = [words] }] }
            spark { spark.master = "local[2]", spark.sql.shuffle.partitions = 2 }
            """
                .formatted(folder));
    assertThat(jar.out("prepare", conf.toString()))
        .anyMatch(line -> line.endsWith("text a series of 7 indices"));
    String fitted =
        Files.readString(
            new StageOutputs(folder.resolve("runs/texts"))
                .path(Stage.FEATURES)
                .resolve("_preprocessing.json"));
    assertThat(fitted).contains("[ \"beijing\", \"not\", \"北京\", \"天安门\", \"我\", \"爱\" ]");
  }

  /** What a program says whose class path is the application jar alone. */
  private static List<String> withoutSpark(Path model) throws Exception {
    ShippedJar.copyProgram(PlainJava.class, dir.resolve("classes"));
    Path errors = dir.resolve("errors.txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                Scripts.ROOT.resolve("jobs/target/sluice.jar") + ":" + dir.resolve("classes"),
                PlainJava.class.getName(),
                model.toString(),
                "id=1001 a=1.5 b=0.25 city=Kiel",
                "id=1002 a=-2",
                "id=1003 a=99")
            .redirectError(errors.toFile())
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
    return printed.lines().toList();
  }
}
