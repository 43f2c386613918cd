package sluice.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.dataset.MultiDataSet;
import sluice.adaptation.Adaptation;
import sluice.adaptation.Adaptation.Start;
import sluice.data.Task;
import sluice.evaluation.Metrics;
import sluice.evaluation.metric.Metric;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.network.Batcher;
import sluice.network.Examples;
import sluice.network.FloatArrays;
import sluice.network.GradientClipping;
import sluice.network.LearningRateSchedule;
import sluice.network.Network;
import sluice.network.Predictor;
import sluice.network.Target;
import sluice.network.UpdaterSpec;
import sluice.network.spec.Embeddings;
import sluice.network.spec.Loss;
import sluice.network.spec.MultilayerPerceptron;
import sluice.network.spec.NetworkDefinition;
import sluice.testing.LocalSpark;
import sluice.training.TrainSettings.ClassWeights;
import sluice.training.TrainSettings.EarlyStopping;
import sluice.training.averaging.AveragingFrequency;
import sluice.training.averaging.OuterOptimiser;
import sluice.training.averaging.TimeBreakdown;
import sluice.training.averaging.UpdaterState;
import sluice.training.averaging.WeightAverage;
import sluice.training.checkpoint.EpochRecord;
import sluice.training.examples.ExampleStorage;

class TrainerTest {
  /** A name that Spark reads as something else unless it is quoted. */
  private static final String GROUP = "a`b.c";

  private static final List<TensorSpec> GROUPS =
      List.of(
          TensorSpec.of(
              GROUP, Element.FLOAT32, List.of(3), List.of("a", "b", "c"), List.of(), List.of()),
          TensorSpec.of(
              "k",
              Element.ONE_HOT,
              List.of(1),
              List.of("k"),
              List.of(3),
              List.of(List.of("p", "q", "r"))));

  /**
   * Three numbers and a category; the class is whether their sum, the category's too, is positive.
   */
  private static List<Row> rows(int count, long seed) {
    Random random = new Random(seed);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] x = {
        (float) random.nextGaussian(), (float) random.nextGaussian(), (float) random.nextGaussian()
      };
      int k = random.nextInt(3);
      int label = x[0] + x[1] - x[2] + k - 1 > 0 ? 1 : 0;
      rows.add(RowFactory.create("row" + i, label, List.of(x[0], x[1], x[2]), List.of(k)));
    }
    return rows;
  }

  private static Dataset<Row> features(List<Row> rows, int partitions) {
    StructType schema =
        new StructType()
            .add("key", DataTypes.StringType)
            .add("label", DataTypes.IntegerType)
            .add(GROUP, DataTypes.createArrayType(DataTypes.FloatType))
            .add("k", DataTypes.createArrayType(DataTypes.IntegerType));
    return LocalSpark.session().createDataFrame(rows, schema).repartition(partitions);
  }

  private static NetworkDefinition definition(double dropout) {
    return new NetworkDefinition(
        new MultilayerPerceptron(
            List.of(8, 4),
            MultilayerPerceptron.HiddenActivation.RELU,
            dropout,
            0,
            MultilayerPerceptron.InitialWeights.XAVIER,
            Loss.AUTO),
        GROUPS,
        Target.binary(1));
  }

  private static TrainSettings settings(
      int epochs, int batch, int workers, int frequency, UpdaterSpec updater) {
    return TrainSettingsBuilder.of(epochs, batch, workers, frequency, updater).build();
  }

  private static final UpdaterSpec ADAM = new UpdaterSpec.Adam(0.01, 0.9, 0.999, 1e-8);

  @Test
  void sameParametersWhateverThePartitionsWithDropoutToo() {
    List<Row> rows = rows(500, 1);
    Dataset<Row> validation = features(rows(100, 2), 2);
    float[] first = null;
    for (int partitions : new int[] {1, 2, 7}) {
      float[] parameters =
          new Trainer(definition(0.3), settings(3, 32, 4, 2, ADAM), 42, TrainingProgress.SILENT)
              .train(features(rows, partitions), validation)
              .parameters();
      if (first == null) {
        first = parameters;
      }
      assertThat(parameters).containsExactly(first);
    }
    assertThat(
            new Trainer(definition(0.3), settings(3, 32, 4, 2, ADAM), 43, TrainingProgress.SILENT)
                .train(features(rows, 2), validation)
                .parameters())
        .isNotEqualTo(first);
  }

  @ParameterizedTest
  @CsvSource({"1,1,1,1", "7,3,2,1", "30,4,8,2", "97,4,32,5", "100,7,10,3", "500,3,64,100"})
  void trainsEveryExampleOnceAnEpoch(int count, int workers, int batch, int frequency) {
    TrainedNetwork trained =
        new Trainer(
                definition(0),
                settings(3, batch, workers, frequency, ADAM),
                5,
                TrainingProgress.SILENT)
            .train(features(rows(count, 3), 3), features(List.of(), 1));
    long examples = trained.history().stream().mapToLong(EpochRecord::examples).sum();
    assertThat(examples).isEqualTo(3L * count);
    assertThat(trained.examplesEachEpoch()).isEqualTo(count);
  }

  @Test
  void adviceIsMeasuredAndChangesNothing() {
    Dataset<Row> train = features(rows(400, 1), 2);
    Dataset<Row> none = features(List.of(), 1);
    float[] alone =
        new Trainer(definition(0.3), settings(2, 16, 4, 2, ADAM), 42, TrainingProgress.SILENT)
            .train(train, none)
            .parameters();
    Trainer trainer =
        new Trainer(definition(0.3), settings(2, 16, 4, 2, ADAM), 42, TrainingProgress.SILENT);
    Advice advice = trainer.advise(train, 2);
    assertThat(advice.slots()).isEqualTo(2);
    assertThat(advice.training())
        .isEqualTo(new Advice.Training(alone.length, 2 * alone.length, 4, 16, 2, 7, 400));
    assertThat(advice.measured().step()).isPositive();
    assertThat(advice.measured().round()).isPositive();
    TrainedNetwork trained = trainer.train(train, none);
    assertThat(trained.parameters()).containsExactly(alone);
    // It is far too short to spend a twentieth of it on predictions.
    assertThat(trained.advice()).isNull();
    assertThat(trained.trained()).isEqualTo(800);
    TimeBreakdown time = trained.time();
    assertThat(time.wall()).isPositive();
    assertThat(time.computeShare() + time.dataShare() + time.transportShare())
        .isCloseTo(1, within(1e-9));
  }

  /** Plain gradient descent, averaged after each of equal minibatches: one step on all of them. */
  @Test
  void averagingEachMinibatchEqualsOneMachineOnTheJoinedBatch() {
    int workers = 4;
    List<Row> rows = rows(64, 9);
    UpdaterSpec sgd = new UpdaterSpec.Sgd(0.5);
    TrainedNetwork trained =
        new Trainer(definition(0), settings(5, 16, workers, 1, sgd), 11, TrainingProgress.SILENT)
            .train(features(rows, 2), features(List.of(), 1));

    Network single = definition(0).initial(sgd, 11);
    Batcher batcher = definition(0).batcher();
    float[] numbers = new float[64 * 3];
    int[] indices = new int[64];
    float[] labels = new float[64];
    for (int i = 0; i < 64; i++) {
      Row row = rows.get(i);
      List<Float> x = row.getAs(2);
      List<Integer> k = row.getAs(3);
      for (int j = 0; j < 3; j++) {
        numbers[3 * i + j] = x.get(j);
      }
      indices[i] = k.get(0);
      labels[i] = row.getInt(1);
    }
    float[][] inputs =
        batcher
            .inputs(
                Examples.of(batcher.layout(), numbers, indices, 64),
                IntStream.range(0, 64).toArray())
            .inputs();
    for (int epoch = 0; epoch < 5; epoch++) {
      single.fit(
          new MultiDataSet(
              FloatArrays.create(inputs[0], 64, inputs[0].length / 64),
              FloatArrays.create(labels, 64, 1)));
    }
    assertThat(trained.parameters()).containsExactly(single.parameters(), within(1e-6f));
  }

  @Test
  void learnsAndKeepsTheBestEpoch() {
    TrainedNetwork trained =
        new Trainer(
                definition(0.1),
                TrainSettingsBuilder.of(40, 32, 2, 16, ADAM)
                    .classWeights(ClassWeights.BALANCED)
                    .earlyStopping(new EarlyStopping(EarlyStopping.LOSS, 3, 0))
                    .build(),
                7,
                TrainingProgress.SILENT)
            .train(features(rows(1000, 4), 2), features(rows(300, 5), 2));

    EpochRecord best =
        trained.history().stream()
            .filter(e -> e.epoch() == trained.bestEpoch())
            .findFirst()
            .orElseThrow();
    assertThat(trained.history())
        .allSatisfy(
            e -> assertThat(e.validationLoss()).isGreaterThanOrEqualTo(best.validationLoss()));
    assertThat(accuracy(best)).isGreaterThan(0.95);
    Predictor predictor = trained.definition().predictor(trained.parameters());
    float[][] predicted =
        predictor.predict(new float[] {3, 3, -3, -3, -3, 3}, new int[] {2, 0}, 2)[0];
    assertThat(predicted[0][1]).isGreaterThan(0.9f);
    assertThat(predicted[1][0]).isGreaterThan(0.9f);
  }

  private static TrainSettings watching(TrainSettings base, String metric, int patience) {
    return TrainSettingsBuilder.like(base)
        .earlyStopping(new EarlyStopping(metric, patience, 0))
        .build();
  }

  /** Half of the labels are noise, so that every metric soon goes up and down. */
  private static List<Row> noisy(int count, long seed) {
    Random random = new Random(seed);
    return rows(count, seed).stream()
        .map(
            row ->
                RowFactory.create(
                    row.get(0),
                    random.nextBoolean() ? row.get(1) : (Object) random.nextInt(2),
                    row.get(2),
                    row.get(3)))
        .toList();
  }

  static Stream<String> watchableOfTwoClasses() {
    return Metrics.of(Task.BINARY).stream()
        .filter(metric -> metric.watchable().contains(Task.BINARY))
        .map(Metric::configured);
  }

  @ParameterizedTest
  @MethodSource("watchableOfTwoClasses")
  void stopsByWhatIsWatchedWhateverThePartitions(String metric) {
    String figure = new EarlyStopping(metric, 0, 0).watched().orElseThrow().name();
    TrainSettings settings = watching(settings(12, 16, 3, 5, ADAM), metric, 2);
    TrainedNetwork first = watched(settings, 1);
    TrainedNetwork second = watched(settings, 5);
    assertThat(second.history()).isEqualTo(first.history());
    assertThat(second.parameters()).containsExactly(first.parameters());
    List<Double> values =
        first.history().stream().map(e -> e.validationMetrics().get(figure)).toList();
    double best = values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    assertThat(first.bestEpoch()).isEqualTo(1 + values.indexOf(best));
    assertThat(values).hasSize(Math.min(12, first.bestEpoch() + 2));
    assertThat(last(first).validationMetrics().keySet())
        .isEqualTo(new TreeSet<>(List.of("accuracy", figure)));
  }

  private static TrainedNetwork watched(TrainSettings settings, int partitions) {
    return new Trainer(definition(0), settings, 7, TrainingProgress.SILENT)
        .train(features(noisy(200, 4), partitions), features(noisy(120, 5), partitions));
  }

  private static TrainedNetwork ofNumbers(String metric, LabelUnits units) {
    NetworkDefinition definition =
        new NetworkDefinition(definition(0).spec(), GROUPS, Target.number());
    return new Trainer(
            definition,
            watching(settings(12, 16, 2, 7, ADAM), metric, 2),
            List.of(units),
            7,
            TrainingProgress.SILENT)
        .train(features(noisy(200, 4), 2), features(noisy(120, 5), 2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mae", "rmse", "r2"})
  void errorsOfNumbersAreInTheUnitsOfTheLabel(String metric) {
    String figure = metric;
    TrainedNetwork plain = ofNumbers(metric, scaled -> scaled);
    TrainedNetwork inUnits = ofNumbers(metric, scaled -> 16 * scaled + 1024);
    assertThat(inUnits.parameters()).containsExactly(plain.parameters());
    double factor = metric.equals("r2") ? 1 : 16;
    for (int i = 0; i < plain.history().size(); i++) {
      SortedMap<String, Double> metrics = plain.history().get(i).validationMetrics();
      assertThat(metrics).containsOnlyKeys(figure);
      assertThat(inUnits.history().get(i).validationMetrics().get(figure))
          .isCloseTo(factor * Objects.requireNonNull(metrics.get(figure)), within(1e-9));
    }
    List<Double> values =
        plain.history().stream().map(e -> e.validationMetrics().get(figure)).toList();
    double best = metric.equals("r2") ? Collections.max(values) : Collections.min(values);
    assertThat(plain.bestEpoch()).isEqualTo(1 + values.indexOf(best));
  }

  @Test
  void withoutAValidationPartTheLastIsKeptWhateverIsWatched() {
    TrainedNetwork trained =
        new Trainer(
                definition(0),
                watching(settings(4, 32, 2, 2, ADAM), "roc-auc", 1),
                7,
                TrainingProgress.SILENT)
            .train(features(rows(100, 4), 2), features(List.of(), 1));
    assertThat(trained.bestEpoch()).isEqualTo(4);
    assertThat(last(trained).validationMetrics()).isEmpty();
    assertThat(last(trained).validationLoss()).isNull();
  }

  @Test
  void whatTheValidationPartDoesNotDefineIsSaidBeforeTraining() {
    List<Row> negatives = rows(100, 5).stream().filter(row -> row.getInt(1) == 0).toList();
    assertThatThrownBy(
            () ->
                new Trainer(
                        definition(0),
                        watching(settings(4, 32, 2, 2, ADAM), "pr-auc", 1),
                        7,
                        TrainingProgress.SILENT)
                    .train(features(rows(100, 4), 2), features(negatives, 2)))
        .hasMessage(
            "train.early-stopping.metric must be defined on the validation part, pr-auc is"
                + " undefined: no row of the positive class");
  }

  @Test
  void whatDoesNotFitTheLabelIsRefused() {
    assertThatThrownBy(() -> ofNumbers("roc-auc", scaled -> scaled))
        .hasMessage(
            "train.early-stopping.metric must be one of loss, rmse, mae, r2 for a label of numbers,"
                + " got roc-auc");
    NetworkDefinition three =
        new NetworkDefinition(definition(0).spec(), GROUPS, Target.classes(3));
    assertThatThrownBy(
            () ->
                new Trainer(
                    three,
                    watching(settings(4, 32, 2, 2, ADAM), "pr-auc", 1),
                    7,
                    TrainingProgress.SILENT))
        .hasMessage(
            "train.early-stopping.metric must be one of loss, accuracy, balanced-accuracy,"
                + " macro-f1, mcc, kappa for a label of classes, got pr-auc");
  }

  @Test
  void aWarmStartBeginsWhereTheOtherTrainingEnded() {
    Dataset<Row> train = features(rows(400, 4), 2);
    Dataset<Row> validation = features(rows(150, 5), 2);
    TrainedNetwork source =
        new Trainer(definition(0), settings(6, 16, 2, 7, ADAM), 7, TrainingProgress.SILENT)
            .train(train, validation);
    // Steps too small to change a parameter: what is measured is the start.
    TrainSettings still = settings(1, 16, 2, 7, new UpdaterSpec.Sgd(1e-30));
    TrainedNetwork warm =
        new Trainer(definition(0), still, 8, TrainingProgress.SILENT)
            .from(Adaptation.continuing(source.parameters()))
            .train(train, validation);
    assertThat(warm.parameters()).containsExactly(source.parameters());
    assertThat(warm.history().get(0).validationLoss())
        .isCloseTo(
            Objects.requireNonNull(source.history().get(source.bestEpoch() - 1).validationLoss()),
            within(1e-6));
    EpochRecord cold =
        last(
            new Trainer(definition(0), still, 8, TrainingProgress.SILENT).train(train, validation));
    assertThat(warm.history().get(0).trainLoss()).isLessThan(0.7 * cold.trainLoss());

    TrainSettings settings = settings(2, 16, 2, 7, ADAM);
    Trainer on =
        new Trainer(definition(0), settings, 8, TrainingProgress.SILENT)
            .from(Adaptation.continuing(source.parameters()));
    TrainedNetwork trained = on.train(train, validation);
    assertThat(trained.parameters())
        .isNotEqualTo(source.parameters())
        .containsExactly(on.train(features(rows(400, 4), 7), validation).parameters());
    assertThat(trained.history().get(0).trainLoss())
        .isLessThan(source.history().get(0).trainLoss());
    assertThat(on.advise(train, 1).measured().step()).isPositive();
    assertThatThrownBy(
            () ->
                new Trainer(definition(0), settings, 8, TrainingProgress.SILENT)
                    .from(Adaptation.continuing(new float[3]))
                    .train(train, validation))
        .hasMessage("the network has %d parameters, got 3".formatted(source.parameters().length));
  }

  @Test
  void aLossThatIsNotFiniteIsSaid() {
    assertThatThrownBy(
            () ->
                new Trainer(
                        new NetworkDefinition(
                            new MultilayerPerceptron(
                                List.of(),
                                MultilayerPerceptron.HiddenActivation.RELU,
                                0,
                                0,
                                MultilayerPerceptron.InitialWeights.XAVIER,
                                Loss.AUTO),
                            GROUPS,
                            Target.number()),
                        settings(9, 8, 1, 5, new UpdaterSpec.Sgd(1e30)),
                        1,
                        TrainingProgress.SILENT)
                    .train(features(rows(50, 1), 1), features(List.of(), 1)))
        .hasMessageMatching(
            "train: the training loss of epoch \\d must be finite, got (NaN|Infinity); the learning"
                + " rate may be too high, or a feature not scaled");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
  void fourPointsAreLearnedInOneAveraging(long seed) {
    float[][] points = {{1, 0}, {0, 1}, {1, 1}, {1, 0}};
    int[] labels = {0, 1, 1, 0};
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      rows.add(
          RowFactory.create("p#" + i, labels[i], List.of(points[i][0], points[i][1]), List.of()));
    }
    NetworkDefinition definition =
        new NetworkDefinition(
            new MultilayerPerceptron(
                List.of(2),
                MultilayerPerceptron.HiddenActivation.SIGMOID,
                0,
                0,
                MultilayerPerceptron.InitialWeights.XAVIER,
                Loss.CROSS_ENTROPY),
            List.of(
                TensorSpec.of(
                    GROUP, Element.FLOAT32, List.of(2), List.of("x1", "x2"), List.of(), List.of())),
            Target.binary(1));
    TrainedNetwork trained =
        new Trainer(
                definition,
                settings(1000, 4, 1, 1000, new UpdaterSpec.Adam(0.05, 0.9, 0.999, 1e-8)),
                seed,
                TrainingProgress.SILENT)
            .train(features(rows, 1), features(List.of(), 1));
    float[] numbers = {1, 0, 0, 1, 1, 1, 1, 0};
    float[][] predicted =
        definition.predictor(trained.parameters()).predict(numbers, new int[0], 4)[0];
    assertThat(Arrays.stream(predicted).mapToInt(p -> p[1] > 0.5 ? 1 : 0))
        .containsExactly(0, 1, 1, 0);
    assertThat(trained.history())
        .hasSize(1)
        .first()
        .extracting(EpochRecord::averagings)
        .isEqualTo(1);
  }

  private static TrainSettings with(
      TrainSettings base,
      @Nullable AveragingFrequency frequency,
      OuterOptimiser outer,
      UpdaterState updaterState,
      GradientClipping clipping,
      ExampleStorage storage) {
    return TrainSettingsBuilder.like(base)
        .frequency(frequency)
        .outer(outer)
        .updaterState(updaterState)
        .clipping(clipping)
        .storage(storage)
        .build();
  }

  private static TrainSettings with(TrainSettings base, UpdaterState updaterState) {
    return with(
        base,
        base.averagingFrequency(),
        base.outer(),
        updaterState,
        base.gradientClipping(),
        base.storageLevel());
  }

  private static TrainSettings with(TrainSettings base, OuterOptimiser outer) {
    return with(
        base,
        base.averagingFrequency(),
        outer,
        base.updaterState(),
        base.gradientClipping(),
        base.storageLevel());
  }

  private static TrainedNetwork trained(TrainSettings settings, int partitions) {
    return new Trainer(definition(0.2), settings, 3, TrainingProgress.SILENT)
        .train(features(rows(300, 1), partitions), features(List.of(), 1));
  }

  /** More workers than the driver takes results from: partial sums come from executors. */
  @Test
  void sameParametersWhateverThePartitionsWithManyWorkers() {
    TrainSettings settings = settings(2, 8, 11, 2, ADAM);
    assertThat(trained(settings, 5).parameters())
        .containsExactly(trained(settings, 1).parameters());
  }

  @Test
  void whereExamplesAreKeptChangesNothing() {
    TrainSettings settings = settings(2, 16, 3, 2, ADAM);
    float[] first = trained(settings, 2).parameters();
    for (ExampleStorage storage : ExampleStorage.values()) {
      assertThat(
              trained(
                      with(
                          settings,
                          settings.averagingFrequency(),
                          settings.outer(),
                          settings.updaterState(),
                          settings.gradientClipping(),
                          storage),
                      2)
                  .parameters())
          .containsExactly(first);
    }
  }

  /** One worker's average is its own, so that keeping it or averaging it is the same. */
  @ParameterizedTest
  @CsvSource({"1,10", "3,4", "10,2"})
  void updaterStateIsAveragedKeptOrReset(int workers, int frequency) {
    TrainSettings settings = settings(2, 8, workers, frequency, ADAM);
    float[] averaged = trained(settings, 2).parameters();
    float[] local = trained(with(settings, UpdaterState.LOCAL), 2).parameters();
    float[] reset = trained(with(settings, UpdaterState.RESET), 2).parameters();
    assertThat(Arrays.equals(local, averaged)).isEqualTo(workers == 1);
    assertThat(reset).isNotEqualTo(averaged).isNotEqualTo(local);
    assertThat(trained(with(settings, UpdaterState.LOCAL), 5).parameters()).containsExactly(local);
  }

  @Test
  void clippedGradientsGoNoFurther() {
    TrainSettings settings = settings(1, 300, 1, 1, new UpdaterSpec.Sgd(1));
    float[] initial = definition(0.2).initial(settings.updater(), 3).parameters();
    for (GradientClipping.By by : GradientClipping.By.values()) {
      float[] once =
          trained(
                  with(
                      settings,
                      settings.averagingFrequency(),
                      settings.outer(),
                      settings.updaterState(),
                      new GradientClipping(by, 1e-3),
                      settings.storageLevel()),
                  2)
              .parameters();
      double furthest = 0;
      for (int i = 0; i < once.length; i++) {
        furthest = Math.max(furthest, Math.abs(once[i] - initial[i]));
      }
      if (by == GradientClipping.By.NONE) {
        assertThat(furthest).isGreaterThan(2e-3);
      } else {
        assertThat(furthest).isBetween(1e-5, 1.001e-3);
      }
    }
  }

  @Test
  void outerOptimisersTakeAnotherCourseAndTheSameEachTime() {
    TrainSettings settings = settings(4, 8, 3, 5, ADAM);
    float[] average = trained(settings, 2).parameters();
    assertThat(trained(with(settings, new OuterOptimiser.SlowMomentum(1, 0)), 2).parameters())
        .containsExactly(average, within(1e-4f));
    for (OuterOptimiser outer :
        List.of(new OuterOptimiser.SlowMomentum(1, 0.7), new OuterOptimiser.Nesterov(0.7, 0.9))) {
      TrainedNetwork once = trained(with(settings, outer), 2);
      assertThat(once.parameters()).isNotEqualTo(average);
      assertThat(trained(with(settings, outer), 7).parameters()).containsExactly(once.parameters());
      assertThat(once.history().get(3).trainLoss()).isLessThan(once.history().get(0).trainLoss());
    }
  }

  @Test
  void adaptiveRoundsAreAsLongAsTheWorkersAgree() {
    TrainSettings settings = settings(2, 4, 3, 1, ADAM);
    int[] averagings = new int[2];
    for (int i = 0; i < 2; i++) {
      AveragingFrequency adaptive = new AveragingFrequency.Adaptive(4, 1, 64, i == 0 ? 1e-9 : 1e9);
      TrainSettings adapting =
          with(
              settings,
              adaptive,
              settings.outer(),
              settings.updaterState(),
              settings.gradientClipping(),
              settings.storageLevel());
      TrainedNetwork trained = trained(adapting, 2);
      assertThat(trained(adapting, 7).parameters()).containsExactly(trained.parameters());
      List<EpochRecord> history = trained.history();
      assertThat(history.stream().mapToLong(EpochRecord::examples).sum()).isEqualTo(2 * 300);
      averagings[i] = history.get(history.size() - 1).averagings();
    }
    // 50 minibatches of each worker: averaged one by one, but for the first two rounds of 4 and 2;
    // and in rounds that double from 4 on, each epoch of 25 for itself.
    assertThat(averagings[0]).isEqualTo(46);
    assertThat(averagings[1]).isBetween(3, 6);
  }

  private static TrainSettings stock(TrainSettings base) {
    return TrainSettingsBuilder.like(base).master(TrainSettings.Master.STOCK).build();
  }

  /** One minibatch of each worker an epoch is where the stock master trains every example. */
  @Test
  void theStockMasterIsThereToBeComparedWith() {
    TrainSettings settings = settings(3, 16, 4, 1, ADAM);
    Dataset<Row> train = features(rows(64, 1), 2);
    Dataset<Row> validation = features(rows(40, 2), 2);
    TrainedNetwork ours =
        new Trainer(definition(0), settings, 3, TrainingProgress.SILENT).train(train, validation);
    TrainedNetwork stock =
        new Trainer(definition(0), stock(settings), 3, TrainingProgress.SILENT)
            .train(train, validation);
    assertThat(stock.parameters()).containsExactly(ours.parameters(), within(1e-5f));
    assertThat(stock.history()).extracting(EpochRecord::averagings).containsExactly(1, 2, 3);
    assertThatThrownBy(
            () ->
                stock(with(with(settings, new OuterOptimiser.Nesterov(1, 0)), UpdaterState.LOCAL)))
        .hasMessage(
            "master = stock must come with outer = average\n"
                + "master = stock must come with updater-state = averaged or reset");
    assertThatThrownBy(
            () ->
                stock(
                    going(
                        settings,
                        new LearningRateSchedule.Cosine(0),
                        new WeightAverage.Exponential(0.9))))
        .hasMessage(
            "master = stock must come with schedule = constant\n"
                + "master = stock must come with ema = none");
  }

  /** Where one round could cover all epochs, each is trained all the same. */
  @Test
  void theStockMasterTrainsEveryEpochOfASmallTable() {
    TrainSettings settings = settings(6, 16, 4, 64, ADAM);
    TrainedNetwork stock =
        new Trainer(definition(0), stock(settings), 3, TrainingProgress.SILENT)
            .train(features(rows(64, 1), 2), features(List.of(), 1));
    assertThat(stock.history()).extracting(EpochRecord::epoch).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(stock.history()).extracting(EpochRecord::examples).containsOnly(64L);
  }

  private static TrainSettings going(
      TrainSettings base, LearningRateSchedule schedule, WeightAverage ema) {
    return TrainSettingsBuilder.like(base).schedule(schedule).ema(ema).build();
  }

  private static TrainedNetwork held(TrainSettings settings, int partitions) {
    return new Trainer(definition(0.2), settings, 7, TrainingProgress.SILENT)
        .train(features(rows(300, 4), partitions), features(rows(120, 5), partitions));
  }

  @Test
  void theScheduleAndTheAverageAreTheSameWhateverThePartitions() {
    TrainSettings constant = settings(4, 8, 3, 3, ADAM);
    TrainSettings settings =
        going(
            constant,
            new LearningRateSchedule.WarmupCosine(0.1, 0),
            new WeightAverage.Exponential(0.9));
    TrainedNetwork first = held(settings, 1);
    TrainedNetwork second = held(settings, 7);
    assertThat(second.parameters()).containsExactly(first.parameters());
    assertThat(second.history()).isEqualTo(first.history());
    assertThat(second.convergence()).isEqualTo(first.convergence());
  }

  /** The training itself takes no notice of its average, whose decay of nothing is no average. */
  @Test
  void theAverageIsWhatIsValidatedAndKept() {
    TrainSettings plain = settings(3, 8, 3, 7, ADAM);
    LearningRateSchedule constant = new LearningRateSchedule.Constant();
    TrainedNetwork without = held(plain, 2);
    TrainedNetwork latest = held(going(plain, constant, new WeightAverage.Exponential(0)), 2);
    TrainedNetwork averaged = held(going(plain, constant, new WeightAverage.Exponential(0.95)), 2);
    assertThat(latest.parameters()).containsExactly(without.parameters());
    assertThat(averaged.parameters()).isNotEqualTo(without.parameters());
    assertThat(averaged.history())
        .extracting(EpochRecord::trainLoss)
        .isEqualTo(without.history().stream().map(EpochRecord::trainLoss).toList());
    assertThat(averaged.history().get(0).validationLoss())
        .isGreaterThan(without.history().get(0).validationLoss());
  }

  @Test
  void aTrainingThatWasCutShortHasNotConverged() {
    UpdaterSpec slow = new UpdaterSpec.Adam(0.002, 0.9, 0.999, 1e-8);
    TrainedNetwork cut = held(settings(10, 16, 2, 10, slow), 2);
    Convergence.Fall falling = fall(cut);
    assertThat(falling.from()).isEqualTo(9);
    assertThat(falling.to()).isEqualTo(10);
    double before = Objects.requireNonNull(cut.history().get(8).validationLoss());
    double after = Objects.requireNonNull(cut.history().get(9).validationLoss());
    assertThat(falling.loss()).isCloseTo(before - after, within(1e-6));
    assertThat(falling.constantLoss()).isBetween(0.6, Math.log(2));
    assertThat(Objects.requireNonNull(cut.convergence()).converged()).isFalse();
    UpdaterSpec still = new UpdaterSpec.Sgd(1e-9);
    TrainedNetwork motionless = held(settings(10, 16, 2, 10, still), 2);
    assertThat(Objects.requireNonNull(motionless.convergence()).converged()).isTrue();
  }

  private static Convergence.Fall fall(TrainedNetwork trained) {
    return Objects.requireNonNull(Objects.requireNonNull(trained.convergence()).fall());
  }

  @Test
  void whereItCannotBeToldWhetherItConvergedTheReasonIs() {
    Dataset<Row> train = features(rows(100, 4), 2);
    TrainSettings settings = settings(3, 16, 2, 2, ADAM);
    for (int rows : new int[] {0, 1}) {
      Convergence unknown =
          Objects.requireNonNull(
              new Trainer(definition(0), settings, 7, TrainingProgress.SILENT)
                  .train(train, features(rows(rows, 5), 1))
                  .convergence());
      assertThat(unknown.converged()).isNull();
      assertThat(unknown.warning().orElseThrow())
          .endsWith(rows == 0 ? "there is no validation part" : "the validation part has one row");
    }
    Convergence once = Objects.requireNonNull(held(settings(1, 16, 2, 2, ADAM), 2).convergence());
    assertThat(once.converged()).isNull();
    assertThat(once.warning())
        .hasValue(
            "whether training had converged cannot be told: its one epoch has one validation;"
                + " raise train.epochs");
    TrainSettings stopping =
        watching(settings(30, 16, 2, 2, new UpdaterSpec.Sgd(1e-9)), "accuracy", 1);
    TrainedNetwork stopped = held(stopping, 2);
    assertThat(last(stopped).epoch()).isEqualTo(2);
    assertThat(stopped.convergence()).isNull();
  }

  /** A round over all epochs would leave one record: nothing to stop by, nothing to compare. */
  @Test
  void roundsOverSeveralEpochsEndForTheValidationPart() {
    TrainSettings whole = settings(20, 16, 4, 1000, ADAM);
    TrainedNetwork trained = held(whole, 2);
    assertThat(trained.history())
        .extracting(EpochRecord::epoch)
        .containsExactly(2, 4, 6, 8, 10, 12, 14, 16, 18, 20);
    assertThat(fall(trained).from()).isEqualTo(18);
    // Never better than the first: stopped by the third record after it, not by the next.
    TrainedNetwork stopped =
        held(watching(settings(60, 16, 4, 1000, new UpdaterSpec.Sgd(1e-9)), "accuracy", 7), 2);
    assertThat(stopped.history()).extracting(EpochRecord::epoch).containsExactly(3, 6, 9, 12);
    // With nothing to validate on, a round is as long as was asked for.
    assertThat(
            new Trainer(definition(0), whole, 7, TrainingProgress.SILENT)
                .train(features(rows(300, 4), 2), features(List.of(), 1))
                .history())
        .extracting(EpochRecord::epoch)
        .containsExactly(20);
  }

  @Test
  void aNetworkThatNoBundleHoldsIsRefused() {
    TrainingResources.requireFewEnough(536_000_000);
    assertThatThrownBy(() -> TrainingResources.requireFewEnough(600_000_000))
        .hasMessage(
            "model: the network must have at most 536,870,907 parameters, which a bundle's file of"
                + " 2 GiB holds, has 600,000,000");
  }

  /** The penalty must be trained with, on executors too, and stand in what becomes the bundle. */
  @Test
  void aPenaltyThatIsLeftToTheTrainingIsTrainedWith() {
    TrainedNetwork open = penalised(null);
    assertThat(open.plan().l2()).isEqualTo(0.1);
    assertThat(open.definition().spec()).isEqualTo(defaultNetwork(0.1));
    assertThat(open.parameters()).isEqualTo(penalised(0.1).parameters());
    assertThat(penalised(0.0).parameters()).isNotEqualTo(open.parameters());
  }

  private static TrainedNetwork penalised(@Nullable Double l2) {
    return new Trainer(
            new NetworkDefinition(defaultNetwork(l2), GROUPS, Target.binary(1)),
            settings(1, 16, 2, 2, ADAM),
            7,
            TrainingProgress.SILENT)
        .train(features(rows(100, 4), 2), features(rows(20, 5), 1));
  }

  private static MultilayerPerceptron defaultNetwork(@Nullable Double l2) {
    return new MultilayerPerceptron(
        null,
        MultilayerPerceptron.HiddenActivation.RELU,
        null,
        l2,
        MultilayerPerceptron.InitialWeights.HE,
        Loss.AUTO,
        new Embeddings(null));
  }

  @Test
  void whatIsLeftToTheDataIsSettledByThem() {
    TrainSettings open =
        TrainSettingsBuilder.auto(new UpdaterSpec.Adam(null, 0.9, 0.999, 1e-8))
            .epochs(2)
            .earlyStopping(new EarlyStopping(EarlyStopping.LOSS, null, 0))
            .build();
    TrainedNetwork trained = held(open, 2);
    assertThat(trained.plan())
        .isEqualTo(TrainingPlan.of(open, definition(0).spec(), Start.OWN, () -> 300));
    assertThat(trained.plan().epochs()).isEqualTo(2);
    TrainedNetwork again = held(open, 5);
    assertThat(again.parameters()).containsExactly(trained.parameters());
  }

  /** With the reference's values: as good as averaging after every minibatch, far less often. */
  @Test
  void adaptiveRoundsSpareAveragingsAndNotAccuracy() {
    Dataset<Row> train = features(rows(2000, 1), 2);
    Dataset<Row> validation = features(rows(1000, 2), 2);
    TrainSettings each = settings(5, 16, 4, 1, ADAM);
    TrainSettings adaptive =
        with(
            each,
            new AveragingFrequency.Adaptive(10, 1, 100, 0.001),
            each.outer(),
            each.updaterState(),
            each.gradientClipping(),
            each.storageLevel());
    EpochRecord often =
        last(new Trainer(definition(0), each, 3, TrainingProgress.SILENT).train(train, validation));
    EpochRecord seldom =
        last(
            new Trainer(definition(0), adaptive, 3, TrainingProgress.SILENT)
                .train(train, validation));
    assertThat(seldom.averagings()).isLessThanOrEqualTo(often.averagings() / 4);
    assertThat(accuracy(seldom)).isGreaterThan(accuracy(often) - 0.01);
  }

  private static double accuracy(EpochRecord epoch) {
    return Objects.requireNonNull(epoch.validationMetrics().get("accuracy"));
  }

  private static EpochRecord last(TrainedNetwork trained) {
    return trained.history().get(trained.history().size() - 1);
  }

  static IntStream seeds() {
    return IntStream.range(0, 12);
  }

  /**
   * Counts by training: each example has an input of its own, and its weight moves only if it was
   * trained. As many examples trained as there are, and none left out, is each of them once.
   */
  @ParameterizedTest
  @MethodSource("seeds")
  void everyExampleMovesItsWeight(int seed) {
    Random random = new Random(seed);
    int count = 1 + random.nextInt(seed < 4 ? 10 : 500);
    int workers = 1 + random.nextInt(7);
    int batch = 1 + random.nextInt(60);
    int frequency = 1 + random.nextInt(6);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(RowFactory.create("row" + i, 1000, List.of(0f), List.of(i)));
    }
    NetworkDefinition definition =
        new NetworkDefinition(
            new MultilayerPerceptron(
                List.of(),
                MultilayerPerceptron.HiddenActivation.RELU,
                0,
                0,
                MultilayerPerceptron.InitialWeights.XAVIER,
                Loss.AUTO),
            List.of(
                TensorSpec.of(
                    "k",
                    Element.ONE_HOT,
                    List.of(1),
                    List.of("k"),
                    List.of(count),
                    List.of(IntStream.range(0, count).mapToObj(i -> "c" + i).toList()))),
            Target.number());
    UpdaterSpec sgd = new UpdaterSpec.Sgd(1e-4);
    TrainedNetwork trained =
        new Trainer(
                definition,
                settings(1, batch, workers, frequency, sgd),
                seed,
                TrainingProgress.SILENT)
            .train(features(rows, 3), features(List.of(), 1));
    float[] before = definition.initial(sgd, seed).parameters();
    for (int i = 0; i < count; i++) {
      assertThat(trained.parameters()[i]).as("weight of row " + i).isGreaterThan(before[i]);
    }
    assertThat(last(trained).examples()).isEqualTo(count);
  }
}
