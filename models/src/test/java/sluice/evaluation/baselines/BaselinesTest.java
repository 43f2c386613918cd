package sluice.evaluation.baselines;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import sluice.boosting.BoostingSettings;
import sluice.data.InvalidInput;
import sluice.data.SpanScheme;
import sluice.data.Task;
import sluice.decision.Calibrate;
import sluice.decision.DecideSettings;
import sluice.decision.ThresholdRule;
import sluice.evaluation.Examples;
import sluice.evaluation.classification.ClassPredictions;
import sluice.evaluation.metric.Label;
import sluice.evaluation.metric.Predictions;
import sluice.evaluation.metric.Scores;
import sluice.evaluation.metric.SliceColumn;
import sluice.evaluation.predictions.PredictionRows;
import sluice.evaluation.regression.NumberPredictions;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.testing.LocalSpark;

class BaselinesTest {
  private static final List<TensorSpec> GROUPS =
      List.of(
          TensorSpec.of(
              "numbers", Element.FLOAT32, List.of(2), List.of("a", "b"), List.of(), List.of()),
          TensorSpec.of(
              "categories",
              Element.ONE_HOT,
              List.of(1),
              List.of("c"),
              List.of(3),
              List.of(List.of("x", "y", "z"))));

  /** Rows whose label depends on a product of numbers and a category, which trees see best. */
  private static Dataset<Row> rows(Task task, int partitions) {
    Random random = new Random(8);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      float a = (float) random.nextGaussian();
      float b = (float) random.nextGaussian();
      int category = random.nextInt(3);
      double value = a + 2 * a * b + category + 0.3 * random.nextGaussian();
      float label =
          switch (task) {
            case REGRESSION -> (float) value;
            case TAGS, MULTILABEL -> throw new IllegalArgumentException("no single label");
            case BINARY -> value > 1 ? 1 : 0;
            case MULTICLASS -> value > 2 ? 2 : value > 0 ? 1 : 0;
          };
      String part = i % 3 == 0 ? "test" : i % 7 == 0 ? "validation" : "train";
      rows.add(RowFactory.create("key" + i, part, label, new float[] {a, b}, new int[] {category}));
    }
    StructType schema =
        StructType.fromDDL(
            "k STRING, p STRING, l FLOAT, numbers ARRAY<FLOAT>, categories ARRAY<INT>");
    return LocalSpark.session().createDataFrame(rows, schema).repartition(partitions);
  }

  private static final Label TAGS =
      Label.tags("t", List.of("n", "v", "w"), new Label.Tagging("words", SpanScheme.NONE));

  private static final Label SETS = Label.set("l", List.of("a", "b", "c"), ",");

  private static Label label(Task task) {
    return switch (task) {
      case REGRESSION -> Examples.NUMBER;
      case TAGS -> TAGS;
      case MULTILABEL -> SETS;
      case BINARY -> Examples.BINARY;
      case MULTICLASS -> Examples.THREE;
    };
  }

  private static BaselineInput table(Task task, int partitions) {
    return new BaselineInput(rows(task, partitions), "k", "p", "l", GROUPS, label(task));
  }

  private static final DecideSettings CALIBRATED =
      new DecideSettings(new ThresholdRule.Fixed(0.5), Calibrate.TEMPERATURE);

  private static Baselines.Rows rows(BaselineInput table, @Nullable String validation) {
    return new Baselines.Rows(table, "train", validation, "test");
  }

  /** From the simplest to the one that sees most; trees are few, for speed. */
  private static Map<String, Baseline> baselines(Task task) {
    boolean number = task == Task.REGRESSION;
    Map<String, Baseline> baselines = new LinkedHashMap<>();
    for (String type :
        number
            ? List.of("mean", "linear-regression")
            : List.of("majority", "logistic-regression")) {
      baselines.put(type, Objects.requireNonNull(Baselines.TYPES.get(type)));
    }
    baselines.put("trees", new BoostedTrees(List.of(new BoostingSettings(15, 5, 0.2, 40, 10))));
    return baselines;
  }

  /** The scores of each baseline by part. */
  private static Map<String, Map<String, Scores>> scores(Task task, int partitions) {
    Map<String, Map<String, Scores>> scores = new LinkedHashMap<>();
    BaselineInput table = table(task, partitions);
    baselines(task)
        .forEach(
            (type, baseline) -> {
              BaselineResult result =
                  Baselines.fit(
                      type, baseline, rows(table, "validation"), table.counts(), CALIBRATED, 42);
              assertThat(result.fitted().trainRows()).isEqualTo(343);
              Map<String, Scores> byPart = new LinkedHashMap<>();
              result
                  .predictions()
                  .forEach(
                      (part, predictions) ->
                          byPart.put(part, predictions.measures(label(task)).scores()));
              assertThat(byPart.keySet()).containsExactlyInAnyOrder("validation", "test");
              scores.put(type, byPart);
            });
    return scores;
  }

  private static double test(Map<String, Map<String, Scores>> scores, String type, String metric) {
    Scores test = Objects.requireNonNull(Objects.requireNonNull(scores.get(type)).get("test"));
    return Objects.requireNonNull(test.value(metric));
  }

  @ParameterizedTest
  @EnumSource(
      value = Task.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"TAGS", "MULTILABEL"})
  void learnsAndDoesNotDependOnThePartitions(Task task) {
    Map<String, Map<String, Scores>> scores = scores(task, 1);

    List<String> types = List.copyOf(baselines(task).keySet());
    String metric = task == Task.REGRESSION ? "rmse" : "logLoss";
    assertThat(test(scores, types.get(1), metric)).isLessThan(test(scores, types.get(0), metric));
    assertThat(test(scores, types.get(2), metric)).isLessThan(test(scores, types.get(1), metric));
    assertThat(scores(task, 7)).isEqualTo(scores);
  }

  @Test
  void majorityPredictsTheSharesOfTheTrainPart() {
    Dataset<Row> train = rows(Task.BINARY, 2).where("p = 'train'");
    double yes = train.where("l = 1").count() / 343.0;
    ClassPredictions test =
        (ClassPredictions)
            Baselines.fit(List.of(), rows(table(Task.BINARY, 2), null), DecideSettings.NONE, 42)
                .get(0)
                .predictions()
                .get("test");

    assertThat(test).isNotNull();
    assertThat(test.rows()).isEqualTo(200);
    assertThat(test.probability(0, 1)).isEqualTo((float) yes);
    assertThat(test.probability(199, 0)).isEqualTo((float) (1 - yes));
  }

  @Test
  void predictsTheTrainRowsIfNothingIsSplitOff() {
    BaselineResult result =
        Baselines.fit(
                List.of("majority"),
                new Baselines.Rows(table(Task.BINARY, 2), "train", null, "train"),
                DecideSettings.NONE,
                42)
            .get(0);

    assertThat(result.predictions()).containsOnlyKeys("train");
    assertThat(result.predictions().values())
        .allSatisfy(predictions -> assertThat(predictions.rows()).isEqualTo(343));
  }

  @Test
  void drawsAShareByKeyAlone() {
    BaselineInput.Form form = BaselineInput.Form.VALUES;
    List<Row> drawn = table(Task.BINARY, 1).ordered("train", form, 0.5, 42).collectAsList();

    assertThat(drawn).hasSizeBetween(140, 205);
    assertThat(drawn)
        .extracting(row -> new String(row.<byte[]>getAs(0), StandardCharsets.UTF_8))
        .isSorted();
    assertThat(table(Task.BINARY, 7).ordered("train", form, 0.5, 42).collectAsList())
        .isEqualTo(drawn);
    assertThat(table(Task.BINARY, 7).ordered("train", form, 0.5, 43).collectAsList())
        .isNotEqualTo(drawn);
  }

  @Test
  void leavesNothingInTheCache() {
    // other tests' leftovers go when the garbage collector finds them
    Map<Integer, JavaRDD<?>> before = cached();

    Baselines.fit(
        List.of("logistic-regression"),
        rows(table(Task.BINARY, 2), "validation"),
        DecideSettings.NONE,
        42);

    Map<Integer, JavaRDD<?>> left = cached();
    left.keySet().removeAll(before.keySet());
    assertThat(left.values()).isEmpty();
  }

  private static Map<Integer, JavaRDD<?>> cached() {
    return new HashMap<>(
        JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext()).getPersistentRDDs());
  }

  @Test
  void expandsCategoriesBehindNumbers() throws Exception {
    Row row = RowFactory.create(seq(0f, 2f), seq(1));
    assertThat(new ExpandFeatures(GROUPS).call(row)).hasToString("(5,[1,3],[2.0,1.0])");
    assertThat(new ExpandFeatures(GROUPS.subList(0, 1)).call(row)).hasToString("[0.0,2.0]");
    assertThatThrownBy(
            () -> new ExpandFeatures(GROUPS).call(RowFactory.create(seq(0f, 2f), seq(3))))
        .hasMessageStartingWith("category 3 of 3 in ");
  }

  private static Seq<Object> seq(Object... values) {
    return JavaConverters.asScalaBuffer(List.of(values)).toSeq();
  }

  @Test
  void valuesAreNumbersAndIndicesOfCategories() throws Exception {
    assertThat(ExpandFeatures.cardinalities(GROUPS)).containsExactly(0, 0, 3);
    assertThat(new ExpandFeatures.Values(GROUPS).call(RowFactory.create(seq(0f, 2.5f), seq(1))))
        .containsExactly(0, 2.5f, 1);
    assertThatThrownBy(
            () -> new ExpandFeatures.Values(GROUPS).call(RowFactory.create(seq(0f, 2f), seq(3))))
        .hasMessageStartingWith("category 3 of 3 in ");
  }

  @Test
  void theConstantIsAlwaysThereAndAutoGoesByTheTask() {
    assertThat(Baselines.chosen(List.of(), Examples.NUMBER, GROUPS).types())
        .containsExactly("mean");
    assertThat(
            Baselines.chosen(List.of("gradient-boosted-trees", "majority"), Examples.BINARY, GROUPS)
                .types())
        .containsExactly("majority", "gradient-boosted-trees");
    assertThat(Baselines.chosen(List.of("auto"), Examples.NUMBER, GROUPS).types())
        .containsExactly("mean", "linear-regression", "gradient-boosted-trees");
    assertThat(Baselines.chosen(List.of("auto"), Examples.THREE, GROUPS))
        .isEqualTo(
            new Baselines.Chosen(
                List.of("majority", "logistic-regression", "gradient-boosted-trees"), List.of()));
  }

  @Test
  void autoSaysWhatItLeavesOut() {
    assertThat(Baselines.chosen(List.of("auto"), manyClasses(), GROUPS))
        .isEqualTo(
            new Baselines.Chosen(
                List.of("majority", "logistic-regression"),
                List.of("gradient-boosted-trees left out: it takes at most 20 classes, got 21")));
    List<TensorSpec> wide =
        List.of(
            TensorSpec.of(
                "pixels", Element.FLOAT32, List.of(1_000_001), List.of(), List.of(), List.of()));
    assertThat(Baselines.leftOut(List.of("auto"), Examples.BINARY, wide))
        .containsExactly(
            "logistic-regression left out: it takes at most 2000000 coefficients, got 2000002",
            "gradient-boosted-trees left out: it takes at most 10000 features, got 1000001");
    assertThat(Baselines.leftOut(List.of("majority"), Examples.BINARY, wide)).isEmpty();
  }

  @Test
  void theValidationPartIsPredictedOnlyIfADecisionIsLearnedOfIt() {
    Baselines.Rows rows = rows(table(Task.BINARY, 2), "validation");
    assertThat(Baselines.fit(List.of(), rows, DecideSettings.NONE, 42))
        .singleElement()
        .satisfies(result -> assertThat(result.predictions()).containsOnlyKeys("test"))
        .satisfies(
            result ->
                assertThat(
                        result.decided(DecideSettings.NONE, "test", "validation", 1).validation())
                    .isNull());
    assertThat(Baselines.fit(List.of(), rows, CALIBRATED, 42).get(0).predictions())
        .containsOnlyKeys("test", "validation");
  }

  /** Takes few rows, and says how many of each part it was given. */
  private record Few(int mostRows) implements Baseline.OfFeatures {
    @Override
    public Optional<String> objection(Label label, List<TensorSpec> groups) {
      return Optional.empty();
    }

    @Override
    public BaselineInput.Form form() {
      return BaselineInput.Form.VALUES;
    }

    @Override
    public int mostRows(Label label, List<TensorSpec> groups) {
      return mostRows;
    }

    @Override
    public Fitted fit(Parts parts) {
      return new Fitted(
          Map.of(
              "train", parts.train().count(),
              "validation", Objects.requireNonNull(parts.validation()).count()),
          values -> new double[] {0.5, 0.5});
    }
  }

  @Test
  void eachPartHasAShareOfItsOwn() {
    BaselineInput table = table(Task.BINARY, 2);
    Map<String, Object> large =
        Baselines.fit(
                "few",
                new Few(60),
                new Baselines.Rows(table, "validation", "train", "test"),
                table.counts(),
                DecideSettings.NONE,
                42)
            .fitted()
            .parameters();
    assertThat(large.get("train")).isEqualTo(57L);
    assertThat((Long) large.get("validation")).isBetween(40L, 85L);

    Map<String, Object> small =
        Baselines.fit(
                "few",
                new Few(100),
                rows(table, "validation"),
                table.counts(),
                DecideSettings.NONE,
                42)
            .fitted()
            .parameters();
    assertThat((Long) small.get("train")).isBetween(75L, 130L);
    assertThat(small.get("validation")).isEqualTo(57L);
  }

  /** A constant needs no features, which here cannot be had, no order, and no label one by one. */
  @Test
  void theConstantReadsLabelsAloneWhereTheyLie() throws Exception {
    SparkSession spark = LocalSpark.session();
    Dataset<Row> rows =
        spark
            .range(0, 40_000, 1, 4)
            .selectExpr(
                "concat('key', id) as k",
                "if(id < 10, 'test', 'train') as p",
                "hash(id) / 7 as l",
                "array(0f, 0f) as numbers",
                "array(9) as categories");
    AtomicLong collected = new AtomicLong();
    AtomicLong moved = new AtomicLong();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onTaskEnd(SparkListenerTaskEnd end) {
            collected.addAndGet(end.taskMetrics().resultSize());
            moved.addAndGet(end.taskMetrics().shuffleWriteMetrics().recordsWritten());
          }
        };
    spark.sparkContext().addSparkListener(listener);
    BaselineResult result =
        Baselines.fit(
                List.of(),
                rows(new BaselineInput(rows, "k", "p", "l", GROUPS, Examples.NUMBER), null),
                DecideSettings.NONE,
                42)
            .get(0);
    spark.sparkContext().listenerBus().waitUntilEmpty();
    spark.sparkContext().removeSparkListener(listener);

    assertThat(result.fitted().trainRows()).isEqualTo(39_990);
    NumberPredictions test = (NumberPredictions) result.predictions().get("test");
    assertThat(test).isNotNull();
    assertThat(test.predicted(0))
        .isCloseTo(
            rows.where("p = 'train'").selectExpr("avg(l)").first().getDouble(0), within(1e-3));
    assertThat(collected.get()).isLessThan(200_000);
    assertThat(moved.get()).isLessThan(100);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-5, 1e5})
  void linearRegressionIsTheSameInAnyUnit(double unit) {
    assertThat(r2(unit)).isCloseTo(r2(1), within(1e-9));
  }

  private static double r2(double unit) {
    Dataset<Row> rows =
        rows(Task.REGRESSION, 1)
            .withColumn("l", functions.col("l").cast("double").multiply(functions.lit(unit)));
    BaselineInput table = new BaselineInput(rows, "k", "p", "l", GROUPS, Examples.NUMBER);
    BaselineResult result =
        Baselines.fit(
            "linear",
            new Linear(Linear.Kind.LEAST_SQUARES, List.of(0.1), 200, 1e-6),
            rows(table, null),
            table.counts(),
            DecideSettings.NONE,
            42);
    return Objects.requireNonNull(
        Scores.of(Objects.requireNonNull(result.predictions().get("test")), Examples.NUMBER)
            .value("r2"));
  }

  private static Label manyClasses() {
    return Label.multiclass("y", IntStream.range(0, 21).mapToObj(i -> "c" + i).toList());
  }

  @Test
  void refusesWhatDoesNotSuitTheTask() {
    assertThatThrownBy(
            () ->
                Baselines.chosen(
                    List.of("majority", "linear-regression", "gradient-boosted-trees"),
                    Examples.NUMBER,
                    GROUPS))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "evaluate.baselines: majority needs a label of classes or sets; label y is regression");
    assertThatThrownBy(
            () -> Baselines.chosen(List.of("gradient-boosted-trees"), manyClasses(), GROUPS))
        .hasMessage(
            "evaluate.baselines: gradient-boosted-trees takes at most 20 classes, got 21; label y"
                + " is multiclass");
  }

  @Test
  void linearModelsAreAsRegularAsIsBestOnTheValidationPart() {
    BaselineResult result =
        Baselines.fit(
                List.of("logistic-regression"),
                rows(table(Task.BINARY, 1), "validation"),
                DecideSettings.NONE,
                42)
            .get(1);
    Map<Object, Double> losses = new LinkedHashMap<>();
    for (double strength : Linear.STRENGTHS) {
      Predictions held =
          Baselines.fit(
                  "one",
                  new Linear(Linear.Kind.LOGISTIC, List.of(strength), 200, 1e-6),
                  rows(table(Task.BINARY, 1), "validation"),
                  table(Task.BINARY, 1).counts(),
                  CALIBRATED,
                  42)
              .predictions()
              .get("validation");
      losses.put(
          strength,
          Scores.of(Objects.requireNonNull(held), Examples.BINARY).values().get("logLoss"));
    }
    assertThat(losses.get(result.fitted().parameters().get("regParam")))
        .isEqualTo(losses.values().stream().min(Double::compare).orElseThrow());
  }

  @Test
  void needsTrainRows() {
    assertThatThrownBy(
            () ->
                Baselines.fit(
                    List.of(),
                    new Baselines.Rows(table(Task.BINARY, 1), "none", null, "test"),
                    DecideSettings.NONE,
                    1))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("baselines need train rows, got none");
  }

  @Test
  void readsPredictionsWithSlices() {
    Dataset<Row> rows =
        LocalSpark.session()
            .sql(
                "select * from values ('k1', 1, array(0.25F, 0.75F), 'b', 3),"
                    + " ('k2', 0, array(0.5F, 0.5F), null, 4) as (k, l, p, s, n)");
    ClassPredictions predictions =
        (ClassPredictions)
            PredictionRows.of(
                Examples.BINARY,
                rows.repartition(2),
                new PredictionRows.Shape("k", "l", col("p"), List.of("s", "n")));

    int first =
        predictions.keyHash(0) == Predictions.keyHash("k1".getBytes(StandardCharsets.UTF_8))
            ? 0
            : 1;
    assertThat(predictions.keyHash(1 - first))
        .isEqualTo(Predictions.keyHash("k2".getBytes(StandardCharsets.UTF_8)));
    assertThat(predictions.truth(first)).isEqualTo(1);
    assertThat(predictions.probability(first, 1)).isEqualTo(0.75f);
    SliceColumn text = predictions.slices().get(0);
    assertThat(text.values().get(text.code(first))).isEqualTo("b");
    assertThat(text.code(1 - first)).isEqualTo(SliceColumn.MISSING);
    assertThat(predictions.slices().get(1).values()).containsExactly("3", "4");
    assertThat(
            PredictionRows.of(
                    Examples.NUMBER,
                    rows.limit(0),
                    new PredictionRows.Shape("k", "l", array(col("n")), List.of()))
                .rows())
        .isZero();
  }

  private static final TensorSpec TEXT =
      TensorSpec.of("text", Element.INDEX, List.of(-1), List.of(), List.of(50), List.of(List.of()));

  @Test
  void aSeriesIsTheCountOfEachIndexBehindTheOtherFeatures() {
    List<TensorSpec> groups = List.of(TEXT, GROUPS.get(0), GROUPS.get(1), TEXT);
    ExpandFeatures expand = new ExpandFeatures(groups);
    Row row =
        RowFactory.create(
            JavaConverters.asScalaBuffer(List.of(7, 0, 7, 49)).toSeq(),
            JavaConverters.asScalaBuffer(List.of(0f, 2.5f)).toSeq(),
            JavaConverters.asScalaBuffer(List.of(2)).toSeq(),
            JavaConverters.asScalaBuffer(List.<Integer>of()).toSeq());
    assertThat(new ExpandFeatures.Values(groups).call(row))
        .containsExactly(0, 2.5f, 2, 4, 7, 0, 7, 49, 0);
    assertThat(expand.call(row))
        .isEqualTo(
            Vectors.sparse(105, new int[] {1, 4, 5, 12, 54}, new double[] {2.5, 1, 1, 2, 1}));
    assertThat(ExpandFeatures.width(groups)).isEqualTo(105);
    Row beyond =
        RowFactory.create(
            JavaConverters.asScalaBuffer(List.of(50)).toSeq(), row.get(1), row.get(2), row.get(3));
    assertThatThrownBy(() -> expand.call(beyond)).hasMessageStartingWith("category 50 of 50 in ");
  }

  private static final TensorSpec NGRAMS =
      TensorSpec.of(
          "n-grams",
          Element.WEIGHTED_INDEX,
          List.of(-1),
          List.of(),
          List.of(60),
          List.of(List.of()));

  private static Row weighted(List<Integer> indices, List<Float> weights) {
    return RowFactory.create(
        JavaConverters.asScalaBuffer(indices).toSeq(),
        JavaConverters.asScalaBuffer(weights).toSeq());
  }

  @Test
  void weightedIndicesAreASparseVectorBehindTheOtherFeatures() {
    List<TensorSpec> groups = List.of(NGRAMS, TEXT, GROUPS.get(1), NGRAMS);
    ExpandFeatures expand = new ExpandFeatures(groups);
    Row row =
        RowFactory.create(
            weighted(List.of(3, 59), List.of(0.5f, -2f)),
            JavaConverters.asScalaBuffer(List.of(7, 0, 7)).toSeq(),
            JavaConverters.asScalaBuffer(List.of(2)).toSeq(),
            weighted(List.of(), List.of()));
    assertThat(new ExpandFeatures.Values(groups).call(row))
        .containsExactly(2, 2, 3, 59, 0.5f, -2, 3, 7, 0, 7, 0);
    assertThat(expand.call(row))
        .isEqualTo(
            Vectors.sparse(173, new int[] {2, 6, 62, 63, 70}, new double[] {1, 0.5, -2, 1, 2}));
    assertThat(ExpandFeatures.width(groups)).isEqualTo(173);
    Row beyond =
        RowFactory.create(weighted(List.of(60), List.of(1f)), row.get(1), row.get(2), row.get(3));
    assertThatThrownBy(() -> expand.call(beyond)).hasMessageStartingWith("category 60 of 60 in ");
  }

  /** The label is whether the weight of an index is above that of another. */
  private static BaselineInput nGrams(int partitions) {
    Random random = new Random(3);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      float[] all = new float[60];
      random.ints(random.nextInt(40), 0, 60).forEach(index -> all[index] = random.nextFloat());
      List<Integer> indices = IntStream.range(0, 60).filter(j -> all[j] > 0).boxed().toList();
      List<Float> weights = indices.stream().map(index -> all[index]).toList();
      String part = i % 3 == 0 ? "test" : i % 7 == 0 ? "validation" : "train";
      float number = (float) random.nextGaussian();
      float label = all[5] + 0.2f * number > all[6] ? 1 : 0;
      rows.add(
          RowFactory.create(
              "key" + i, part, label, List.of(number), RowFactory.create(indices, weights)));
    }
    StructType schema =
        StructType.fromDDL(
            "k STRING, p STRING, l FLOAT, x ARRAY<FLOAT>,"
                + " `n-grams` STRUCT<indices: ARRAY<INT>, weights: ARRAY<FLOAT>>");
    return new BaselineInput(
        LocalSpark.session().createDataFrame(rows, schema).repartition(partitions),
        "k",
        "p",
        "l",
        List.of(TensorSpec.numbers("x", List.of("x")), NGRAMS),
        label(Task.BINARY));
  }

  @Test
  void linearModelsReadWeightedIndicesAsTheyAreAndTreesSayThatTheyDoNot() {
    assertThat(Baselines.leftOut(List.of(Baselines.AUTO), label(Task.BINARY), nGrams(1).groups()))
        .containsExactly("gradient-boosted-trees left out: it reads no series, which n-grams is");
    List<Scores> scores = new ArrayList<>();
    for (int partitions : new int[] {1, 7}) {
      BaselineResult linear =
          Baselines.fit(
                  List.of("logistic-regression"),
                  rows(nGrams(partitions), "validation"),
                  DecideSettings.NONE,
                  42)
              .get(1);
      assertThat(linear.fitted().parameters()).containsEntry("standardization", false);
      scores.add(
          Objects.requireNonNull(linear.predictions().get("test"))
              .measures(label(Task.BINARY))
              .scores());
    }
    assertThat(scores.get(0).value("rocAuc")).isGreaterThan(0.95);
    assertThat(scores.get(1)).isEqualTo(scores.get(0));
  }

  /** The label is whether an index occurs in a text, some of which are empty. */
  private static BaselineInput texts(int partitions) {
    Random random = new Random(3);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      List<Integer> text = random.ints(random.nextInt(12), 0, 50).boxed().toList();
      float label = text.contains(5) || text.contains(6) || text.contains(7) ? 1 : 0;
      String part = i % 3 == 0 ? "test" : i % 7 == 0 ? "validation" : "train";
      rows.add(RowFactory.create("key" + i, part, label, (float) random.nextGaussian(), text));
    }
    StructType schema = StructType.fromDDL("k STRING, p STRING, l FLOAT, x FLOAT, text ARRAY<INT>");
    return new BaselineInput(
        LocalSpark.session()
            .createDataFrame(rows, schema)
            .repartition(partitions)
            .withColumn("x", array(col("x"))),
        "k",
        "p",
        "l",
        List.of(TensorSpec.numbers("x", List.of("x")), TEXT),
        label(Task.BINARY));
  }

  @Test
  void linearModelsReadSeriesAndTreesSayThatTheyDoNot() {
    List<BaselineResult> results =
        Baselines.fit(
            List.of(Baselines.AUTO), rows(texts(1), "validation"), DecideSettings.NONE, 42);
    assertThat(results)
        .extracting(result -> result.fitted().name())
        .containsExactly("majority", "logistic-regression");
    Scores linear =
        Objects.requireNonNull(results.get(1).predictions().get("test"))
            .measures(label(Task.BINARY))
            .scores();
    assertThat(linear.value("rocAuc")).isGreaterThan(0.97);
    List<TensorSpec> groups = texts(1).groups();
    assertThat(Baselines.leftOut(List.of(Baselines.AUTO), label(Task.BINARY), groups))
        .containsExactly("gradient-boosted-trees left out: it reads no series, which text is");
    Scores again =
        Objects.requireNonNull(
                Baselines.fit(
                        List.of("logistic-regression"),
                        rows(texts(7), "validation"),
                        DecideSettings.NONE,
                        42)
                    .get(1)
                    .predictions()
                    .get("test"))
            .measures(label(Task.BINARY))
            .scores();
    assertThat(again).isEqualTo(linear);
  }

  /** Of the train rows token 1 is n twice and v once, 2 is w; 3 does not occur. */
  @Test
  void theMostFrequentTagIsThatOfEachToken() {
    Dataset<Row> rows =
        LocalSpark.session()
            .createDataFrame(
                List.of(
                    RowFactory.create("a", "train", new int[] {0, 2}, new int[] {1, 2}),
                    RowFactory.create("b", "train", new int[] {0, 1, 0}, new int[] {1, 1, 0}),
                    RowFactory.create("c", "train", new int[0], new int[0]),
                    RowFactory.create("d", "test", new int[] {1, 2, 1, 0}, new int[] {1, 2, 3, 0})),
                StructType.fromDDL("k STRING, p STRING, l ARRAY<INT>, words ARRAY<INT>"));
    TensorSpec words =
        TensorSpec.of(
            "words",
            Element.INDEX,
            List.of(-1),
            List.of(),
            List.of(4),
            List.of(List.of("?", "1", "2", "3")));
    BaselineInput table = new BaselineInput(rows, "k", "p", "l", List.of(words), TAGS);

    List<BaselineResult> results =
        Baselines.fit(List.of("auto"), rows(table, null), CALIBRATED, 42);

    assertThat(results).hasSize(1);
    assertThat(results.get(0).fitted().name()).isEqualTo("most-frequent-tag");
    Predictions said = results.get(0).predictions().get("test");
    // Shares of all are 3/5, 1/5, 1/5: token 1 is n by 2.6/4, 2 w by 1.2/2, 3 n by 0.6, 0 n by
    // 1.6/2.
    double[] truths = {1.2 / 4, 1.2 / 2, 0.2, 1.6 / 2};
    double loss = 0;
    for (double truth : truths) {
      loss -= Math.log(truth) / truths.length;
    }
    Scores scores = Objects.requireNonNull(said).measures(TAGS).scores();
    assertThat(scores.rows()).isEqualTo(1);
    assertThat(scores.value("accuracy")).isEqualTo(2.0 / 4);
    assertThat(scores.value("logLoss")).isCloseTo(loss, within(1e-6));
    assertThat(scores.values()).doesNotContainKey("spanF1");
  }

  /** Of the train rows a has 3 of 4, b 2 and c none; one has no name. */
  @Test
  void theConstantOfSetsHasTheShareOfEachName() {
    Dataset<Row> rows =
        LocalSpark.session()
            .createDataFrame(
                List.of(
                    RowFactory.create("a", "train", new int[] {0, 1}, new float[] {1}),
                    RowFactory.create("b", "train", new int[] {0}, new float[] {1}),
                    RowFactory.create("c", "train", new int[0], new float[] {1}),
                    RowFactory.create("d", "train", new int[] {0, 1}, new float[] {1}),
                    RowFactory.create("e", "test", new int[] {0, 1, 2}, new float[] {1}),
                    RowFactory.create("f", "test", new int[0], new float[] {1})),
                StructType.fromDDL("k STRING, p STRING, l ARRAY<INT>, x ARRAY<FLOAT>"));
    BaselineInput table =
        new BaselineInput(
            rows, "k", "p", "l", List.of(TensorSpec.numbers("x", List.of("x"))), SETS);

    List<BaselineResult> results =
        Baselines.fit(List.of("auto"), rows(table, null), CALIBRATED, 42);

    assertThat(results).hasSize(1);
    assertThat(results.get(0).fitted().name()).isEqualTo("majority");
    Predictions said = Objects.requireNonNull(results.get(0).predictions().get("test"));
    Scores scores = said.measures(SETS).scores();
    // Three quarters of the train rows have a and one half has b, which is enough.
    assertThat(scores.value("microPrecision")).isEqualTo(2.0 / 4);
    assertThat(scores.value("microRecall")).isEqualTo(2.0 / 3);
    assertThat(scores.value("hammingLoss")).isEqualTo(3.0 / 6);
    assertThat(scores.value("rocAuc")).isEqualTo(0.5);
    for (String type :
        List.of("mean", "logistic-regression", "gradient-boosted-trees", "most-frequent-tag")) {
      assertThat(Baselines.objection(type, SETS)).as(type).isPresent();
    }
  }

  @Test
  void aModelOfClassesHasNoTags() {
    for (String type :
        List.of("majority", "mean", "logistic-regression", "gradient-boosted-trees")) {
      assertThat(Baselines.objection(type, TAGS)).as(type).isPresent();
    }
    assertThat(Baselines.objection("most-frequent-tag", Examples.NUMBER))
        .contains("needs a label of tags");
  }
}
