package sluice.training;

import org.jspecify.annotations.Nullable;
import sluice.adaptation.AdaptSettings;
import sluice.network.GradientClipping;
import sluice.network.LearningRateSchedule;
import sluice.network.UpdaterSpec;
import sluice.training.TrainSettings.ClassWeights;
import sluice.training.TrainSettings.EarlyStopping;
import sluice.training.averaging.AveragingFrequency;
import sluice.training.averaging.OuterOptimiser;
import sluice.training.averaging.UpdaterState;
import sluice.training.averaging.WeightAverage;
import sluice.training.checkpoint.CheckpointSettings;
import sluice.training.device.Device;
import sluice.training.examples.ExampleStorage;

/**
 * Settings of trainings in tests: plain averaging at a constant rate that nothing stops or writes
 * down, unless a test says otherwise.
 */
public final class TrainSettingsBuilder {
  private TrainSettings.Master master = TrainSettings.Master.AVERAGING;
  private TrainSettings.Engine engine = TrainSettings.Engine.COMPILED;
  private @Nullable Integer epochs;
  private @Nullable Integer batchSize;
  private @Nullable Integer logicalWorkers;
  private @Nullable AveragingFrequency frequency;
  private OuterOptimiser outer = new OuterOptimiser.Average();
  private UpdaterSpec updater;
  private LearningRateSchedule schedule = new LearningRateSchedule.Constant();
  private UpdaterState updaterState = UpdaterState.AVERAGED;
  private WeightAverage ema = new WeightAverage.None();
  private GradientClipping clipping = GradientClipping.none();
  private ExampleStorage storage = ExampleStorage.MEMORY_AND_DISK;
  private CheckpointSettings checkpoint = new CheckpointSettings(0, 1);
  private ClassWeights classWeights = ClassWeights.NONE;
  private EarlyStopping earlyStopping = new EarlyStopping(EarlyStopping.LOSS, 0, 0);

  private TrainSettingsBuilder(UpdaterSpec updater) {
    this.updater = updater;
  }

  /** What the number of examples decides is left to it. */
  public static TrainSettingsBuilder auto(UpdaterSpec updater) {
    return new TrainSettingsBuilder(updater);
  }

  public static TrainSettingsBuilder of(
      int epochs, int batchSize, int logicalWorkers, int frequency, UpdaterSpec updater) {
    return auto(updater)
        .epochs(epochs)
        .batchSize(batchSize)
        .logicalWorkers(logicalWorkers)
        .frequency(new AveragingFrequency.Fixed(frequency));
  }

  /** These, on CPUs or GPUs as there are, from random parameters. */
  public static TrainSettingsBuilder like(TrainSettings settings) {
    return auto(settings.updater())
        .master(settings.master())
        .engine(settings.engine())
        .epochs(settings.epochs())
        .batchSize(settings.batchSize())
        .logicalWorkers(settings.logicalWorkers())
        .frequency(settings.averagingFrequency())
        .outer(settings.outer())
        .schedule(settings.schedule())
        .updaterState(settings.updaterState())
        .ema(settings.ema())
        .clipping(settings.gradientClipping())
        .storage(settings.storageLevel())
        .checkpoint(settings.checkpoint())
        .classWeights(settings.classWeights())
        .earlyStopping(settings.earlyStopping());
  }

  TrainSettingsBuilder master(TrainSettings.Master given) {
    master = given;
    return this;
  }

  public TrainSettingsBuilder epochs(@Nullable Integer given) {
    epochs = given;
    return this;
  }

  public TrainSettingsBuilder batchSize(@Nullable Integer given) {
    batchSize = given;
    return this;
  }

  public TrainSettingsBuilder logicalWorkers(@Nullable Integer given) {
    logicalWorkers = given;
    return this;
  }

  public TrainSettingsBuilder frequency(@Nullable AveragingFrequency given) {
    frequency = given;
    return this;
  }

  public TrainSettingsBuilder outer(OuterOptimiser given) {
    outer = given;
    return this;
  }

  public TrainSettingsBuilder schedule(LearningRateSchedule given) {
    schedule = given;
    return this;
  }

  public TrainSettingsBuilder updaterState(UpdaterState given) {
    updaterState = given;
    return this;
  }

  public TrainSettingsBuilder ema(WeightAverage given) {
    ema = given;
    return this;
  }

  TrainSettingsBuilder clipping(GradientClipping given) {
    clipping = given;
    return this;
  }

  TrainSettingsBuilder storage(ExampleStorage given) {
    storage = given;
    return this;
  }

  public TrainSettingsBuilder checkpoint(CheckpointSettings given) {
    checkpoint = given;
    return this;
  }

  TrainSettingsBuilder classWeights(ClassWeights given) {
    classWeights = given;
    return this;
  }

  public TrainSettingsBuilder earlyStopping(EarlyStopping given) {
    earlyStopping = given;
    return this;
  }

  public TrainSettingsBuilder engine(TrainSettings.Engine given) {
    engine = given;
    return this;
  }

  public TrainSettings build() {
    return new TrainSettings(
        master,
        Device.AUTO,
        engine,
        epochs,
        batchSize,
        logicalWorkers,
        frequency,
        outer,
        updater,
        schedule,
        updaterState,
        ema,
        clipping,
        storage,
        0,
        checkpoint,
        classWeights,
        earlyStopping,
        TrainSettings.WarmStart.none(),
        AdaptSettings.none());
  }
}
