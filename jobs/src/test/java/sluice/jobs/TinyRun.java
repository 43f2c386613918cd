package sluice.jobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import sluice.testing.LocalSpark;

/** A small pipeline, which can be made in this process up to where training begins. */
final class TinyRun {
  private static final int ROWS = 2000;

  private static final String CONFIGURATION =
      """
      pipeline { name = tiny, seed = 7, runs-dir = "%s" }
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
        epochs = 5, batch-size = 32, logical-workers = 4, averaging-frequency = 4, schedule = constant
        early-stopping { patience = 0 }
      }
      evaluate { baselines = [], resamples = 50 }
      explain { repeats = 2, max-rows = 50 }
      spark { spark.sql.shuffle.partitions = 2 }
      """;

  private final Path directory;

  private TinyRun(Path directory) {
    this.directory = directory;
  }

  /** Writes its data and its configuration into a directory. */
  static TinyRun write(Path directory) throws IOException {
    TinyRun run = new TinyRun(directory);
    Path data = Files.writeString(directory.resolve("tiny.csv"), rows());
    Files.writeString(
        run.configuration(), CONFIGURATION.formatted(directory.resolve("runs"), data));
    return run;
  }

  /** Makes every stage before training, too. */
  static TinyRun prepare(Path directory) throws IOException {
    TinyRun run = write(directory);
    LocalSpark.session();
    CommandLine.out("prepare", run.configuration().toString());
    return run;
  }

  Path configuration() {
    return directory.resolve("tiny.conf");
  }

  StageOutputs outputs() {
    return new StageOutputs(directory.resolve("runs/tiny"));
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
