package sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.network.LearningRateSchedule;
import sluice.network.UpdaterSpec;
import sluice.training.TrainSettings;
import sluice.training.averaging.AveragingFrequency;
import sluice.training.averaging.WeightAverage;

/** What a configuration that says nothing of training leaves to the data, and how it says else. */
final class TrainingDefaultsTest {
  private Path directory;

  @BeforeEach
  void in(@TempDir Path directory) {
    this.directory = directory;
  }

  private ResolvedConfig<PipelineConfig> read(String train) throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("x.conf"),
            """
            pipeline.name = x
            ingest { format = csv, path = "x.csv", schema = "a DOUBLE, y DOUBLE" }
            normalise { label { column = y, type = number }, features = [{ columns = a, steps = [] }] }
            """
                + train);
    return ConfigReader.ofPipelines().read(file, List.of());
  }

  @Test
  void trainingIsLeftToTheData() throws IOException {
    ResolvedConfig<PipelineConfig> config = read("");
    TrainSettings train = config.value().train();
    assertThat(train.epochs()).isNull();
    assertThat(train.batchSize()).isNull();
    assertThat(train.logicalWorkers()).isNull();
    assertThat(train.averagingFrequency()).isNull();
    assertThat(train.updater()).isEqualTo(new UpdaterSpec.Adam(null, 0.9, 0.999, 1e-8));
    assertThat(train.earlyStopping().patience()).isNull();
    assertThat(train.schedule()).isEqualTo(new LearningRateSchedule.Cosine(0));
    assertThat(train.ema()).isEqualTo(new WeightAverage.None());
    assertThat(config.redacted())
        .contains(
            "train.epochs = \"auto\"",
            "train.averaging-frequency = \"auto\"",
            "train.updater.learning-rate = \"auto\"",
            "train.early-stopping.patience = \"auto\"");
  }

  @Test
  void whatIsGivenStands() throws IOException {
    TrainSettings train =
        read("""
                train {
                  epochs = 7, averaging-frequency = adaptive, ema = 0.99, early-stopping.patience = 0
                  schedule { type = step, every = 0.5 }, updater { type = sgd, learning-rate = 0.5 }
                }
                """)
            .value()
            .train();
    assertThat(train.epochs()).isEqualTo(7);
    assertThat(train.averagingFrequency())
        .isEqualTo(new AveragingFrequency.Adaptive(10, 1, 100, 0.001));
    assertThat(train.updater()).isEqualTo(new UpdaterSpec.Sgd(0.5));
    assertThat(train.earlyStopping().patience()).isZero();
    assertThat(train.schedule()).isEqualTo(new LearningRateSchedule.Step(0.5, 0.1));
    assertThat(train.ema()).isEqualTo(new WeightAverage.Exponential(0.99));
  }
}
