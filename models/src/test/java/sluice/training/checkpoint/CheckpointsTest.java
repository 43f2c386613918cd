package sluice.training.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.adaptation.Adaptation;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.network.LearningRateSchedule;
import sluice.network.Target;
import sluice.network.UpdaterSpec;
import sluice.network.spec.Loss;
import sluice.network.spec.MultilayerPerceptron;
import sluice.network.spec.NetworkDefinition;
import sluice.testing.LocalSpark;
import sluice.training.TrainSettings;
import sluice.training.TrainSettings.EarlyStopping;
import sluice.training.TrainSettingsBuilder;
import sluice.training.TrainedNetwork;
import sluice.training.Trainer;
import sluice.training.TrainingProgress;
import sluice.training.averaging.AveragingFrequency;
import sluice.training.averaging.AveragingState;
import sluice.training.averaging.OuterOptimiser;
import sluice.training.averaging.RoundProgress;
import sluice.training.averaging.UpdaterState;
import sluice.training.averaging.WeightAverage;

/** Trainings that are killed after some rounds and gone on with, against unbroken ones. */
class CheckpointsTest {
  private Path directory;

  @BeforeEach
  void in(@TempDir Path directory) {
    this.directory = directory;
  }

  /** Stops a training as a killed driver does. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Counts the rounds and is killed after some. */
  private static final class Watch implements TrainingProgress {
    private final int lives;
    private int rounds;

    Watch(int lives) {
      this.lives = lives;
    }

    @Override
    public void averaged(RoundProgress averaged) {
      if (++rounds > lives) {
        throw new Killed();
      }
    }
  }

  private static Dataset<Row> features(int count, long seed) {
    Random random = new Random(seed);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float a = (float) random.nextGaussian();
      float b = (float) random.nextGaussian();
      rows.add(RowFactory.create("row" + i, a * b > 0 ? 1 : 0, List.of(a, b)));
    }
    return LocalSpark.session()
        .createDataFrame(
            rows,
            new StructType()
                .add("key", DataTypes.StringType)
                .add("label", DataTypes.IntegerType)
                .add("x", DataTypes.createArrayType(DataTypes.FloatType)))
        .repartition(2);
  }

  private static NetworkDefinition definition(Target target) {
    return definition(target, 0.2);
  }

  private static NetworkDefinition definition(Target target, double dropout) {
    return new NetworkDefinition(
        new MultilayerPerceptron(
            List.of(6),
            MultilayerPerceptron.HiddenActivation.RELU,
            dropout,
            0,
            MultilayerPerceptron.InitialWeights.XAVIER,
            Loss.AUTO),
        List.of(
            TensorSpec.of(
                "x", Element.FLOAT32, List.of(2), List.of("a", "b"), List.of(), List.of())),
        target);
  }

  private static TrainSettings settings(
      UpdaterState updaterState, UpdaterSpec updater, AveragingFrequency frequency) {
    return settings(updaterState, updater, frequency, EarlyStopping.LOSS);
  }

  private static TrainSettings settings(
      UpdaterState updaterState,
      UpdaterSpec updater,
      AveragingFrequency frequency,
      String watched) {
    return settings(
        updaterState,
        updater,
        frequency,
        new LearningRateSchedule.Constant(),
        new WeightAverage.None(),
        new EarlyStopping(watched, 2, 0));
  }

  private static TrainSettings settings(
      UpdaterState updaterState,
      UpdaterSpec updater,
      AveragingFrequency frequency,
      LearningRateSchedule schedule,
      WeightAverage ema,
      EarlyStopping earlyStopping) {
    return TrainSettingsBuilder.auto(updater)
        .epochs(4)
        .batchSize(16)
        .logicalWorkers(3)
        .frequency(frequency)
        .outer(new OuterOptimiser.SlowMomentum(1, 0.5))
        .schedule(schedule)
        .updaterState(updaterState)
        .ema(ema)
        .checkpoint(new CheckpointSettings(2, 2))
        .earlyStopping(earlyStopping)
        .build();
  }

  private Checkpoints checkpoints() {
    return new Checkpoints(
        new org.apache.hadoop.fs.Path(directory.toUri()), new Configuration(), "this");
  }

  private TrainedNetwork train(TrainSettings settings, TrainingProgress progress) {
    return new Trainer(definition(Target.binary(1)), settings, 5, progress)
        .train(features(200, 1), features(80, 2), checkpoints());
  }

  private static TrainedNetwork unbroken(TrainSettings settings) {
    return new Trainer(definition(Target.binary(1)), settings, 5, new Watch(1000))
        .train(features(200, 1), features(80, 2));
  }

  private static final UpdaterSpec ADAM = new UpdaterSpec.Adam(0.01, 0.9, 0.999, 1e-8);

  /** Settings of several tests, and what a training by them comes to. */
  private static final TrainSettings PLAIN =
      settings(UpdaterState.AVERAGED, ADAM, new AveragingFrequency.Fixed(2));

  private static float[] unbrokenPlain = {};

  private static float[] unbroken() {
    if (unbrokenPlain.length == 0) {
      unbrokenPlain = unbroken(PLAIN).parameters();
    }
    return unbrokenPlain.clone();
  }

  private static Checkpoint read(Path file, String training) throws IOException {
    return Checkpoint.read(
        () -> Files.newInputStream(file),
        Files.size(file),
        training,
        file.getFileName().toString());
  }

  private List<Path> files() throws Exception {
    try (Stream<Path> files = Files.list(directory.resolve("this"))) {
      return files.filter(f -> f.getFileName().toString().startsWith("round")).sorted().toList();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aResumedTrainingEndsAsAnUnbrokenOne(UpdaterState updaterState) throws Exception {
    resumes(settings(updaterState, ADAM, new AveragingFrequency.Adaptive(2, 1, 4, 0.001)));
  }

  /** The place in the schedule, the average, and what convergence is told by are part of it. */
  @Test
  void aResumedTrainingGoesOnInItsScheduleAndItsAverage() throws Exception {
    TrainSettings settings =
        settings(
            UpdaterState.AVERAGED,
            ADAM,
            new AveragingFrequency.Fixed(2),
            new LearningRateSchedule.WarmupCosine(0.2, 0.1),
            new WeightAverage.Exponential(0.8),
            new EarlyStopping(EarlyStopping.LOSS, 0, 0));
    TrainedNetwork resumed = resumes(settings);
    assertThat(resumed.convergence()).isNotNull();
    assertThat(resumed.parameters()).isNotEqualTo(unbroken());
  }

  /** What was watched so far is part of a checkpoint. */
  @Test
  void aResumedTrainingStopsByTheMetricOfAnUnbrokenOne() throws Exception {
    resumes(settings(UpdaterState.AVERAGED, ADAM, new AveragingFrequency.Fixed(2), "roc-auc"));
  }

  private TrainedNetwork resumes(TrainSettings settings) throws Exception {
    TrainedNetwork unbroken = unbroken(settings);
    // Every life ends after 3 rounds; of these the last, since the checkpoint, is trained again.
    TrainedNetwork resumed = null;
    int lives = 0;
    while (resumed == null) {
      assertThat(++lives).isLessThan(20);
      try {
        resumed = train(settings, new Watch(3));
      } catch (Killed killed) {
        assertThat(files()).hasSizeBetween(1, 2);
      }
    }
    assertThat(lives).isGreaterThan(2);
    assertThat(resumed.parameters()).containsExactly(unbroken.parameters());
    assertThat(resumed.history()).isEqualTo(unbroken.history());
    assertThat(resumed.bestEpoch()).isEqualTo(unbroken.bestEpoch());
    assertThat(resumed.seconds()).hasSameSizeAs(unbroken.seconds());
    assertThat(resumed.convergence()).isEqualTo(unbroken.convergence());
    assertThat(resumed.plan()).isEqualTo(unbroken.plan());
    return resumed;
  }

  /** What a warm start was from is not looked at again: all is in the checkpoint. */
  @Test
  void aResumedWarmStartNeedsItsParametersNoMore() throws Exception {
    float[] start = unbroken();
    Trainer trainer =
        new Trainer(definition(Target.binary(1)), PLAIN, 6, new Watch(1000))
            .from(Adaptation.continuing(start));
    TrainedNetwork unbroken = trainer.train(features(200, 1), features(80, 2));
    assertThatThrownBy(
            () ->
                new Trainer(definition(Target.binary(1)), PLAIN, 6, new Watch(5))
                    .from(Adaptation.continuing(start))
                    .train(features(200, 1), features(80, 2), checkpoints()))
        .isInstanceOf(Killed.class);
    assertThat(files()).isNotEmpty();
    TrainedNetwork resumed =
        new Trainer(definition(Target.binary(1)), PLAIN, 6, new Watch(1000))
            .train(features(200, 1), features(80, 2), checkpoints());
    assertThat(resumed.parameters()).containsExactly(unbroken.parameters());
    assertThat(resumed.history()).isEqualTo(unbroken.history());
  }

  /** Cut short, or one bit changed, at random places: the one before is used. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void aDamagedCheckpointIsRefused(int seed) throws Exception {
    try {
      train(PLAIN, new Watch(5));
    } catch (Killed killed) {
      assertThat(files()).hasSize(2);
    }
    Path last = files().get(1);
    Random random = new Random(seed);
    try (RandomAccessFile file = new RandomAccessFile(last.toFile(), "rw")) {
      if (seed % 2 == 0) {
        file.setLength(random.nextInt((int) file.length()));
      } else {
        long at = random.nextInt((int) file.length());
        file.seek(at);
        int there = file.read();
        file.seek(at);
        file.write(there ^ (1 << random.nextInt(8)));
      }
    }
    // Hadoop's own checksum lies beside it; without it ours must find the damage.
    Files.deleteIfExists(last.resolveSibling("." + last.getFileName() + ".crc"));
    assertThatThrownBy(() -> read(last, "this"))
        .hasMessage(
            "round-000000004: a checkpoint must end with the SHA-256 of what is before, was cut"
                + " short or changed");
    assertThat(checkpoints().latest().orElseThrow().position().averagings()).isEqualTo(2);
    assertThat(train(PLAIN, new Watch(1000)).parameters()).containsExactly(unbroken());
  }

  @Test
  void anotherTrainingsCheckpointIsNotGoneOnFrom() throws Exception {
    train(PLAIN, new Watch(1000));
    Path file = files().get(0);
    assertThatThrownBy(() -> read(file, "that"))
        .hasMessage(
            file.getFileName()
                + ": a checkpoint must be of format 3 and of training that, got format 3 and training"
                + " this");
    Checkpoints that =
        new Checkpoints(
            new org.apache.hadoop.fs.Path(directory.toUri()), new Configuration(), "that");
    assertThat(that.latest()).isEmpty();
    that.clearOthers();
    assertThat(checkpoints().latest()).isEmpty();
  }

  @Test
  void whatOthersHaveFiledBesideCheckpointsStays() throws Exception {
    train(settings(UpdaterState.AVERAGED, ADAM, new AveragingFrequency.Fixed(3)), new Watch(1000));
    Path inside = Files.writeString(directory.resolve("this").resolve("notes.txt"), "mine");
    Path beside =
        Files.writeString(
            Files.createDirectory(directory.resolve("others")).resolve("part-0"), "mine");
    checkpoints().clear();
    checkpoints().clearOthers();
    assertThat(files()).isEmpty();
    assertThat(inside).hasContent("mine");
    assertThat(beside).hasContent("mine");
  }

  /** Whatever comes after a training, as a decision, is made again without a round. */
  @Test
  void aFinishedTrainingIsThereWithoutARound() {
    TrainSettings settings = settings(UpdaterState.AVERAGED, ADAM, new AveragingFrequency.Fixed(5));
    // Fewer rounds than there are between two checkpoints, and stopped early.
    for (TrainSettings each :
        List.of(
            with(settings, new CheckpointSettings(50, 2), 0),
            with(settings, new CheckpointSettings(50, 1), 1))) {
      checkpoints().clear();
      TrainedNetwork trained = train(each, new Watch(1000));
      TrainedNetwork again = train(each, new Watch(0));
      assertThat(again.parameters()).containsExactly(trained.parameters());
      assertThat(again.history()).isEqualTo(trained.history());
      assertThat(again.seconds()).isEqualTo(trained.seconds());
      assertThat(again.bestEpoch()).isEqualTo(trained.bestEpoch());
      assertThat(again.convergence()).isEqualTo(trained.convergence());
      assertThat(again.trained()).isZero();
    }
  }

  @Test
  void withoutCheckpointsNoneIsWrittenAtTheEnd() {
    train(
        with(
            settings(UpdaterState.AVERAGED, ADAM, new AveragingFrequency.Fixed(5)),
            new CheckpointSettings(0, 1),
            0),
        new Watch(1000));
    assertThat(checkpoints().latest()).isEmpty();
  }

  /** With a patience that ends, as no epoch is so much better. */
  private static TrainSettings with(
      TrainSettings base, CheckpointSettings checkpoint, int patience) {
    return TrainSettingsBuilder.like(base)
        .checkpoint(checkpoint)
        .earlyStopping(new EarlyStopping(EarlyStopping.LOSS, patience, patience))
        .build();
  }

  /**
   * One step an epoch on all rows, of gradients that steps this small leave as they are: two rounds
   * of eight steps change the velocity alike, though the rate rises from step to step.
   */
  @Test
  void slowMomentumTakesEachStepOfARisingRateForWhatItIs() {
    TrainSettings settings =
        TrainSettingsBuilder.of(16, 200, 1, 8, new UpdaterSpec.Sgd(1e-3))
            .outer(new OuterOptimiser.SlowMomentum(1, 0.5))
            .schedule(new LearningRateSchedule.WarmupCosine(0.9, 0))
            .checkpoint(new CheckpointSettings(1, 1))
            .build();
    float[][] velocities = new float[2][];
    for (int rounds = 1; rounds <= 2; rounds++) {
      Trainer trainer =
          new Trainer(definition(Target.binary(1), 0), settings, 5, new Watch(rounds));
      try {
        trainer.train(features(200, 1), features(0, 2), checkpoints());
      } catch (Killed killed) {
        assertThat(rounds).isEqualTo(1);
      }
      velocities[rounds - 1] = checkpoints().latest().orElseThrow().state().velocity();
    }
    int moved = 0;
    for (int i = 0; i < velocities[0].length; i++) {
      if (Math.abs(velocities[0][i]) > 0.05) {
        assertThat(velocities[1][i] / velocities[0][i]).isCloseTo(1.5f, within(0.03f));
        moved++;
      }
    }
    assertThat(moved).isPositive();
  }

  /** More than an array of bytes holds is written like anything else, piece by piece. */
  @Test
  void aCheckpointMayBeLargerThanAnArray() {
    TreeMap<Integer, float[]> states = new TreeMap<>();
    float[] shared = new float[1 << 20];
    for (int worker = 0; worker < 600; worker++) {
      states.put(worker, shared);
    }
    Checkpoint large =
        new Checkpoint(
            new Checkpoint.Position(0, 1, 0, 1, 9, 0, 0, 0, List.of(), List.of(), 0, false),
            new AveragingState(new float[2], new float[0], shared, new float[0], states),
            new float[2],
            new float[0]);
    long[] written = {0};
    OutputStream disk =
        new OutputStream() {
          @Override
          public void write(int one) {
            written[0]++;
          }

          @Override
          public void write(byte[] bytes, int from, int count) throws IOException {
            written[0] += count;
            if (written[0] > 5_000_000) {
              throw new IOException("full");
            }
          }
        };
    assertThatThrownBy(() -> large.write("this", disk)).hasMessage("full");
    assertThat(written[0]).isGreaterThan(5_000_000);
  }

  @Test
  void aLossThatIsNotFiniteNamesTheLastGoodCheckpoint() {
    TrainSettings settings =
        settings(UpdaterState.AVERAGED, new UpdaterSpec.Sgd(20), new AveragingFrequency.Fixed(1));
    assertThatThrownBy(
            () ->
                new Trainer(definition(Target.number()), settings, 5, new Watch(1000))
                    .train(features(200, 1), features(0, 2), checkpoints()))
        .hasMessageMatching(
            "train: the training loss of epoch \\d must be finite, got (NaN|Infinity); the"
                + " learning rate may be too high, or a feature not scaled; the last good"
                + " checkpoint is file:.*/this/round-\\d{9}");
  }
}
