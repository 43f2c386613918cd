package sluice.jobs;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import sluice.run.Stage;

/**
 * A pipeline and commands on it, in their order, with what each must say or make: cases of {@link
 * ShippedJarTest}.
 */
final class ShippedCommands {
  static final String PIPELINE =
      """
      pipeline { name = small, seed = 3, runs-dir = "{dir}/runs" }
      ingest {
        format = csv, path = "{dir}/data.csv", options { header = true }
        schema = "id INT, a DOUBLE, b DOUBLE, city STRING, y STRING", key = id
      }
      clean.rules = [trim, { type = reject-outside, column = a, max = 9 }]
      split { by = rank, train = 0.6, validation = 0.2, test = 0.2 }
      normalise {
        label = { column = y, type = class, positive = "yes" }
        features = [
          { columns = [a, b], steps = [impute-median, standardise] }
          { columns = [city], steps = [impute-mode, one-hot] }
        ]
      }
      augment.steps = [{ type = jitter, copies = 1 }]
      model { type = mlp, hidden = [4] }
      train { epochs = 10, batch-size = 16, logical-workers = 2, updater.learning-rate = 0.03 }
      evaluate { baselines = [majority], resamples = 50, gate.at-least.rocAuc = 0.8 }
      explain { repeats = 2, max-rows = 20 }
      predict.source.path = "{dir}/new.csv"
      spark { spark.master = "local[2]", spark.sql.shuffle.partitions = 2 }
      """;

  private static final Path KERAS =
      Scripts.ROOT.resolve("models/src/test/resources/sluice/network/keras/columns-3.15.1.h5");

  private ShippedCommands() {}

  /**
   * A command that succeeds.
   *
   * @param arguments with {@code {dir}} for the directory of this test
   * @param counts what the manifests of stages say after it
   * @param out a pattern for each line of its output, the last one for all that follow; none for
   *     what is no answer but a report
   */
  record Command(List<String> arguments, Map<Stage, Map<String, Long>> counts, List<String> out) {
    @Override
    public String toString() {
      return String.join(" ", arguments);
    }
  }

  /** A job of the pipeline, and what a stage has then. */
  private static Command job(String job, Stage stage, Map<String, Long> counts) {
    return new Command(List.of(job, "{dir}/x.conf"), Map.of(stage, counts), List.of());
  }

  private static Command ask(String command, String... lines) {
    return new Command(List.of(command.split(" ")), Map.of(), List.of(lines));
  }

  static Stream<Command> all() {
    Map<String, Long> parts = Map.of("train", 120L, "validation", 40L, "test", 40L);
    Map<Stage, Map<String, Long>> all =
        Map.of(
            Stage.RAW, Map.of("rows", 201L),
            Stage.QUARANTINE, Map.of("rows", 0L),
            Stage.CLEAN, Map.of("rows", 200L),
            Stage.REJECTS, Map.of("rows", 1L, "duplicates", 0L),
            Stage.SPLIT, parts,
            Stage.FEATURES, parts,
            Stage.AUGMENTED, Map.of("added", 120L),
            Stage.EXPLANATIONS, Map.of("rows", 20L),
            Stage.METRICS, Map.of("rows", 40L),
            Stage.PREDICTIONS, Map.of("scored", 2L, "quarantined", 1L));
    String bundle = "[0-9a-f]{32}";
    String time = "\\S+Z";
    return Stream.of(
        ask("validate {dir}/x.conf", "{dir}/x\\.conf is valid"),
        job("ingest", Stage.RAW, Map.of("rows", 201L)),
        job("clean", Stage.REJECTS, Map.of("rows", 1L, "duplicates", 0L)),
        job("split", Stage.SPLIT, parts),
        job("normalise", Stage.FEATURES, parts),
        job("augment", Stage.AUGMENTED, Map.of("added", 120L)),
        job("prepare", Stage.AUGMENTED, Map.of("added", 120L)),
        job("train", Stage.AUGMENTED, Map.of("added", 120L)),
        job("explain", Stage.EXPLANATIONS, Map.of("rows", 20L)),
        job("evaluate", Stage.METRICS, Map.of("rows", 40L)),
        job("gate", Stage.METRICS, Map.of("rows", 40L)),
        job("promote", Stage.METRICS, Map.of("rows", 40L)),
        job("predict", Stage.PREDICTIONS, Map.of("scored", 2L, "quarantined", 1L)),
        new Command(List.of("run", "{dir}/x.conf"), all, List.of()),
        new Command(List.of("run", "{dir}/x.conf", "--set", "pipeline.seed=4"), all, List.of()),
        ask("path {dir}/runs/small features", "{dir}/runs/small/features/\\d{8}T\\d+Z-[0-9a-f]{8}"),
        ask(
            "runs {dir}/runs",
            "run +last job +state +since +bundle +test +version",
            "small +run +succeeded +%s +[0-9a-f]{12} +rocAuc \\d\\.\\d{4}, .* +2, in use"
                .formatted(time)),
        ask(
            "models {dir}/runs",
            "model +version +stage +since +date +bundle +test +files",
            "small +1 +retired +%s +%s +rocAuc .* {dir}/runs/_models/small/000001"
                .formatted(time, bundle),
            "small +2 +in use +%s +%s +rocAuc .* {dir}/runs/_models/small/000002"
                .formatted(time, bundle)),
        ask(
            "rollback {dir}/runs small",
            "version 1 of small is in use, instead of version 2: {dir}/runs/_models/small/000001"),
        ask(
            "use {dir}/runs small 2",
            "version 2 of small is in use, instead of version 1: {dir}/runs/_models/small/000002"),
        ask(
            "diff {dir}/runs/small {dir}/runs/small",
            " +{dir}/runs/small +{dir}/runs/small",
            "raw +rows 201 +rows 201 +same",
            "quarantine +rows 0 +rows 0 +same",
            "clean +rows 200 +rows 200 +same",
            "rejects +duplicates 0, rows 1 +duplicates 0, rows 1 +same",
            "split +test 40, train 120, validation 40 +test 40, train 120, validation 40 +same",
            "features +test 40, train 120, validation 40 +test 40, train 120, validation 40 +same",
            "augmented +added 120 +added 120 +same",
            "model .* +same",
            "metrics +rows 40 +rows 40 +same",
            "predictions +quarantined 1, scored 2 +quarantined 1, scored 2 +same",
            "explanations +rows 20 +rows 20 +same",
            "test \\S+ +\\d\\.\\d{4} +\\d\\.\\d{4}"),
        ask(
            "keras %s {dir}/keras.json".formatted(KERAS),
            "wrote {dir}/keras\\.json, of the architecture alone: weights and optimiser are left behind"),
        ask("prune {dir}/runs 1", "nothing to remove"));
  }
}
