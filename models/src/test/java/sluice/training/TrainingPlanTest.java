package sluice.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.adaptation.Adaptation.Start;
import sluice.network.UpdaterSpec;
import sluice.network.spec.Embeddings;
import sluice.network.spec.Loss;
import sluice.network.spec.MultilayerPerceptron;
import sluice.network.spec.MultilayerPerceptron.HiddenActivation;
import sluice.network.spec.MultilayerPerceptron.InitialWeights;
import sluice.network.spec.NetworkSpec;
import sluice.training.TrainSettings.EarlyStopping;
import sluice.training.averaging.AveragingFrequency;

class TrainingPlanTest {
  private static TrainSettings settings(
      @Nullable Integer epochs,
      @Nullable Integer batch,
      @Nullable Integer workers,
      @Nullable AveragingFrequency frequency,
      UpdaterSpec updater,
      @Nullable Integer patience) {
    return TrainSettingsBuilder.auto(updater)
        .epochs(epochs)
        .batchSize(batch)
        .logicalWorkers(workers)
        .frequency(frequency)
        .earlyStopping(new EarlyStopping(EarlyStopping.LOSS, patience, 0))
        .build();
  }

  private static final NetworkSpec DEFAULT = network(null);

  private static NetworkSpec network(@Nullable Double l2) {
    return new MultilayerPerceptron(
        null, HiddenActivation.RELU, null, l2, InitialWeights.HE, Loss.AUTO, new Embeddings(null));
  }

  private static final UpdaterSpec ADAM = new UpdaterSpec.Adam(null, 0.9, 0.999, 1e-8);

  private static TrainingPlan auto(long examples) {
    return TrainingPlan.of(
        settings(null, null, null, null, ADAM, null), DEFAULT, Start.OWN, () -> examples);
  }

  /** Weights of elsewhere change little and soon, adapters of them faster. */
  @ParameterizedTest
  @CsvSource({"121, 17, 1", "1215, 8, 1", "12154, 4, 2", "400000, 2, 8", "3000000, 1, 8"})
  void weightsAreFineTunedSoon(long examples, int epochs, int workers) {
    TrainSettings open = settings(null, null, null, null, ADAM, null);
    TrainingPlan plan = TrainingPlan.of(open, DEFAULT, Start.GENERAL, () -> examples);
    assertThat(plan.epochs()).isEqualTo(epochs);
    assertThat(plan.logicalWorkers()).isEqualTo(workers);
    assertThat(plan.batchSize()).isEqualTo(16);
    assertThat(plan.learningRate()).isEqualTo(1e-4);
    TrainingPlan adapters = TrainingPlan.of(open, DEFAULT, Start.ADAPTERS, () -> examples);
    assertThat(adapters.epochs()).isEqualTo(epochs);
    assertThat(adapters.learningRate()).isEqualTo(0.001);
    TrainSettings said = settings(50, 32, 2, null, new UpdaterSpec.Adam(0.01, 0.9, 0.999, 1e-8), 3);
    assertThat(TrainingPlan.of(said, DEFAULT, Start.GENERAL, () -> examples))
        .extracting(TrainingPlan::epochs, TrainingPlan::batchSize, TrainingPlan::learningRate)
        .containsExactly(50, 32, 0.01);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 300, 16, 1, 64, 60",
    "240, 202, 16, 1, 64, 41",
    "2000, 100, 32, 1, 64, 20",
    "31647, 40, 128, 2, 62, 8",
    "65535, 32, 128, 4, 64, 7",
    "65536, 32, 256, 2, 64, 7",
    "210000, 22, 256, 4, 52, 5",
    "3000000, 6, 256, 8, 64, 2",
    "50000000, 1, 256, 8, 64, 1"
  })
  void goesByTheNumberOfExamples(
      long examples, int epochs, int batch, int workers, int frequency, int patience) {
    assertThat(auto(examples))
        .isEqualTo(
            new TrainingPlan(
                epochs,
                batch,
                workers,
                new AveragingFrequency.Fixed(frequency),
                0.001,
                Math.min(0.1, 10.0 / examples),
                patience));
  }

  @Test
  void aDecayOfTheUpdaterTakesThePlaceOfL2() {
    UpdaterSpec adamw = new UpdaterSpec.AdamW(null, 0.9, 0.999, 1e-8, 0.01);
    TrainingPlan plan =
        TrainingPlan.of(
            settings(null, null, null, null, adamw, null), DEFAULT, Start.OWN, () -> 240);
    assertThat(plan.l2()).isZero();
    assertThat(plan.learningRate()).isEqualTo(0.001);
  }

  /** A budget that fell with more data would make more data worse. */
  @Test
  void moreExamplesAreNeverTrainedLess() {
    long before = 0;
    for (long examples = 10; examples < 1_500_000; examples = examples * 5 / 4) {
      TrainingPlan plan = auto(examples);
      long trained = plan.epochs() * examples;
      assertThat(trained).isGreaterThan(before - examples);
      assertThat(plan.patience()).isBetween(1, plan.epochs());
      before = Math.max(before, trained);
    }
  }

  /** Where the limit of 20,000,000 holds, it is met as nearly as whole epochs can. */
  @ParameterizedTest
  @CsvSource({
    "1600000, 11",
    "5000000, 4",
    "6000000, 3",
    "10000000, 2",
    "10000001, 1",
    "90000000, 1"
  })
  void theBudgetHasALimit(long examples, int epochs) {
    assertThat(auto(examples).epochs()).isEqualTo(epochs);
  }

  @Test
  void workersTakeStepsEnough() {
    for (long examples = 8_000; examples < 20_000_000; examples = examples * 101 / 100) {
      TrainingPlan plan = auto(examples);
      assertThat(plan.epochs() * examples / (plan.batchSize() * (long) plan.logicalWorkers()))
          .as("minibatches of a worker for " + examples)
          .isGreaterThanOrEqualTo(4_000);
    }
  }

  @Test
  void whatIsGivenStandsAndTheDataAreNotAsked() {
    LongSupplier unasked =
        () -> {
          throw new AssertionError("asked");
        };
    TrainingPlan plan =
        TrainingPlan.of(
            settings(
                7,
                3,
                5,
                new AveragingFrequency.Adaptive(2, 1, 4, 0.1),
                new UpdaterSpec.Sgd(0.5),
                0),
            network(0.0),
            Start.OWN,
            unasked);
    assertThat(plan)
        .isEqualTo(
            new TrainingPlan(7, 3, 5, new AveragingFrequency.Adaptive(2, 1, 4, 0.1), 0.5, null, 0));
    assertThat(plan.text(true))
        .isEqualTo(
            "7 epochs at most, minibatches of 3, 5 logical workers, averaged every 1 to 4"
                + " minibatches, learning rate 0.5, no early stopping");
  }

  /** Few long rounds would leave too few validations to stop by, or to tell convergence by. */
  @ParameterizedTest
  @CsvSource({
    "300, 60, 30",
    "300, 0, 30",
    "300, 10, 5",
    "300, 1, 1",
    "100, 3, 1",
    "20, 20, 2",
    "9, 0, 1"
  })
  void roundsLeaveTenRecordsAndTwoWithinThePatience(int epochs, int patience, int most) {
    TrainingPlan plan =
        new TrainingPlan(epochs, 16, 1, new AveragingFrequency.Fixed(64), 0.1, null, patience);
    assertThat(plan.mostEpochsOfARound()).isEqualTo(most);
  }

  @Test
  void oneWorseEpochDoesNotStopATraining() {
    for (int epochs = 2; epochs <= 10; epochs++) {
      assertThat(
              TrainingPlan.of(
                      settings(epochs, 1, 1, null, ADAM, null), DEFAULT, Start.OWN, () -> 1000L)
                  .patience())
          .isEqualTo(2);
    }
  }

  @Test
  void thePlanSaysWhatWillStopIt() {
    AveragingFrequency each = new AveragingFrequency.Fixed(1);
    assertThat(new TrainingPlan(9, 1, 1, each, 0.1, 0.0012, 5).text(true))
        .endsWith("learning rate 0.1, l2 0.0012, stops after 5 epochs without improvement");
    assertThat(new TrainingPlan(9, 1, 1, each, 0.1, null, 1).text(true))
        .endsWith(", stops after 1 epoch without improvement");
    assertThat(new TrainingPlan(9, 1, 1, each, 0.1, null, 5).text(false))
        .endsWith("learning rate 0.1, no early stopping");
  }

  @Test
  void oneThatIsGivenIsWhatTheOthersGoBy() {
    TrainingPlan plan =
        TrainingPlan.of(
            settings(null, 100, 2, null, ADAM, null), DEFAULT, Start.OWN, () -> 100_000L);
    assertThat(plan.batchSize()).isEqualTo(100);
    assertThat(plan.logicalWorkers()).isEqualTo(2);
    // 500 minibatches an epoch, in eight rounds.
    assertThat(plan.averagingFrequency()).isEqualTo(new AveragingFrequency.Fixed(63));
    assertThat(
            TrainingPlan.of(
                    settings(50, null, null, null, ADAM, null), DEFAULT, Start.OWN, () -> 1L)
                .patience())
        .isEqualTo(10);
  }

  @Test
  void plainDescentTakesLongerSteps() {
    TrainSettings plain = settings(1, 1, 1, null, new UpdaterSpec.Nesterov(null, 0.9), 0);
    assertThat(TrainingPlan.of(plain, DEFAULT, Start.OWN, () -> 9L).learningRate()).isEqualTo(0.01);
  }
}
