package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.bundle.BatchScorer;
import sluice.bundle.Prediction;
import sluice.bundle.Scorer;
import sluice.cli.Main;
import sluice.data.Field;
import sluice.run.Stage;
import sluice.stages.PredictStage;
import sluice.testing.LocalSpark;

/** The predict job and plain Java say the same of the same rows, to the bit. */
@Tag("pipeline")
final class TrainEqualsScoreTest {
  private static final String COLUMNS =
      """
      id BIGINT, age INT, children SMALLINT, floor TINYINT, amount DOUBLE, ratio FLOAT, code STRING,
      city STRING, plan STRING, ward INT, note STRING, day DATE, seen TIMESTAMP,
      local TIMESTAMP_NTZ, member BOOLEAN
      """;

  private static final String CONFIGURATION =
      """
      pipeline { name = trial, seed = 7, runs-dir = "%1$s/runs" }
      ingest {
        format = parquet, path = "%1$s/rows", key = id
        schema = \"\"\"%2$s, y %3$s\"\"\"
      }
      clean { rules = [
        trim
        { type = missing, values = ["n/a", "?", "-999"] }
        { type = cast, column = code, to = int }
        { type = rename, from = plan, to = tariff }
        { type = drop-columns, columns = [note] }
        { type = reject-missing, columns = [age] }
        { type = drop-duplicates, columns = [id] }
        { type = reject-outside, column = amount, min = -1000, max = 1000 }
        { type = reject-unless-in, column = tariff, values = [basic, plus, größer] }
        { type = normalise-text, columns = [city], form = nfkc }
        { type = strip-html, columns = [city] }
        { type = mask-personal, columns = [city] }
        { type = reject-length, columns = [city], at-most = 1000 }
        { type = reject-unless-matching, column = city, pattern = "[^!]*" }
      ] }
      normalise {
        label = { column = y, type = %4$s%5$s }
        features = [
          { columns = [age, children], steps = [impute-median, clip-iqr, standardise] }
          { columns = [floor], steps = [impute-mean, min-max] }
          { name = binned, columns = [age, floor], steps = [
            impute-median, { type = piecewise-linear, bins = 5 }
          ] }
          { name = bins, columns = [children], steps = [impute-mean, piecewise-linear, standardise] }
          { columns = [amount], steps = [
            impute-mean, { type = clip-quantiles, low = 0.05, high = 0.95 }, robust
          ] }
          { columns = [ratio], steps = [{ type = impute-constant, value = "0.5" }, standardise] }
          { columns = [code], steps = [impute-median, log1p, min-max] }
          { columns = [city], steps = [impute-mode, { type = one-hot, max-categories = 4 }] }
          { name = share, columns = [city], steps = [impute-mode, frequency] }
          { name = bucket, columns = [city], steps = [impute-mode, { type = hashing, buckets = 5 }] }
          { columns = [tariff], steps = [{ type = one-hot, unseen = error }] }
          { columns = [ward], steps = [index] }
          { columns = [day], steps = [{
            type = date-parts, parts = [year, quarter, day], cyclic = [month, weekday, day-of-year]
          }, standardise] }
          { columns = [seen, local], steps = [{
            type = date-parts, parts = [hour], cyclic = [hour, minute, second]
          }] }
          { columns = [member], steps = [impute-mode, one-hot] }
          { name = belongs, columns = [member], steps = [impute-mean] }
        ]
      }
      augment { steps = [{ type = jitter, copies = 1 }] }
      model { type = mlp, hidden = [9, 5] }
      train { epochs = 2, batch-size = 16, logical-workers = 2 }
      predict { source { path = "%1$s/new" } }
      """;

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  private Path directory;

  @ParameterizedTest
  @CsvSource({"class, STRING, ''", "number, DOUBLE, ''"})
  void theJobAndPlainJavaSayTheSame(String label, String type, String scale) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (long id = 0; id < 700; id++) {
      Object[] values = ordinary(id);
      boolean ja = values[4] instanceof Double amount && amount > 10;
      List<Object> all = new ArrayList<>(Arrays.asList(values));
      all.add(label.equals("class") ? (ja ? "ja" : id % 3 == 0 ? "weiß nicht" : "nein") : id * 0.7);
      rows.add(RowFactory.create(all.toArray()));
    }
    write(rows, COLUMNS + ", y " + type, "rows");
    Path conf =
        Files.writeString(
            directory.resolve("trial.conf"),
            CONFIGURATION.formatted(directory, COLUMNS, type, label, scale));
    assertThat(Main.run("prepare", conf.toString())).isZero();
    assertThat(Main.run("train", conf.toString())).isZero();

    StageOutputs outputs = new StageOutputs(directory.resolve("runs/trial"));
    Set<String> test =
        outputs.rows(Stage.SPLIT).filter("_part = 'test'").collectAsList().stream()
            .map(row -> String.valueOf(row.<Object>getAs("id")))
            .collect(Collectors.toSet());
    assertThat(test).hasSizeGreaterThan(90);
    List<Row> given = new ArrayList<>();
    for (long id = 0; id < 700; id++) {
      if (test.contains(Long.toString(id))) {
        given.add(RowFactory.create(ordinary(id)));
      }
    }
    for (long id = 1000; id < 1300; id++) {
      given.add(RowFactory.create(odd(id)));
    }
    write(given, COLUMNS, "new");
    assertThat(Main.run("predict", conf.toString())).isZero();

    Map<String, Prediction> byJob = new TreeMap<>();
    List<Row> scored = outputs.rows(Stage.PREDICTIONS, PredictStage.SCORED).collectAsList();
    List<Row> quarantined =
        outputs.rows(Stage.PREDICTIONS, PredictStage.QUARANTINED).collectAsList();
    scored.forEach(row -> byJob.put(row.getAs("key"), prediction(row, label)));
    quarantined.forEach(
        row -> byJob.put(row.getAs("key"), new Prediction.Unscored(row.getAs("reason"))));

    Scorer scorer = Scorer.load(outputs.path(Stage.MODEL));
    StructType schema = StructType.fromDDL(COLUMNS);
    List<Map<String, Object>> records = given.stream().map(row -> record(row, schema)).toList();
    List<Prediction> together = scorer.score(records);
    Map<String, Prediction> inJava = new TreeMap<>();
    for (int i = 0; i < records.size(); i++) {
      inJava.put(String.valueOf(records.get(i).get("id")), together.get(i));
      assertThat(scorer.score(records.get(i))).isEqualTo(together.get(i));
    }

    assertThat(byJob.keySet()).isEqualTo(inJava.keySet());
    Map<String, String> differences = new TreeMap<>();
    byJob.forEach(
        (key, prediction) -> {
          if (!prediction.equals(inJava.get(key))) {
            differences.put(key, prediction + " by the job, " + inJava.get(key) + " in plain Java");
          }
        });
    assertThat(differences).isEmpty();
    Map<String, Object> record =
        new LinkedHashMap<>(record(RowFactory.create(ordinary(3)), schema));
    record.put("age", 41);
    record.put("amount", null);
    sayNothingOfOtherColumns(scorer, record);
    sameAsTheValueOfItsColumn(scorer, record);
    areUnscoredForWhatTheyHold(scorer, record);
    assertThat(scored.size() + quarantined.size()).isEqualTo(given.size());
    assertThat(outputs.published(Stage.PREDICTIONS).manifest().rows())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                PredictStage.SCORED,
                (long) scored.size(),
                PredictStage.QUARANTINED,
                (long) quarantined.size()));
    // Every way in which a row cannot be scored has been gone.
    assertThat(inJava.values().stream().filter(Prediction.Unscored.class::isInstance))
        .extracting(prediction -> ((Prediction.Unscored) prediction).reason())
        .contains(
            "code: \"x7\" is no int",
            "missing: age",
            "amount: Infinity is outside -1000 to 1000",
            "tariff: \"Gold\" is none of [basic, plus, größer]",
            "day is missing and has no impute step");
    assertThat(scored).hasSizeGreaterThan(test.size());
  }

  /** What the files of the training write for a value, a scorer reads as they do. */
  @Test
  void textsAreReadInTheNotationOfTheFiles() throws IOException {
    LocalSpark.session();
    StringBuilder csv = new StringBuilder("id,x,city,day,y\n");
    for (int i = 0; i < 300; i++) {
      csv.append(
          "%d,%s,%s,%02d/%02d/2021,%s\n"
              .formatted(
                  i,
                  i % 7 == 0 ? "NA" : Integer.toString(i * 37 % 100),
                  List.of("Bern", " Genf", "NA", "Zug").get(i % 4),
                  1 + i % 28,
                  1 + i % 12,
                  i * 37 % 100 > 50 ? "yes" : "no"));
    }
    Files.writeString(directory.resolve("data.csv"), csv);
    List<String> texts =
        List.of(
            "NA,NA,18/06/2021",
            "5,Bern,01/12/2021",
            "5,  Genf,01/12/2021",
            "5,,01/12/2021",
            ",Zug,28/02/2021",
            "5,Chur,28/02/2021",
            "?,Zug,28/02/2021",
            "5,Zug,2021-06-18",
            "5,Zug,NA");
    StringBuilder added = new StringBuilder("id,x,city,day\n");
    for (int i = 0; i < texts.size(); i++) {
      added.append(i).append(',').append(texts.get(i)).append('\n');
    }
    Files.writeString(directory.resolve("new.csv"), added);
    Path conf =
        Files.writeString(
            directory.resolve("texts.conf"),
            """
            pipeline { name = texts, seed = 7, runs-dir = "{dir}/runs" }
            ingest {
              format = csv, path = "{dir}/data.csv", key = id
              options {
                header = true, nullValue = "NA", dateFormat = "dd/MM/yyyy", nanValue = "?"
                ignoreLeadingWhiteSpace = true
              }
              schema = "id INT, x DOUBLE, city STRING, day DATE, y STRING"
            }
            normalise {
              label { column = y, positive = "yes" }
              features = [
                { columns = [x], steps = [impute-median, standardise] }
                { columns = [city], steps = [impute-mode, one-hot] }
                { columns = [day], steps = [{ type = date-parts, parts = [month, day] }, standardise] }
              ]
            }
            sufficiency.min-rows-per-feature = 0
            model { type = mlp, hidden = [4] }
            train { epochs = 1, batch-size = 32, logical-workers = 1 }
            predict.source.path = "{dir}/new.csv"
            """
                .replace("{dir}", directory.toString()));
    for (String job : List.of("prepare", "train", "predict")) {
      assertThat(Main.run(job, conf.toString())).isZero();
    }
    StageOutputs outputs = new StageOutputs(directory.resolve("runs/texts"));
    Map<Integer, Float> byJob = new TreeMap<>();
    for (Row row : outputs.rows(Stage.PREDICTIONS, PredictStage.SCORED).collectAsList()) {
      List<Float> probabilities = row.getList(row.fieldIndex(BatchScorer.PROBABILITIES));
      byJob.put(Integer.valueOf(row.getAs("key")), probabilities.get(1));
    }
    Scorer scorer = Scorer.load(outputs.path(Stage.MODEL));
    Map<Integer, Float> inJava = new TreeMap<>();
    for (int i = 0; i < texts.size(); i++) {
      String[] fields = texts.get(i).split(",", -1);
      Prediction said = scorer.score(Map.of("x", fields[0], "city", fields[1], "day", fields[2]));
      if (said instanceof Prediction.OfClass scored) {
        inJava.put(i, scored.probabilities().get("yes"));
      }
    }
    assertThat(inJava).isEqualTo(byJob).hasSize(texts.size() - 2);
  }

  private static void sayNothingOfOtherColumns(Scorer scorer, Map<String, Object> record) {
    Prediction prediction = scorer.score(record);
    assertThat(prediction).isNotInstanceOf(Prediction.Unscored.class);
    Map<String, Object> more = new LinkedHashMap<>(record);
    more.put("nobody", Map.of("knows", List.of(more.size())));
    more.put("y", null);
    // The key, and a column that a rule drops.
    more.remove("id");
    more.remove("note");
    assertThat(scorer.score(more)).isEqualTo(prediction);
    assertThat(scorer.columns()).extracting(Field::name).doesNotContain("id", "note", "y");
  }

  private static void sameAsTheValueOfItsColumn(Scorer scorer, Map<String, Object> record) {
    for (Object age :
        List.of(
            41L,
            (short) 41,
            41.0,
            41f,
            "41",
            "41.0",
            new BigDecimal("41"),
            BigInteger.valueOf(41),
            new AtomicInteger(41))) {
      assertThat(scorer.score(with(record, "age", age)))
          .as(age.getClass() + " " + age)
          .isEqualTo(scorer.score(record));
    }
    assertThat(scorer.score(with(record, "amount", ""))).isEqualTo(scorer.score(record));
    assertThat(scorer.score(with(record, "ratio", 0.1)))
        .isEqualTo(scorer.score(with(record, "ratio", 0.1f)));
    assertThat(scorer.score(with(record, "day", "2001-02-03")))
        .isEqualTo(scorer.score(with(record, "day", LocalDate.of(2001, 2, 3))));
    assertThat(scorer.score(with(record, "member", "true")))
        .isEqualTo(scorer.score(with(record, "member", true)));
  }

  private static void areUnscoredForWhatTheyHold(Scorer scorer, Map<String, Object> record) {
    List<Object> itself = new ArrayList<>();
    itself.add(itself);
    Object[][] cases = {
      {"age", 41.5, "age must be int, got Double 41.5"},
      {"age", 3_000_000_000L, "age must be int, got Long 3000000000"},
      {"age", "4l", "age must be int, got String \"4l\""},
      {"age", true, "age must be int, got Boolean true"},
      {"age", Double.NaN, "age must be int, got Double NaN"},
      {"age", new BigDecimal("41.5"), "age must be int, got BigDecimal 41.5"},
      {"age", BigInteger.ONE.shiftLeft(64), "age must be int, got BigInteger 18446744073709551616"},
      {"age", "", "missing: age"},
      {"floor", 128, "floor must be tinyint, got Integer 128"},
      {"amount", new BigDecimal("1e400"), "amount must be double, got BigDecimal 1E+400"},
      {"amount", 1e300, "amount: 1.0E300 is outside -1000 to 1000"},
      {"city", 5, "city must be string, got Integer 5"},
      {"city", itself, "city must be string, got a ArrayList"},
      {
        "city", "B\ud83d", "city must be text that UTF-8 can hold, got a surrogate without its pair"
      },
      {"day", "2021-02-30", "day must be date, got String \"2021-02-30\""},
      {"seen", new Object[0], "seen must be timestamp, got a Object[]"},
      {"member", 1, "member must be boolean, got Integer 1"}
    };
    for (Object[] said : cases) {
      assertThat(scorer.score(with(record, (String) said[0], said[1])))
          .isEqualTo(new Prediction.Unscored((String) said[2]));
    }
    Map<String, Object> less = new LinkedHashMap<>(record);
    less.keySet().removeAll(List.of("age", "day", "note"));
    less.put("ward", "w");
    assertThat(scorer.score(less))
        .isEqualTo(new Prediction.Unscored("ward must be int, got String \"w\""));
  }

  private static Map<String, Object> with(Map<String, Object> record, String column, Object value) {
    Map<String, Object> changed = new LinkedHashMap<>(record);
    changed.put(column, value);
    return changed;
  }

  private void write(List<Row> rows, String columns, String name) {
    LocalSpark.session()
        .createDataFrame(rows, StructType.fromDDL(columns))
        .repartition(3)
        .write()
        .mode("overwrite")
        .parquet(directory.resolve(name).toString());
  }

  private static Map<String, Object> record(Row row, StructType schema) {
    Map<String, Object> record = new LinkedHashMap<>();
    for (int i = 0; i < schema.size(); i++) {
      record.put(schema.fieldNames()[i], row.get(i));
    }
    return record;
  }

  private static Prediction prediction(Row row, String label) {
    if (label.equals("number")) {
      return new Prediction.OfNumber(row.getAs(BatchScorer.PREDICTION));
    }
    List<Float> outputs = row.getList(row.fieldIndex(BatchScorer.PROBABILITIES));
    return new Prediction.OfClass(
        row.getAs(BatchScorer.PREDICTION),
        row.getAs(BatchScorer.DECISION),
        Map.of("ja", outputs.get(0), "nein", outputs.get(1), "weiß nicht", outputs.get(2)));
  }

  /** A row such as those that the network is trained with. */
  private static Object[] ordinary(long id) {
    Random random = new Random(id);
    return new Object[] {
      id,
      17 + random.nextInt(60),
      one(random, null, (short) 0, (short) 1, (short) -999, (short) 12),
      one(random, null, (byte) -1, (byte) 0, (byte) 5),
      one(random, null, Double.NaN, -0.0, random.nextGaussian() * 50, random.nextGaussian() * 100),
      one(random, null, Float.NaN, random.nextFloat(), -3.25f),
      one(random, null, " 7", "0", "n/a", "2e3", Integer.toString(random.nextInt(1000))),
      one(random, null, "", "Zürich", " Bern ", "東京", "🚀 Stadt", "e\u0301", "\u00e9", "?"),
      one(random, "basic", " plus", "größer"),
      one(random, 1, 2, 3, 4),
      one(random, null, "x"),
      LocalDate.of(1999, 1, 31).plusDays(random.nextInt(9000)),
      Instant.ofEpochSecond(random.nextInt(2_000_000_000)),
      LocalDateTime.of(2020, 2, 29, 0, 0).plusSeconds(random.nextInt(100_000_000)),
      one(random, null, true, false)
    };
  }

  /** A row in which some values are such as no training row has. */
  private static Object[] odd(long id) {
    Object[] row = ordinary(id);
    // Seeds that are near each other begin alike.
    Random random = new Random(id * 0x9E3779B97F4A7C15L);
    Object[][] values = {
      {id},
      {null, -999, Integer.MAX_VALUE},
      {Short.MIN_VALUE},
      {Byte.MAX_VALUE},
      {Double.POSITIVE_INFINITY, -1000.5, 1e300, Double.MIN_VALUE},
      {Float.NEGATIVE_INFINITY, Float.MAX_VALUE, Float.MIN_VALUE},
      {"x7", "-3", "2147483648", "-1"},
      {"Genf!", "nowhere", "\u2003Genf", "\ud83d\ude80"},
      {null, "Gold", "BASIC"},
      {null, 77, -1},
      {"y"},
      {null, LocalDate.of(1, 1, 1), LocalDate.of(9999, 12, 31)},
      {null, Instant.parse("1969-12-31T23:59:59Z")},
      {null, LocalDateTime.of(1900, 1, 1, 23, 59, 59)},
      {null}
    };
    int column = 1 + (int) (id % (row.length - 1));
    row[column] = one(random, values[column]);
    return row;
  }

  private static @Nullable Object one(Random random, @Nullable Object... values) {
    return values[random.nextInt(values.length)];
  }
}
