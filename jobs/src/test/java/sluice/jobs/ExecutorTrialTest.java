package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The trial of {@code scripts/trial-executors.sh}, with one kill and little data. */
@Tag("server")
class ExecutorTrialTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final int ROWS = 2000;

  private static final String CONFIGURATION =
      """
      pipeline { name = tiny, seed = 7 }
      ingest {
        format = csv, path = "%s", options { header = true }
        schema = "a DOUBLE, b DOUBLE, label STRING"
      }
      split { by = rank, stratify-by = label }
      normalise {
        label = { column = label, type = class, positive = yes }
        features = [{ columns = [a, b], steps = [standardise] }]
      }
      model { type = mlp, hidden = [4], dropout = 0.2 }
      train {
        epochs = 5, batch-size = 32, logical-workers = 4, averaging-frequency = 1
        early-stopping { patience = 0 }
      }
      spark { spark.sql.shuffle.partitions = 2 }
      """;

  @Test
  void aTrainingThatLosesAnExecutorGivesTheSameParameters(@TempDir Path temp) throws Exception {
    Path data = Files.writeString(temp.resolve("tiny.csv"), rows());
    Path conf = Files.writeString(temp.resolve("tiny.conf"), CONFIGURATION.formatted(data));
    File output = temp.resolve("output.txt").toFile();
    int code =
        new ProcessBuilder(
                ROOT.resolve("scripts/trial-executors.sh").toString(), "1", conf.toString())
            .redirectErrorStream(true)
            .redirectOutput(output)
            .start()
            .waitFor();
    String said = Files.readString(output.toPath());
    assertThat(said)
        .containsPattern("training \\d+: .* executors killed after rounds \\d+: [0-9a-f]{64}\n")
        .endsWith(" trainings: every parameter equal\n");
    assertThat(code).isZero();
  }

  private static String rows() {
    Random random = new Random(7);
    return IntStream.range(0, ROWS)
        .mapToObj(
            i ->
                "%s,%s,%s\n"
                    .formatted(
                        random.nextGaussian() + (i % 3 == 0 ? 1 : 0),
                        random.nextGaussian(),
                        i % 3 == 0 ? "yes" : "no"))
        .collect(Collectors.joining("", "a,b,label\n", ""));
  }
}
