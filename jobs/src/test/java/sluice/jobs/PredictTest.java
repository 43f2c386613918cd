package sluice.jobs;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.bundle.BatchScorer;
import sluice.bundle.ModelBundle;
import sluice.data.RowKey;
import sluice.run.Stage;
import sluice.testing.LocalSpark;

/**
 * New rows through the job: whatever files they come in and go out to, the output joined to the
 * input reproduces to the bit what {@code evaluate} measured.
 */
class PredictTest {
  private static final String PIPELINE =
      """
      pipeline { name = run, seed = 7, runs-dir = "{dir}/runs" }
      ingest {
        format = csv, path = "{dir}/data.csv", key = id
        options { header = true, multiLine = true, escape = "\\"" }
        schema = "id INT, age INT, income DOUBLE, city STRING, when DATE, note STRING, y STRING"
      }
      clean { rules = [
        trim
        { type = drop-columns, columns = [note] }
        { type = reject-outside, column = age, min = 0, max = 120 }
      ] }
      split { by = time, column = when }
      normalise {
        label { column = y, positive = "yes" }
        features = [
          { columns = [age, income], steps = [impute-median, standardise] }
          { columns = [city], steps = [impute-mode, one-hot] }
        ]
      }
      sufficiency.min-rows-per-feature = 0
      model { type = mlp, hidden = [4] }
      train { epochs = 3, batch-size = 32, logical-workers = 2 }
      evaluate { baselines = [], resamples = 50 }
      explain { repeats = 2, max-rows = 10 }
      """;

  private static Path directory;

  /** What evaluate measured of each test row: by the user's key, the probabilities. */
  private static final Map<String, List<Float>> MEASURED = new TreeMap<>();

  private static final List<String[]> TEST_ROWS = new ArrayList<>();

  @BeforeAll
  static void run(@TempDir Path temp) throws IOException {
    directory = temp;
    LocalSpark.session();
    StringBuilder csv = new StringBuilder("id,age,income,city,when,note,y\n");
    rows().forEach(row -> csv.append(csvLine(row)));
    Files.writeString(temp.resolve("data.csv"), csv);
    Files.writeString(temp.resolve("x.conf"), PIPELINE.replace("{dir}", temp.toString()));
    CommandLine.out("run", temp.resolve("x.conf").toString());
    ModelBundle bundle = ModelBundle.load(outputs().path(Stage.MODEL));
    Map<String, String> ids = new HashMap<>();
    outputs()
        .rows(Stage.RAW)
        .collectAsList()
        .forEach(row -> ids.put(RowKey.text(row.<byte[]>getAs("_key")), "" + row.getAs("id")));
    BatchScorer.score(outputs().rows(Stage.FEATURES).filter(col("part").equalTo("test")), bundle)
        .collectAsList()
        .forEach(
            row ->
                MEASURED.put(
                    String.valueOf(ids.get(RowKey.text(row.<byte[]>getAs("key")))),
                    probabilities(row)));
    rows().filter(row -> MEASURED.containsKey(row[0])).forEach(TEST_ROWS::add);
    assertThat(MEASURED).hasSize(45);
    assertThat(TEST_ROWS).hasSize(45);
  }

  /** Rows with all that CSV has to quote. */
  private static Stream<String[]> rows() {
    return IntStream.range(0, 300)
        .mapToObj(
            i ->
                new String[] {
                  Integer.toString(1000 + i),
                  i % 11 == 0 ? "" : Integer.toString(20 + i * 7 % 50),
                  Double.toString(1000 + i * 37 % 900 / 7.0),
                  List.of("Bern", "Genf", "Zug, \"oben\"").get(i % 3),
                  "2024-01-01".replace("01-01", "%02d-%02d".formatted(1 + i / 28, 1 + i % 28)),
                  i % 5 == 0 ? "two\nlines" : "a note",
                  i * 7 % 50 > 24 ? "yes" : "no"
                });
  }

  private static String csvLine(String... values) {
    return Arrays.stream(values)
        .map(
            value ->
                value.matches("(?s).*[,\"\\n].*")
                    ? "\"" + value.replace("\"", "\"\"") + "\""
                    : value)
        .collect(Collectors.joining(",", "", "\n"));
  }

  private static StageOutputs outputs() {
    return new StageOutputs(directory.resolve("runs/run"));
  }

  private static List<Float> probabilities(Row row) {
    return row.getList(row.fieldIndex(BatchScorer.PROBABILITIES));
  }

  private static List<String> predict(Object path, String... settings) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "predict",
                directory.resolve("x.conf").toString(),
                "--set",
                "predict.source.path=" + path));
    for (String setting : settings) {
      arguments.addAll(List.of("--set", setting));
    }
    return CommandLine.out(arguments.toArray(String[]::new));
  }

  private static CommandLine refused(Object path, String... settings) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "predict",
                directory.resolve("x.conf").toString(),
                "--set",
                "predict.source.path=" + path));
    for (String setting : settings) {
      arguments.addAll(List.of("--set", setting));
    }
    return CommandLine.of(arguments.toArray(String[]::new));
  }

  /** Every column of an output as text, however it is written. */
  private static List<Map<String, String>> output(String folder, String format) {
    Path path = outputs().path(Stage.PREDICTIONS).resolve(folder);
    Dataset<Row> read =
        switch (format) {
          case "csv" ->
              LocalSpark.session()
                  .read()
                  .option("header", true)
                  .option("multiLine", true)
                  .option("escape", "\"")
                  .csv(path.toString());
          case "json" -> LocalSpark.session().read().json(path.toString());
          default -> LocalSpark.session().read().parquet(path.toString());
        };
    List<Map<String, String>> rows = new ArrayList<>();
    for (Row row : read.collectAsList()) {
      Map<String, String> texts = new HashMap<>();
      for (String name : read.columns()) {
        texts.put(name, String.valueOf(row.<Object>getAs(name)));
      }
      rows.add(texts);
    }
    return rows;
  }

  /** What evaluate measured is what the output says of the rows that these keys name. */
  private static void reproduces(List<Map<String, String>> rows, Map<String, String> keys) {
    Map<String, List<Float>> said = new TreeMap<>();
    for (Map<String, String> row : rows) {
      List<Float> probabilities =
          List.of(
              Float.valueOf(row.get("probability_no")), Float.valueOf(row.get("probability_yes")));
      said.put(keys.get(row.get("key")), probabilities);
      assertThat(row)
          .containsEntry("prediction", probabilities.get(1) > probabilities.get(0) ? "yes" : "no");
    }
    assertThat(said).isEqualTo(MEASURED);
  }

  private static Map<String, String> ownKeys() {
    Map<String, String> keys = new HashMap<>();
    MEASURED.keySet().forEach(key -> keys.put(key, key));
    return keys;
  }

  /** Columns in another order, more of them, no label, blank lines, two files, one compressed. */
  @Test
  void csvToCsvByFileAndLine() throws IOException {
    Path folder = Files.createDirectories(directory.resolve("new-csv"));
    Map<String, String> keys = new HashMap<>();
    StringBuilder first = new StringBuilder("city,id,extra,age,income\n\n");
    StringBuilder second = new StringBuilder("id,city,income,age\n");
    int line = 3;
    int other = 2;
    for (int i = 0; i < TEST_ROWS.size(); i++) {
      String[] row = TEST_ROWS.get(i);
      if (i % 2 == 0) {
        String extra = i % 3 == 0 ? "three\nor\nso" : "x";
        first.append(csvLine(row[3], row[0], extra, row[1], row[2]));
        keys.put(folder.resolve("a.csv") + ":" + line, row[0]);
        line += extra.equals("x") ? 1 : 3;
      } else {
        second.append(csvLine(row[0], row[3], row[2], row[1]));
        keys.put(folder.resolve("b.csv.gz") + ":" + other, row[0]);
        other++;
      }
    }
    Files.writeString(folder.resolve("a.csv"), first);
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(folder.resolve("b.csv.gz")))) {
      out.write(second.toString().getBytes(StandardCharsets.UTF_8));
    }

    List<String> out = predict(folder, "ingest.key=null", "predict.format=csv");

    Path written = outputs().path(Stage.PREDICTIONS);
    assertThat(String.join("\n", out))
        .contains(
            "45 rows scored with bundle %s, 0 quarantined"
                .formatted(ModelBundle.load(outputs().path(Stage.MODEL)).id()),
            "scored rows: file:" + written.resolve("scored"));
    List<Map<String, String>> rows = output("scored", "csv");
    reproduces(rows, keys);
    assertThat(rows.get(0).keySet())
        .containsExactlyInAnyOrder(
            "city",
            "id",
            "extra",
            "age",
            "income",
            "key",
            "source",
            "position",
            "prediction",
            "decision",
            "probability_no",
            "probability_yes",
            "bundle");
    for (Map<String, String> row : rows) {
      assertThat(row).containsEntry("key", row.get("source") + ":" + row.get("position"));
      assertThat(row).containsEntry("id", keys.get(row.get("key")));
    }
    assertThat(rows).anyMatch(row -> "three\nor\nso".equals(row.get("extra")));
    assertThat(rows).anyMatch(row -> "Zug, \"oben\"".equals(row.get("city")));
  }

  /** What is scored is written as the value that was read, all else as its text. */
  @Test
  void numbersThatAreScoredLoseTheirSpelling() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("spelling.csv"),
            "id,age,income,city,code,Code\n1,030,1.10,Bern,007,1.10\n");
    predict(file, "predict.format=csv");
    assertThat(output("scored", "csv").get(0))
        .containsEntry("age", "30")
        .containsEntry("income", "1.1")
        .containsEntry("code", "007")
        .containsEntry("Code", "1.10");
  }

  /** Lines that stand alone, blank ones between them and before the header. */
  @Test
  void linesKeepTheirNumbers() throws IOException {
    StringBuilder csv = new StringBuilder("\nid,age,income,city\n");
    Map<String, String> keys = new HashMap<>();
    int line = 3;
    for (String[] row : TEST_ROWS) {
      csv.append(csvLine(row[0], row[1], row[2], row[3]));
      keys.put(directory.resolve("lines.csv") + ":" + line, row[0]);
      line++;
      if (line % 4 == 0) {
        csv.append(" \n");
        line++;
      }
    }
    Files.writeString(directory.resolve("lines.csv"), csv);
    predict(
        directory.resolve("lines.csv"),
        "ingest.key=null",
        "predict.source.options.multiLine=false",
        "predict.keep=[]");
    reproduces(output("scored", "parquet"), keys);
  }

  /** What one file of Parquet requires and another lacks is null there. */
  @Test
  void aColumnOfOneFileAloneIsNullInTheOthers() {
    Path path = directory.resolve("unlike");
    List<Row> given =
        TEST_ROWS.stream()
            .map(
                row ->
                    RowFactory.create(
                        row[0],
                        row[1].isEmpty() ? null : Integer.valueOf(row[1]),
                        Double.valueOf(row[2]),
                        row[3]))
            .toList();
    Dataset<Row> rows =
        LocalSpark.session()
            .createDataFrame(
                given, StructType.fromDDL("id STRING, age INT, income DOUBLE, city STRING"))
            .selectExpr("cast(id as int) as id", "age", "income", "city");
    rows.filter("id % 2 = 0")
        .selectExpr("*", "7L as extra", "array(1L) as list")
        .coalesce(1)
        .write()
        .parquet(path.toString());
    rows.filter("id % 2 = 1")
        .selectExpr("*", "array(cast(null as bigint)) as list")
        .coalesce(1)
        .write()
        .mode("append")
        .parquet(path.toString());
    predict(path, "predict.source.format=parquet");
    List<Map<String, String>> scored = output("scored", "parquet");
    reproduces(scored, ownKeys());
    assertThat(scored)
        .allMatch(
            row ->
                Integer.parseInt(row.get("id")) % 2 == 0
                    ? "7".equals(row.get("extra"))
                    : "null".equals(row.get("extra")));
  }

  /**
   * A column in folders' names, with a header and, then with all columns but the label, without.
   */
  @Test
  void foldersGiveAColumn() throws IOException {
    for (boolean header : new boolean[] {true, false}) {
      Path folder = directory.resolve("new-folders-" + header);
      for (String[] row : TEST_ROWS) {
        Path file = folder.resolve("city=" + row[3]).resolve("a.csv");
        Files.createDirectories(file.getParent());
        if (header && Files.notExists(file)) {
          Files.writeString(file, "id,age,income\n");
        }
        Files.writeString(
            file,
            header
                ? csvLine(row[0], row[1], row[2])
                : csvLine(row[0], row[1], row[2], row[4], row[5]),
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
      }
      predict(folder, "ingest.options.header=" + header);
      List<Map<String, String>> rows = output("scored", "parquet");
      reproduces(rows, ownKeys());
      assertThat(rows).anyMatch(row -> "Zug, \"oben\"".equals(row.get("city")));
    }
  }

  /** With the label, which is measured as evaluate measured it. */
  @Test
  void jsonToJsonByTheUsersKey() throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    StringBuilder lines = new StringBuilder("\n");
    List<String> names = List.of("id", "age", "income", "city", "when", "note", "y");
    for (String[] row : TEST_ROWS) {
      Map<String, Object> object = new TreeMap<>();
      for (int i = 0; i < row.length; i++) {
        Object value =
            i < 2
                ? row[i].isEmpty() ? null : Integer.valueOf(row[i])
                : i == 2 ? (Object) Double.valueOf(row[i]) : row[i];
        object.put(names.get(i), value);
      }
      lines.append(mapper.writeValueAsString(object)).append('\n');
    }
    Path file = Files.writeString(directory.resolve("new.json"), lines);

    List<String> out =
        predict(file, "predict.source.format=json", "predict.format=json", "predict.measure=true");

    List<Map<String, String>> rows = output("scored", "json");
    reproduces(rows, ownKeys());
    assertThat(rows)
        .allSatisfy(
            row ->
                assertThat(row.get("position"))
                    .isEqualTo(
                        Integer.toString(
                            1
                                + TEST_ROWS.stream()
                                    .map(given -> given[0])
                                    .toList()
                                    .indexOf(row.get("id")))));
    assertThat(out)
        .contains("measured on the 45 of 45 scored rows that have a label")
        .anyMatch(line -> line.matches("predict +45 rows .*"));
    assertThat(outputs().published(Stage.PREDICTIONS).manifest().facts())
        .hasEntrySatisfying("measured", fact -> assertThat(fact.asInt()).isEqualTo(45));
    JsonNode measured =
        mapper.readTree(outputs().path(Stage.PREDICTIONS).resolve("metrics.json").toFile());
    JsonNode evaluated =
        mapper.readTree(outputs().path(Stage.METRICS).resolve("metrics.json").toFile());
    assertThat(measured.get("test")).isEqualTo(evaluated.get("test"));
    assertThat(measured.at("/intervals/test")).isEqualTo(evaluated.at("/intervals/test"));
  }

  /** Whatever stands for the label, a row is scored; the types are those of the schema. */
  @Test
  void aLabelThatIsNoneIsNotMeasuredAndItsRowIsScored() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("labels.csv"),
            """
            id,age,income,city,y
            1,30,5,Bern,1
            2,40,900,Genf,0
            3,30,5,Bern,x
            4,30,5,Bern,
            5,30,5,Bern,7
            """);
    String[] label = {
      "ingest.schema=id INT, age INT, income DOUBLE, city STRING, when DATE, note STRING, y INT",
      "clean.rules=[{ type = derive, column = y, to = STRING, expression ="
          + " \"case when y = 1 then 'yes' when y = 0 then 'no' end\" }]"
    };
    List<String> out = predict(file, label[0], label[1], "predict.measure=true");
    assertThat(out)
        .contains(
            "measured on the 2 of 5 scored rows that have a label",
            "not measured: 3 scored rows without a label, or with one that the bundle does not know");
    List<Map<String, String>> measured = output("scored", "parquet");
    assertThat(output("quarantined", "parquet")).isEmpty();
    predict(file, label[0], label[1]);
    assertThat(output("scored", "parquet")).containsExactlyInAnyOrderElementsOf(measured);
  }

  /** Columns of any type are handed on. */
  @Test
  void parquetToParquetByFileAndRecord() {
    Path path = directory.resolve("new-parquet");
    List<Row> given = new ArrayList<>();
    for (String[] row : TEST_ROWS) {
      given.add(
          RowFactory.create(
              row[1].isEmpty() ? null : Integer.valueOf(row[1]),
              List.of(row[0], "x"),
              Double.valueOf(row[2]),
              row[3],
              row[0].getBytes(StandardCharsets.UTF_8)));
    }
    LocalSpark.session()
        .createDataFrame(
            given,
            StructType.fromDDL(
                "age INT, ids ARRAY<STRING>, income DOUBLE, city STRING, bytes BINARY"))
        .repartition(3)
        .write()
        .parquet(path.toString());
    Map<String, List<Row>> records = new HashMap<>();
    for (String format : List.of("parquet", "csv", "json")) {
      predict(path, "ingest.key=null", "predict.source.format=parquet", "predict.format=" + format);
      List<Map<String, String>> rows = output("scored", format);
      Map<String, String> keys = new HashMap<>();
      rows.forEach(
          row -> keys.put(row.get("key"), String.valueOf(row.get("ids")).replaceAll("[^0-9]", "")));
      assertThat(keys).hasSize(45);
      reproduces(rows, keys);
      // The record of that number in the file is the row.
      for (Map<String, String> row : rows) {
        Row record =
            records
                .computeIfAbsent(
                    row.get("source"),
                    file -> LocalSpark.session().read().parquet(file).coalesce(1).collectAsList())
                .get(Integer.parseInt(row.get("position")) - 1);
        assertThat(record.<String>getList(record.fieldIndex("ids")).get(0))
            .isEqualTo(keys.get(row.get("key")));
      }
    }
  }

  @Test
  void whatCannotBeScoredHasItsPlaceItsTextAndTheReason() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("bad.csv"),
            "id,age,income,city\n1,30,5,Bern\n2,x,5,Bern\n3,130,\"5\",Bern\n4,30\n");
    List<String> out = predict(file);
    assertThat(output("quarantined", "parquet"))
        .containsExactlyInAnyOrder(
            quarantined("null", file, "3", "2,x,5,Bern", "age: \"x\" is no int"),
            quarantined("3", file, "4", "3,130,\"5\",Bern", "age: 130 is outside 0 to 120"),
            quarantined("null", file, "5", "4,30", "2 fields, must be 4"));
    assertThat(out)
        .contains(
            "quarantined rows: file:" + outputs().path(Stage.PREDICTIONS).resolve("quarantined"),
            "  1: 2 fields, must be 4");
    assertThat(output("scored", "parquet")).extracting(row -> row.get("key")).containsExactly("1");

    String before = outputs().published(Stage.PREDICTIONS).attempt();
    CommandLine refused = refused(file, "predict.max-unscored=0.7");
    assertThat(refused.code()).isEqualTo(3);
    assertThat(refused.err())
        .containsExactly(
            "predict: at most a share of 0.7 of the rows may be unscored (predict.max-unscored), got"
                + " 0.7500: 3 of 4",
            "1: 2 fields, must be 4",
            "1: age: \"x\" is no int",
            "1: age: 130 is outside 0 to 120");
    assertThat(outputs().published(Stage.PREDICTIONS).attempt()).isEqualTo(before);
  }

  private static Map<String, String> quarantined(
      String key, Path source, String position, String record, String reason) {
    return Map.of(
        "key",
        key,
        "source",
        source.toString(),
        "position",
        position,
        "record",
        record,
        "reason",
        reason);
  }

  @Test
  void aColumnWithoutANameIsNoFeatureUnlessTheOthersAreInOrder() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("unnamed.csv"),
            "\"\",age,income,city,when,note\n7,30,5,Bern,2024-01-01,x\n");
    predict(file);
    assertThat(output("scored", "parquet")).extracting(row -> row.get("key")).containsExactly("7");
    Files.writeString(file, "y,city,\"\",age,id,note,when\nno,Bern,9,30,7,x,2024-01-01\n");
    CommandLine refused = refused(file);
    assertThat(refused.code()).isEqualTo(3);
    assertThat(refused.err())
        .containsExactly(file + ": no column income, there are [y, city, , age, id, note, when]");
  }

  @Test
  void predictionsStayUntilPrune() throws IOException {
    Path file =
        Files.writeString(directory.resolve("stay.csv"), "id,age,income,city\n1,30,5,Bern\n");
    for (String format : List.of("parquet", "csv", "json")) {
      predict(file, "predict.format=" + format);
    }
    List<Path> there = attempts();
    assertThat(there).hasSizeGreaterThan(2);
    assertThat(CommandLine.out("prune", directory.resolve("runs").toString(), "1"))
        .containsExactly("run: removed %d earlier predictions".formatted(there.size() - 2));
    assertThat(attempts()).isEqualTo(there.subList(there.size() - 2, there.size()));
  }

  private static List<Path> attempts() throws IOException {
    try (Stream<Path> entries = Files.list(directory.resolve("runs/run/predictions"))) {
      return entries.filter(Files::isDirectory).sorted().toList();
    }
  }

  @Test
  void aKeyMustIdentifyTheRowsAsInIngest() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("keys.csv"),
            "id,age,income,city\n1,30,5,Bern\n01,30,5,Bern\n2,200,5,Bern\n2,30,5,Bern\n,30,5,Bern\n");
    CommandLine refused = refused(file);
    assertThat(refused.code()).isEqualTo(3);
    assertThat(refused.err())
        .containsExactly(
            "key column id is missing in 1 rows",
            "key column id must be unique, found \"1\" in 2 rows, \"2\" in 2 rows");
    Files.writeString(file, "age,income,city\n30,5,Bern\n");
    assertThat(refused(file).err())
        .containsExactly(file + ": no column id, there are [age, income, city]");
  }

  @Test
  void aColumnCalledAsOneOfSluicesOwn() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("clash.csv"),
            "id,age,income,city,key,bundle,Source,_x\n1,30,5,Bern,k,b,007,u\n");
    CommandLine refused = refused(file);
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err())
        .containsExactly(
            "predict.prefix must tell Sluice's own columns from those of the input, which has key,"
                + " bundle, Source too, got \"\"");
    List<String> out = predict(file, "predict.prefix=sluice_");
    assertThat(output("scored", "parquet").get(0))
        .containsEntry("key", "k")
        .containsEntry("bundle", "b")
        .containsEntry("Source", "007")
        .containsEntry("sluice_key", "1")
        .containsEntry("sluice_position", "2")
        .containsKeys("sluice_prediction", "sluice_probability_yes", "sluice_bundle")
        .doesNotContainKey("_x");
    assertThat(String.join("\n", out))
        .contains(
            "left out, since names that are blank or begin with an underscore are reserved: columns [_x]");
    predict(file, "predict.keep=[city, id]");
    assertThat(output("scored", "parquet").get(0).keySet())
        .containsExactlyInAnyOrder(
            "city",
            "id",
            "key",
            "source",
            "position",
            "prediction",
            "decision",
            "probabilities",
            "probability_no",
            "probability_yes",
            "bundle");
    assertThat(refused(file, "predict.keep=[town]").err())
        .containsExactly(
            file
                + ": predict.keep: no column town, there are [id, age, income, city, key, bundle,"
                + " Source, _x]");
  }
}
