package sluice.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.network.Target;
import sluice.network.UpdaterSpec;
import sluice.network.spec.Concatenation;
import sluice.network.spec.Embeddings;
import sluice.network.spec.EncoderNetwork;
import sluice.network.spec.Loss;
import sluice.network.spec.MlpEncoder;
import sluice.network.spec.MultilayerPerceptron.HiddenActivation;
import sluice.network.spec.MultilayerPerceptron.InitialWeights;
import sluice.network.spec.NetworkDefinition;
import sluice.testing.LocalSpark;
import sluice.training.averaging.RoundProgress;
import sluice.training.checkpoint.CheckpointSettings;
import sluice.training.checkpoint.Checkpoints;
import sluice.training.checkpoint.EpochRecord;

/** Trainings whose rounds exchange rows of a table and overwrite what was before. */
class LargeTableTest {
  /** Just above what makes a table of vectors of 32 large. */
  private static final int CATEGORIES = 33_000;

  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Is killed after some rounds. */
  private static final class Watch implements TrainingProgress {
    private int lives;

    Watch(int lives) {
      this.lives = lives;
    }

    @Override
    public void averaged(RoundProgress averaged) {
      if (--lives < 0) {
        throw new Killed();
      }
    }
  }

  private static NetworkDefinition definition() {
    MlpEncoder columns =
        new MlpEncoder(
            List.of(4), HiddenActivation.RELU, 0.1, InitialWeights.HE, new Embeddings(32), null);
    return new NetworkDefinition(
        new EncoderNetwork(
            Map.of("columns", columns),
            new Concatenation(List.of(), HiddenActivation.RELU, 0, InitialWeights.HE),
            Map.of(),
            Loss.AUTO,
            1e-4),
        List.of(
            TensorSpec.of(
                "k",
                Element.INDEX,
                List.of(2),
                List.of("few", "many"),
                List.of(3, CATEGORIES),
                List.of(List.of(), List.of()))),
        Target.binary(1));
  }

  /** The class goes by the category, of which there are 300, all over the table. */
  private static Dataset<Row> rows(int count, long seed, int partitions) {
    Random random = new Random(seed);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int many = random.nextInt(300) * 109 + 7;
      rows.add(RowFactory.create("row" + i, many % 2, List.of(random.nextInt(3), many)));
    }
    StructType schema =
        new StructType()
            .add("key", DataTypes.StringType)
            .add("label", DataTypes.IntegerType)
            .add("k", DataTypes.createArrayType(DataTypes.IntegerType));
    return LocalSpark.session().createDataFrame(rows, schema).repartition(partitions);
  }

  private static Trainer trainer(int lives) {
    TrainSettings settings =
        TrainSettingsBuilder.of(4, 32, 3, 4, new UpdaterSpec.Adam(0.02, 0.9, 0.999, 1e-8))
            .checkpoint(new CheckpointSettings(2, 1))
            .build();
    return new Trainer(definition(), settings, 5, new Watch(lives));
  }

  @Test
  void aResumedTrainingEndsAsAnUnbrokenOneOnOtherPartitions(@TempDir Path directory) {
    TrainedNetwork unbroken = trainer(1000).train(rows(1200, 1, 2), rows(200, 2, 1));
    assertThat(unbroken.history().get(3).validationMetrics().get("accuracy")).isGreaterThan(0.9);
    Checkpoints checkpoints =
        new Checkpoints(
            new org.apache.hadoop.fs.Path(directory.toUri()), new Configuration(), "this");
    for (int lives : new int[] {5, 7}) {
      assertThatThrownBy(() -> trainer(lives).train(rows(1200, 1, 5), rows(200, 2, 3), checkpoints))
          .isInstanceOf(Killed.class);
      assertThat(checkpoints.save()).as("a round that was not written").isEmpty();
    }
    TrainedNetwork resumed = trainer(1000).train(rows(1200, 1, 1), rows(200, 2, 2), checkpoints);
    assertThat(resumed.parameters()).isEqualTo(unbroken.parameters());
    assertThat(resumed.history()).isEqualTo(unbroken.history());
    assertThat(resumed.bestEpoch()).isEqualTo(unbroken.bestEpoch());
    assertThat(resumed.convergence()).isEqualTo(unbroken.convergence());
  }

  /** The best epoch is a copy, which later rounds do not overwrite. */
  @Test
  void theBestEpochStays() {
    TrainedNetwork four = trainer(1000).train(rows(1200, 1, 2), rows(200, 2, 1));
    EpochRecord best = four.history().get(four.bestEpoch() - 1);
    double least =
        four.history().stream().mapToDouble(EpochRecord::validationLoss).min().orElseThrow();
    assertThat(best.validationLoss()).isEqualTo(least);
  }

  @Test
  void adviceGoesByTheRowsThatAreExchanged() {
    Advice advice = trainer(1000).advise(rows(1200, 1, 2), 2);
    assertThat(advice.training().parameters()).isGreaterThan(CATEGORIES * 32);
  }
}
