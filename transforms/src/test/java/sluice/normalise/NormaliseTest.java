package sluice.normalise;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sluice.data.AcceptedRejected;
import sluice.data.DatasetContract;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.data.SparkSchema;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.testing.LocalSpark;

class NormaliseTest {
  private static final SparkSession SPARK = LocalSpark.session();
  private static final OneHot ONE_HOT = new OneHot(Unseen.OTHER, 1, null);
  private static final DateParts MONTH =
      new DateParts(List.of(DatePart.YEAR, DatePart.MONTH), List.of());

  private static final String DDL =
      "_key string, age int, balance double, job string, since date, y string";
  private static final DatasetContract CONTRACT = SparkSchema.contract(StructType.fromDDL(DDL));

  /** Some missing ages and balances, one job that is rare, one class that is rarer. */
  private static List<Row> bank(int size) {
    Random random = new Random(5);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      rows.add(
          RowFactory.create(
              "key" + i,
              i % 17 == 3 ? null : 18 + random.nextInt(60),
              i % 29 == 5 ? Double.NaN : random.nextGaussian() * 1e4,
              i % 13 == 2 ? null : List.of("clerk", "cook", "pilot").get(i % 97 == 0 ? 2 : i % 2),
              LocalDate.of(2020, 1, 1).plusDays(random.nextInt(900)),
              i % 5 == 0 ? "yes" : "no"));
    }
    return rows;
  }

  private static Dataset<Row> table(List<Row> rows, String ddl) {
    return SPARK.createDataFrame(rows, StructType.fromDDL(ddl));
  }

  private static GroupSettings group(String name, List<String> columns, Step... steps) {
    return new GroupSettings(name, columns, List.of(steps));
  }

  private static final NormaliseSettings SETTINGS =
      new NormaliseSettings(
          LabelSettings.ofClass("y"),
          List.of(
              group(
                  "numbers",
                  List.of("age", "balance"),
                  new ImputeMedian(),
                  new ClipIqr(1.5),
                  new Standardise()),
              group("job", List.of("job"), new ImputeMode(), ONE_HOT),
              group("when", List.of("since"), MONTH, new MinMax())));

  private static FittedPreprocessing fit(List<Row> rows, String ddl, NormaliseSettings settings) {
    return Normalise.fit(table(rows, ddl), SparkSchema.contract(StructType.fromDDL(ddl)), settings);
  }

  @Test
  void theFitIsTheSameWhateverThePartitionsAndTheOrder() {
    List<Row> rows = bank(1_000);
    FittedPreprocessing one = Normalise.fit(table(rows, DDL).repartition(1), CONTRACT, SETTINGS);
    Collections.shuffle(rows, new Random(1));
    assertThat(Normalise.fit(table(rows, DDL).repartition(2), CONTRACT, SETTINGS)).isEqualTo(one);
    Collections.shuffle(rows, new Random(2));
    assertThat(Normalise.fit(table(rows, DDL).repartition(7), CONTRACT, SETTINGS)).isEqualTo(one);
    // More partitions than rows: some are empty.
    List<Row> few = rows.subList(0, 5);
    assertThat(Normalise.fit(table(few, DDL).repartition(9), CONTRACT, SETTINGS))
        .isEqualTo(Normalise.fit(table(few, DDL).coalesce(1), CONTRACT, SETTINGS));
  }

  @Test
  void theFitIsWhatItsStepsLearnOneAfterTheOther() {
    List<Row> rows = bank(1_000);
    FittedPreprocessing fitted = fit(rows, DDL, SETTINGS);

    List<Object> ages = present(rows, 1, Kind.NUMBER);
    FittedStep median = Fits.of(new ImputeMedian(), Kind.NUMBER, ages);
    List<Object> filled = through(median, rows, 1, Kind.NUMBER);
    FittedStep clip = Fits.of(new ClipIqr(1.5), Kind.NUMBER, filled);
    List<Object> clipped = new ArrayList<>();
    filled.forEach(value -> clipped.add(clip.value(value)));
    FittedStep scale = Fits.of(new Standardise(), Kind.NUMBER, clipped);
    assertThat(fitted.features().get(0).columns().get(0).steps())
        .containsExactly(median, clip, scale);

    assertThat(fitted.features().get(1).columns().get(0).steps())
        .containsExactly(
            Fits.of(new ImputeMode(), Kind.TEXT, present(rows, 3, Kind.TEXT)),
            new Categories(Element.ONE_HOT, Unseen.OTHER, List.of("clerk", "cook", "pilot")));
    assertThat(fitted.features().get(2).columns().get(0).steps())
        .containsExactly(
            MONTH,
            new PerPositionStep(List.of(new Scale(2020, 2, false), new Scale(1, 11, false))));
    assertThat(fitted.labels())
        .containsExactly(
            new ClassLabel(
                "y", CONTRACT.type("y"), List.of("no", "yes"), List.of(800L, 200L), "yes"));
    assertThat(fitted.input().names()).containsExactly("age", "balance", "job", "since");
  }

  private static List<Object> present(List<Row> rows, int column, Kind kind) {
    List<Object> values = new ArrayList<>();
    for (Row row : rows) {
      Object value = RawValues.value(kind, row.get(column));
      if (value != null) {
        values.add(value);
      }
    }
    return values;
  }

  private static List<Object> through(FittedStep step, List<Row> rows, int column, Kind kind) {
    List<Object> values = new ArrayList<>();
    for (Row row : rows) {
      values.add(step.value(RawValues.value(kind, row.get(column))));
    }
    return values;
  }

  @Test
  void theTableHoldsKeyPartLabelAndGroups() {
    List<Row> rows = bank(200);
    FittedPreprocessing fitted = fit(rows, DDL, SETTINGS);
    Dataset<Row> parts = table(rows, DDL).withColumn("_part", lit("train"));
    AcceptedRejected result = Normalise.apply(fitted, parts);
    assertThat(result.accepted().schema().simpleString())
        .isEqualTo(
            "struct<key:string,part:string,label:int,numbers:array<float>,job:array<int>,"
                + "when:array<float>>");
    assertThat(result.accepted().count()).isEqualTo(200);
    assertThat(result.rejected().count()).isZero();
    // Rows to be scored have no label and no part.
    assertThat(Normalise.apply(fitted, table(rows, DDL).drop("y")).accepted().columns())
        .containsExactly("key", "numbers", "job", "when");
    assertThat(fitted.schema().inputs())
        .containsExactly(
            TensorSpec.of(
                "numbers",
                Element.FLOAT32,
                List.of(2),
                List.of("age", "balance"),
                List.of(),
                List.of()),
            TensorSpec.of(
                "job",
                Element.ONE_HOT,
                List.of(1),
                List.of("job"),
                List.of(4),
                List.of(List.of("(other)", "clerk", "cook", "pilot"))),
            TensorSpec.of(
                "when",
                Element.FLOAT32,
                List.of(2),
                List.of("since.year", "since.month"),
                List.of(),
                List.of()));
  }

  @Test
  void eachLevelOfStepsIsOneJobForAllColumns() throws TimeoutException {
    List<Row> rows = bank(300);
    GroupSettings plain = group("plain", List.of("since"), MONTH);
    assertThat(jobs(rows, SETTINGS)).isEqualTo(3);
    assertThat(
            jobs(
                rows,
                new NormaliseSettings(
                    LabelSettings.none(),
                    List.of(
                        group(
                            "filled",
                            List.of("balance", "age"),
                            new ImputeConstant("0"),
                            new Standardise()),
                        plain))))
        .isEqualTo(1);
    // Nothing to learn, but the rows are looked at for what is missing, with the label.
    assertThat(jobs(rows, new NormaliseSettings(LabelSettings.ofClass("y"), List.of(plain))))
        .isEqualTo(1);
    assertThat(jobs(rows, new NormaliseSettings(LabelSettings.none(), List.of(plain))))
        .isEqualTo(1);
    assertThat(
            jobs(
                rows,
                new NormaliseSettings(
                    LabelSettings.none(),
                    List.of(
                        group(
                            "logs",
                            List.of("age"),
                            new ImputeMedian(),
                            new Log1p(),
                            new Standardise())))))
        .isEqualTo(2);
  }

  private static int jobs(List<Row> rows, NormaliseSettings settings) throws TimeoutException {
    return jobs(() -> fit(rows, DDL, settings));
  }

  private static int jobs(Runnable work) throws TimeoutException {
    AtomicInteger jobs = new AtomicInteger();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart start) {
            if (start.properties() != null
                && "counted".equals(start.properties().getProperty("spark.job.description"))) {
              jobs.incrementAndGet();
            }
          }
        };
    SPARK.sparkContext().addSparkListener(listener);
    try {
      SPARK.sparkContext().setJobDescription("counted");
      work.run();
    } finally {
      SPARK.sparkContext().setJobDescription(null);
      SPARK.sparkContext().listenerBus().waitUntilEmpty();
      SPARK.sparkContext().removeSparkListener(listener);
    }
    return jobs.get();
  }

  @Test
  void quantilesOfManyRowsAreExact() {
    Dataset<Row> rows =
        SPARK.range(0, 300_000, 1, 3).select(expr("cast(id * 7919 % 300007 as double) as x"));
    FittedPreprocessing fitted =
        Normalise.fit(
            rows,
            SparkSchema.contract(rows.schema()),
            new NormaliseSettings(
                LabelSettings.none(), List.of(group("x", List.of("x"), new Robust()))));
    double[] sorted =
        rows.collectAsList().stream().mapToDouble(row -> row.getDouble(0)).sorted().toArray();
    double median = (sorted[149_999] + sorted[150_000]) / 2;
    double first = sorted[74_999] + 0.75 * (sorted[75_000] - sorted[74_999]);
    double third = sorted[224_999] + 0.25 * (sorted[225_000] - sorted[224_999]);
    assertThat(fitted.features().get(0).columns().get(0).steps())
        .containsExactly(new Scale(median, third - first, false));
  }

  @Test
  void aMillionCategoriesWork() {
    Dataset<Row> rows =
        SPARK
            .range(0, 1_000_000, 1, 2)
            .select(expr("cast(id as string) as _key"), expr("concat('user-', id) as user"));
    FittedPreprocessing fitted =
        Normalise.fit(
            rows,
            SparkSchema.contract(rows.schema()),
            new NormaliseSettings(
                LabelSettings.none(),
                List.of(group("user", List.of("user"), new Index(Unseen.OTHER, 1, null)))));
    assertThat(fitted.schema().inputs().get(0).cardinalities()).containsExactly(1_000_001);
    Dataset<Row> some =
        rows.filter("_key % 100000 = 0").withColumn("user", expr("if(_key = 0, 'new', user)"));
    List<Row> indices = Normalise.apply(fitted, some).accepted().collectAsList();
    assertThat(indices).hasSize(10);
    for (Row row : indices) {
      String key = row.getString(0);
      int expected =
          key.equals("0")
              ? 0
              : 1
                  + Collections.binarySearch(
                      fitted.schema().inputs().get(0).categories().get(0).subList(1, 1_000_001),
                      "user-" + key);
      assertThat(row.<Integer>getList(1)).containsExactly(expected);
    }
  }

  @Test
  void constantColumnsBecomeZero() {
    List<Row> rows = List.of(RowFactory.create("a", 3.5, 7), RowFactory.create("b", 3.5, 7));
    String ddl = "_key string, x double, n int";
    NormaliseSettings settings =
        new NormaliseSettings(
            LabelSettings.none(),
            List.of(
                group("one", List.of("x", "n"), new Standardise()),
                group("two", List.of("x", "n"), new MinMax()),
                group("three", List.of("x", "n"), new ImputeMedian(), new Robust())));
    FittedPreprocessing fitted = fit(rows, ddl, settings);
    Dataset<Row> scored = table(List.of(RowFactory.create("c", -99.0, 8)), ddl);
    Row features = Normalise.apply(fitted, scored).accepted().first();
    for (int group = 1; group <= 3; group++) {
      assertThat(features.<Float>getList(group)).containsExactly(0f, 0f);
    }
  }

  @Test
  void rowsWithoutAFeatureAreRejectedWithTheReason() {
    String ddl = "_key string, _source string, age int, x double, job string";
    FittedPreprocessing fitted =
        fit(
            List.of(
                RowFactory.create("a", "f", 30, 2.0, "cook"),
                RowFactory.create("b", "f", 40, 3.0, "clerk")),
            ddl,
            new NormaliseSettings(
                LabelSettings.none(),
                List.of(
                    group("numbers", List.of("age"), new Standardise()),
                    group("logs", List.of("x"), new Log1p()),
                    group("plain", List.of("x")),
                    group("job", List.of("job"), new OneHot(Unseen.ERROR, 1, null)))));
    List<Row> rows =
        List.of(
            RowFactory.create("1", "f", null, Double.NaN, "cook"),
            RowFactory.create("2", "f", 50, -3.0, "pilot"),
            RowFactory.create("3", "f", 50, 1e300, null),
            RowFactory.create("4", "f", 50, 0.5, "cook"));
    AcceptedRejected result = Normalise.apply(fitted, table(rows, ddl));
    assertThat(result.accepted().select("key").collectAsList())
        .containsExactly(RowFactory.create("4"));
    assertThat(result.rejected().columns())
        .containsExactly("_key", "_source", "_rule", "_reason", "age", "x", "job");
    assertThat(result.rejected().orderBy("_key").collectAsList())
        .containsExactly(
            RowFactory.create(
                "1",
                "f",
                "normalise",
                "age is missing and has no impute step; x is NaN, which counts as missing, and has"
                    + " no impute step",
                null,
                Double.NaN,
                "cook"),
            RowFactory.create(
                "2",
                "f",
                "normalise",
                "x is -3.0 at log1p: log1p needs a value above -1; job is pilot at categories: a"
                    + " category that no train row has",
                50,
                -3.0,
                "pilot"),
            RowFactory.create(
                "3",
                "f",
                "normalise",
                "x comes out as 1.0E300, more than a 32-bit float holds; job is missing and has no"
                    + " impute step",
                50,
                1e300,
                null));
  }

  private static void assertRefused(Runnable action, InvalidInput.Kind kind, String... problems) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(
            InvalidInput.class,
            e -> {
              assertThat(e.problems()).containsExactly(problems);
              assertThat(e.kind()).isEqualTo(kind);
            });
  }

  @Test
  void trainRowsThatGiveNoFeatureAreCounted() {
    String ddl = "_key string, a int, x double, z double, s string, day date, n double, y string";
    List<Row> rows =
        List.of(
            RowFactory.create("1", null, -3.0, 1e300, null, null, 1.0, "no"),
            RowFactory.create("2", 5, -1.0, 1.0, "s", LocalDate.EPOCH, 2.0, "no"),
            RowFactory.create("3", null, 2.0, 2.0, "s", LocalDate.EPOCH, null, null));
    NormaliseSettings settings =
        new NormaliseSettings(
            LabelSettings.ofClass("y"),
            List.of(
                group("a", List.of("a"), new Standardise()),
                group("x", List.of("x"), new Log1p(), new Standardise()),
                group("z", List.of("z")),
                group("s", List.of("s"), ONE_HOT),
                group("day", List.of("day"), MONTH),
                group("n", List.of("n"), new ImputeMean(), new Standardise())));
    assertRefused(
        () -> fit(rows, ddl, settings),
        InvalidInput.Kind.DATA,
        "group z, column z: gives no feature on 1 of 3 train rows, as where z comes out as"
            + " 1.0E300, more than a 32-bit float holds",
        "group day, column day: missing on 1 of 3 train rows, and no impute step fills it; add"
            + " impute-mode or impute-constant to its steps, or a reject-missing rule",
        "label y: must be there on every train row, and is missing on 1 of 3; add a reject-missing"
            + " rule for it",
        "group a, column a: missing on 2 of 3 train rows, and no impute step fills it; add"
            + " impute-median to its steps, or a reject-missing rule",
        "group x, column x: gives no feature on 2 of 3 train rows, as where x is -1.0 at log1p:"
            + " log1p needs a value above -1",
        "group s, column s: missing on 1 of 3 train rows, and no impute step fills it; add"
            + " impute-mode or impute-constant to its steps, or a reject-missing rule");
  }

  @Test
  void nothingCannotBeFitted() {
    String ddl = "_key string, a int, s string";
    List<Row> rows =
        List.of(RowFactory.create("1", null, null), RowFactory.create("2", null, null));
    assertRefused(
        () ->
            fit(
                rows,
                ddl,
                new NormaliseSettings(
                    LabelSettings.none(),
                    List.of(
                        group("a", List.of("a"), new ImputeMedian()),
                        group("s", List.of("s"), new ImputeMode(), ONE_HOT),
                        group("filled", List.of("s"), new ImputeConstant("?"), ONE_HOT)))),
        InvalidInput.Kind.DATA,
        "group a, column a: impute-median: needs at least one train row with a value, and the"
            + " column has none",
        "group s, column s: impute-mode: needs at least one train row with a value, and the column"
            + " has none");
    NormaliseSettings filled =
        new NormaliseSettings(
            LabelSettings.none(),
            List.of(group("a", List.of("a"), new ImputeConstant("0"), new Standardise())));
    assertThat(fit(rows, ddl, filled).features().get(0).columns().get(0).steps())
        .containsExactly(new FillNumber(0), new Scale(0, 1, true));
    assertRefused(
        () -> fit(List.of(), ddl, filled),
        InvalidInput.Kind.DATA,
        "normalise: needs at least one train row, got none");
    assertRefused(
        () ->
            fit(
                rows,
                ddl,
                new NormaliseSettings(
                    LabelSettings.none(), List.of(group("b", List.of("b"), new ImputeMedian())))),
        InvalidInput.Kind.CONFIGURATION,
        "normalise.features[0]: group b: no column b, there are [a, s]");
  }

  private static FittedLabel label(
      LabelSettings settings, String type, @Nullable Object... labels) {
    List<Row> rows = Arrays.stream(labels).map(value -> RowFactory.create("k", 1, value)).toList();
    NormaliseSettings all = new NormaliseSettings(settings, List.of(group("x", List.of("x"))));
    return fit(rows, "_key string, x int, y " + type, all).labels().get(0);
  }

  private static LabelSettings positive(String positive) {
    return new LabelSettings("y", LabelType.CLASS, positive, LabelScale.NONE);
  }

  @Test
  void classesAreSortedAndTheRarerIsPositive() {
    LabelSettings y = LabelSettings.ofClass("y");
    ClassLabel numbers = (ClassLabel) label(y, "int", 10, 9, 9, -1);
    assertThat(numbers.classes()).containsExactly("-1", "9", "10");
    assertThat(numbers.counts()).containsExactly(1L, 2L, 1L);
    assertThat(numbers.positive()).isNull();
    assertThat(numbers.value(10)).isEqualTo(2);
    assertThat(((ClassLabel) label(y, "double", 1.0, 0.5, -0.0, 0.0)).classes())
        .containsExactly("0", "0.5", "1");
    assertThat(((ClassLabel) label(y, "boolean", true, false, true)).positive()).isEqualTo("false");
    assertThat(((ClassLabel) label(y, "string", "b", "a")).positive()).isEqualTo("b");
    assertThat(((ClassLabel) label(y, "string", "a", "b", "b")).positive()).isEqualTo("a");
    assertThat(((ClassLabel) label(positive("b"), "string", "a", "b", "b")).positive())
        .isEqualTo("b");
    assertThat(label(new LabelSettings("y", LabelType.TEXT, null, LabelScale.NONE), "string", "t"))
        .isEqualTo(new TextLabel("y"));
  }

  @Test
  void numbersAreScaledAndScaledBack() {
    LabelSettings scaled = new LabelSettings("y", LabelType.NUMBER, null, LabelScale.STANDARDISE);
    NumberLabel label = (NumberLabel) label(scaled, "double", 1.0, 3.0);
    assertThat(label).isEqualTo(new NumberLabel("y", label.columnType(), 2, 1));
    assertThat(label.value(5.0)).isEqualTo(3f);
    assertThat(label.unscaled(3)).isEqualTo(5);
    assertThat(label(scaled, "int", 4, 4)).isEqualTo(new NumberLabel("y", FieldType.INT, 4, 1));
    assertThat(label(LabelSettings.ofNumber("y"), "int", 4, 8))
        .isEqualTo(new NumberLabel("y", FieldType.INT, 6, 2));
    LabelSettings plain = new LabelSettings("y", LabelType.NUMBER, null, LabelScale.NONE);
    assertThat(label(plain, "int", 4, 8)).isEqualTo(new NumberLabel("y", FieldType.INT, 0, 1));
  }

  @Test
  void labelsThatTeachNothingAreRefused() {
    LabelSettings y = LabelSettings.ofClass("y");
    assertRefused(
        () -> label(y, "string", "no", "no"),
        InvalidInput.Kind.DATA,
        "label y: must have at least two classes, and all 2 train rows have no");
    assertRefused(
        () -> label(positive("maybe"), "string", "no", "yes"),
        InvalidInput.Kind.DATA,
        "normalise.label.positive must be a class of label y, got maybe; there are no, yes");
    assertRefused(
        () -> label(positive("a"), "string", "a", "b", "c"),
        InvalidInput.Kind.DATA,
        "normalise.label.positive is for two classes, and label y has 3: a, b, c");
    assertRefused(
        () -> label(LabelSettings.ofNumber("y"), "double", 1.0, Double.NaN, null),
        InvalidInput.Kind.DATA,
        "label y: must be there on every train row, and is missing or not finite on 2 of 3; add a"
            + " reject-missing rule for it");
    Object[] many = IntStream.range(0, 10_001).boxed().toArray();
    assertRefused(
        () -> label(y, "int", many),
        InvalidInput.Kind.DATA,
        "label y: must have at most 10,000 classes, and the train rows have more; is it a number?");
  }

  @Test
  void labelsThatTrainLacksAreListed() {
    FittedPreprocessing fitted = fit(bank(50), DDL, SETTINGS);
    Dataset<Row> known = table(bank(20), DDL);
    Normalise.checkLabels(fitted, known, "validation");
    Dataset<Row> unknown =
        known.withColumn(
            "y",
            expr(
                "case when _key in ('key1', 'key2') then 'maybe' when _key = 'key3' then 'ja'"
                    + " when _key = 'key4' then null else y end"));
    assertRefused(
        () -> Normalise.checkLabels(fitted, unknown, "validation"),
        InvalidInput.Kind.DATA,
        "label y: must be a class that the train rows have, and is not on 4 validation rows: maybe"
            + " (2), missing (1), ja (1)");
    assertThat(Normalise.apply(fitted, unknown).accepted().filter(col("label").isNull()).count())
        .isEqualTo(4);
  }

  @Test
  void rowsOfAnotherShapeAreRefused() {
    FittedPreprocessing fitted = fit(bank(50), DDL, SETTINGS);
    Dataset<Row> other =
        table(bank(5), DDL)
            .drop("job")
            .withColumn("age", col("age").cast("double"))
            .withColumn("y", lit(1));
    assertRefused(
        () -> Normalise.apply(fitted, other),
        InvalidInput.Kind.DATA,
        "column age must be int as it was in training, got double",
        "column job is needed and missing, there are [age, balance, since, y]",
        "column y must be string as it was in training, got int");
  }

  /** Of several labels a row needs one; what a label has is learnt from the rows that have it. */
  @Test
  void severalLabelsAreLearntAndStandInOneColumn() throws TimeoutException {
    String schema = "_key string, x int, kind string, size double";
    List<Row> rows =
        List.of(
            RowFactory.create("a", 1, "car", 2.0),
            RowFactory.create("b", 1, "bus", null),
            RowFactory.create("c", 1, null, 4.0),
            RowFactory.create("d", 1, "car", Double.NaN));
    NormaliseSettings settings =
        new NormaliseSettings(
            List.of(LabelSettings.ofClass("kind"), LabelSettings.ofNumber("size")),
            List.of(group("x", List.of("x"))));
    FittedPreprocessing fitted = fit(rows, schema, settings);
    assertThat(fitted.labels())
        .containsExactly(
            new ClassLabel("kind", FieldType.STRING, List.of("bus", "car"), List.of(1L, 2L), "bus"),
            new NumberLabel("size", FieldType.DOUBLE, 3, 1));
    Dataset<Row> table = LocalSpark.session().createDataFrame(rows, StructType.fromDDL(schema));
    assertThat(
            Normalise.apply(fitted, table)
                .accepted()
                .orderBy("key")
                .select("label")
                .collectAsList())
        .extracting(row -> row.<Row>getAs(0))
        .containsExactly(
            RowFactory.create(1, -1f),
            RowFactory.create(0, null),
            RowFactory.create(null, 1f),
            RowFactory.create(1, null));
    assertThat(
            Normalise.apply(fitted, table)
                .accepted()
                .orderBy("key")
                .select("_truth")
                .collectAsList())
        .extracting(row -> row.<Row>getAs(0))
        .containsExactly(
            RowFactory.create(1.0, 2.0),
            RowFactory.create(0.0, null),
            RowFactory.create(null, 4.0),
            RowFactory.create(1.0, null));
    assertThat(Normalise.apply(fitted, table.drop("kind", "size")).accepted().columns())
        .doesNotContain("label");
    FittedPreprocessing ofOne =
        fit(
            List.of(rows.get(0), rows.get(1)),
            schema,
            new NormaliseSettings(
                List.of(LabelSettings.ofClass("kind")), List.of(group("x", List.of("x")))));
    assertThat(jobs(() -> Normalise.checkLabels(fitted, table, "test")))
        .isEqualTo(
            jobs(() -> Normalise.checkLabels(ofOne, table.filter("kind is not null"), "test")))
        .isPositive();
    Dataset<Row> others =
        LocalSpark.session()
            .createDataFrame(
                List.of(
                    RowFactory.create("a", 1, "tram", 1e300),
                    RowFactory.create("b", 1, null, null)),
                StructType.fromDDL(schema));
    assertThatThrownBy(() -> Normalise.checkLabels(fitted, others, "test"))
        .isInstanceOfSatisfying(
            InvalidInput.class,
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        "label kind: must be a class that the train rows have, and is not on 1 test rows: tram (1)",
                        "label size: must be there and fit a 32-bit float, and is not on 1 test rows: 1.0E300 (1)",
                        "label kind or size: must be there, and is not on 1 test rows"));
    assertThatThrownBy(() -> Normalise.checkLabels(fitted, others.filter("kind is null"), "test"))
        .hasMessage("label kind or size: must be there, and is not on 1 test rows");
    List<Row> bare = new ArrayList<>(rows);
    bare.add(RowFactory.create("e", 1, null, Double.NaN));
    assertRefused(
        () -> fit(bare, schema, settings),
        InvalidInput.Kind.DATA,
        "label kind or size: must be there on every train row, and is missing or not finite on 1 of 5; add a reject-missing rule for it");
    assertRefused(
        () ->
            fit(
                List.of(
                    RowFactory.create("a", 1, "car", null), RowFactory.create("b", 1, "bus", null)),
                schema,
                settings),
        InvalidInput.Kind.DATA,
        "label size: must be there on some train rows, and is on none");
  }
}
