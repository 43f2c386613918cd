package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The trial of {@code scripts/trial.sh kills}, with few kills and little data. */
@Tag("server")
class KillTrialTest {
  private static final int ROWS = 300;

  private static final String CONFIGURATION =
      """
      pipeline { name = tiny, seed = 7 }
      ingest {
        format = csv, path = "%s", options { header = true }
        schema = "a DOUBLE, b DOUBLE, place STRING, said STRING, label STRING"
        max-quarantined = 0.1
      }
      clean { rules = [trim, drop-duplicates, { type = reject-outside, column = a, min = 0, max = 9 }] }
      split { by = rank, stratify-by = label }
      normalise {
        label = { column = label, type = class, positive = yes }
        features = [
          { columns = [a, b], steps = [standardise] }
          { columns = [place], steps = [one-hot] }
          { columns = [said], steps = [words] }
        ]
      }
      augment { steps = [oversample] }
      model {
        type = network
        inputs {
          columns = { type = mlp, hidden = [4] }
          said = { type = recurrent, cell = gru, dimension = 4, hidden = 4, max-length = 16 }
        }
      }
      train { epochs = 2, logical-workers = 2 }
      evaluate { baselines = [majority], resamples = 50 }
      explain { repeats = 2, max-rows = 50 }
      spark { spark.master = "local[2]", spark.sql.shuffle.partitions = 2 }
      """;

  @Test
  void killedRunsPublishInTheEndWhatAnUnbrokenOneDoes(@TempDir Path temp) throws Exception {
    Path data = Files.writeString(temp.resolve("tiny.csv"), rows());
    Path conf = Files.writeString(temp.resolve("tiny.conf"), CONFIGURATION.formatted(data));
    Scripts.Said ended = new Scripts(temp, Map.of()).run("trial.sh", "kills", "2", conf.toString());
    String said = ended.output();
    assertThat(said).endsWith("2 kills: every digest equal\n");
    assertThat(said.lines().filter(line -> line.matches(" +[12] .* plain .*"))).hasSize(2);
    assertThat(said)
        .contains("  raw\n", "  quarantine\n", "  clean\n", "  rejects\n", "  split\n")
        .contains("  features\n", "  augmented\n", "  model/bundle.json\n")
        .contains("  metrics/metrics.json\n", "  explanations/importances.json\n");
    assertThat(ended.code()).as(ended.errors()).isZero();
  }

  /** Two in three of them "no"; one line that cannot be read, one row that is rejected. */
  private static String rows() {
    Random random = new Random(7);
    String rows =
        IntStream.range(0, ROWS)
            .mapToObj(
                i ->
                    "%s,%s,%s,%s,%s\n"
                        .formatted(
                            random.nextDouble() + (i % 3 == 0 ? 1 : 0),
                            random.nextGaussian(),
                            "p" + random.nextInt(3),
                            "well ".repeat(random.nextInt(5)) + "done " + random.nextInt(9),
                            i % 3 == 0 ? "yes" : "no"))
            .collect(Collectors.joining());
    return "a,b,place,said,label\n" + rows + "99,0,p0,well done,no\nfew,columns\n";
  }
}
