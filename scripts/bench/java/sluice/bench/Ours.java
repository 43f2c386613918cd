package sluice.bench;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import sluice.adaptation.AdaptSettings;
import sluice.network.GradientClipping;
import sluice.network.LearningRateSchedule;
import sluice.network.Target;
import sluice.network.UpdaterSpec;
import sluice.network.spec.NetworkDefinition;
import sluice.network.spec.NetworkSpec;
import sluice.training.TrainSettings;
import sluice.training.TrainSettings.ClassWeights;
import sluice.training.TrainSettings.EarlyStopping;
import sluice.training.Trainer;
import sluice.training.TrainingProgress;
import sluice.training.averaging.AveragingFrequency;
import sluice.training.averaging.OuterOptimiser;
import sluice.training.averaging.UpdaterState;
import sluice.training.averaging.WeightAverage;
import sluice.training.checkpoint.CheckpointSettings;
import sluice.training.checkpoint.EpochRecord;
import sluice.training.device.Device;
import sluice.training.examples.ExampleStorage;

/** Training by Sluice, as the job {@code train} does it. */
final class Ours {
  static final int WORKERS = 2;
  static final long SEED = 42;
  static final UpdaterSpec ADAM = new UpdaterSpec.Adam(0.001, 0.9, 0.999, 1e-8);

  /** Only who listens ends a training. */
  private static final int ENDLESS = 1_000_000;

  private Ours() {}

  /** Is told of each epoch's end; what it then takes is not counted to any epoch. */
  interface EpochEnd {
    void told(EpochRecord epoch, double seconds);
  }

  static NetworkDefinition definition(NetworkSpec spec, ExampleKind examples) {
    return new NetworkDefinition(
        spec, List.of(examples.tensor()), Target.classes(LabelledExamples.CLASSES));
  }

  static void train(
      NetworkDefinition definition,
      int batchSize,
      int every,
      Dataset<Row> train,
      Dataset<Row> validation,
      EpochEnd listener) {
    TrainSettings settings =
        new TrainSettings(
            TrainSettings.Master.AVERAGING,
            Device.AUTO,
            TrainSettings.Engine.COMPILED,
            ENDLESS,
            batchSize,
            WORKERS,
            new AveragingFrequency.Fixed(every),
            new OuterOptimiser.Average(),
            ADAM,
            new LearningRateSchedule.Constant(),
            UpdaterState.AVERAGED,
            new WeightAverage.None(),
            GradientClipping.none(),
            ExampleStorage.MEMORY_AND_DISK,
            0,
            new CheckpointSettings(0, 1),
            ClassWeights.NONE,
            new EarlyStopping(EarlyStopping.LOSS, 0, 0),
            TrainSettings.WarmStart.none(),
            AdaptSettings.none());
    TrainingProgress progress =
        new TrainingProgress() {
          @Override
          public void epochEnded(EpochRecord epoch, int epochs, double seconds) {
            listener.told(epoch, seconds);
          }
        };
    new Trainer(definition, settings, SEED, progress).train(train, validation);
  }
}
