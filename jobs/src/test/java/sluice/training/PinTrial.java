package sluice.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import sluice.adaptation.AdaptSettings;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.network.GradientClipping;
import sluice.network.LearningRateSchedule;
import sluice.network.Target;
import sluice.network.UpdaterSpec;
import sluice.network.spec.Loss;
import sluice.network.spec.MultilayerPerceptron;
import sluice.network.spec.NetworkDefinition;
import sluice.training.averaging.AveragingFrequency;
import sluice.training.averaging.OuterOptimiser;
import sluice.training.averaging.UpdaterState;
import sluice.training.averaging.WeightAverage;
import sluice.training.checkpoint.CheckpointSettings;
import sluice.training.device.Accelerator;
import sluice.training.device.ComputeDevice;
import sluice.training.device.Device;
import sluice.training.examples.ExampleStorage;

/**
 * An application for a cluster without GPUs that trains as if there were some: it prints what it
 * trains on, and executors write to their error output which GPU a thread would be bound to.
 */
public final class PinTrial {
  private static final String GROUP = "x";

  private PinTrial() {}

  /** GPUs that are not there. */
  private record Pretended() implements Accelerator {
    @Override
    public boolean built() {
      return true;
    }

    @Override
    public boolean loaded() {
      return true;
    }

    @Override
    public String backend() {
      return "pretended";
    }

    @Override
    public void bind(int index) {
      System.err.println("bound to " + index);
    }
  }

  public static void main(String... arguments) {
    try (SparkSession spark = SparkSession.builder().appName("pin trial").getOrCreate()) {
      Dataset<Row> rows = rows(spark);
      TrainSettings settings = settings();
      System.out.println(
          ComputeDevice.choose(settings.device(), spark.sparkContext().conf(), new Pretended())
              .text());
      TrainedNetwork trained =
          new Trainer(definition(), settings, 7, TrainingProgress.SILENT)
              .with(new Pretended())
              .train(rows, rows);
      System.out.println(trained.history().size() + " epochs");
    }
  }

  private static NetworkDefinition definition() {
    return new NetworkDefinition(
        new MultilayerPerceptron(
            List.of(4),
            MultilayerPerceptron.HiddenActivation.RELU,
            0,
            0,
            MultilayerPerceptron.InitialWeights.XAVIER,
            Loss.AUTO),
        List.of(
            TensorSpec.of(
                GROUP, Element.FLOAT32, List.of(2), List.of("a", "b"), List.of(), List.of())),
        Target.binary(1));
  }

  private static TrainSettings settings() {
    return new TrainSettings(
        TrainSettings.Master.AVERAGING,
        Device.GPU,
        TrainSettings.Engine.COMPILED,
        3,
        16,
        4,
        new AveragingFrequency.Fixed(4),
        new OuterOptimiser.Average(),
        new UpdaterSpec.Adam(0.01, 0.9, 0.999, 1e-8),
        new LearningRateSchedule.Constant(),
        UpdaterState.AVERAGED,
        new WeightAverage.None(),
        GradientClipping.none(),
        ExampleStorage.MEMORY_AND_DISK,
        0,
        new CheckpointSettings(0, 1),
        TrainSettings.ClassWeights.NONE,
        new TrainSettings.EarlyStopping(TrainSettings.EarlyStopping.LOSS, 0, 0),
        TrainSettings.WarmStart.none(),
        AdaptSettings.none());
  }

  private static Dataset<Row> rows(SparkSession spark) {
    Random random = new Random(7);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      float a = (float) random.nextGaussian();
      float b = (float) random.nextGaussian();
      rows.add(RowFactory.create("row" + i, a > b ? 1 : 0, List.of(a, b)));
    }
    return spark.createDataFrame(
        rows,
        new StructType()
            .add("key", DataTypes.StringType)
            .add("label", DataTypes.IntegerType)
            .add(GROUP, DataTypes.createArrayType(DataTypes.FloatType)));
  }
}
