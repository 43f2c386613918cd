package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.bundle.Prediction;
import sluice.bundle.Scorer;
import sluice.data.Decimal;
import sluice.data.Json;
import sluice.run.Stage;
import sluice.testing.LocalSpark;

/** Bundles that are judged beside the one in use, promoted, and taken back. */
@Tag("pipeline")
final class PromotionTest {
  private static final String CONFIGURATION =
      """
      pipeline { name = small, seed = 3, runs-dir = "{dir}/runs" }
      ingest {
        format = csv, path = "{dir}/data.csv", options { header = true }
        schema = "a DOUBLE, b DOUBLE, city STRING, y STRING"
      }
      clean.rules = [trim, { type = rename, from = city, to = town }]
      split { by = hash, train = 0.6, validation = 0.2, test = 0.2 }
      normalise {
        label = { column = y, type = class, positive = "yes" }
        features = [
          { columns = [a, b], steps = [standardise] }
          { columns = [town], steps = [one-hot] }
        ]
      }
      model { type = mlp, hidden = [8] }
      train { epochs = 4, batch-size = 16, logical-workers = 2, schedule = constant, updater.learning-rate = 0.01 }
      evaluate { baselines = [], resamples = 50, gate { at-least { rocAuc = 0.8 }, at-most { logLoss = 0.6 }, no-worse { rocAuc = 0.3 } } }
      explain { repeats = 2, max-rows = 10 }
      """;

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  private Path dir;

  @BeforeEach
  void files() throws IOException {
    LocalSpark.session();
    Random random = new Random(7);
    StringBuilder csv = new StringBuilder("a,b,city,y\n");
    for (int i = 0; i < 500; i++) {
      double a = random.nextGaussian();
      double b = random.nextGaussian();
      csv.append(
          String.format(
              Locale.ROOT,
              "%.6f,%.6f,%s,%s%n",
              a,
              b,
              i % 2 == 0 ? "Bonn" : "Kiel",
              a + b + 0.3 * random.nextGaussian() > 0 ? "yes" : "no"));
    }
    Files.writeString(dir.resolve("data.csv"), csv.toString());
    Files.writeString(dir.resolve("x.conf"), CONFIGURATION.replace("{dir}", dir.toString()));
  }

  private CommandLine sluice(String job, String... settings) {
    List<String> arguments = new ArrayList<>(List.of(job, dir.resolve("x.conf").toString()));
    for (String setting : settings) {
      arguments.addAll(List.of("--set", setting));
    }
    return CommandLine.of(arguments.toArray(String[]::new));
  }

  private List<String> out(String job, String... settings) {
    CommandLine ended = sluice(job, settings);
    assertThat(ended.code()).as("%s", ended.err()).isZero();
    return ended.out();
  }

  private Path runs() {
    return dir.resolve("runs");
  }

  private List<String> models() {
    return CommandLine.out("models", runs().toString());
  }

  private JsonNode metrics() throws IOException {
    Path metrics = new StageOutputs(runs().resolve("small")).path(Stage.METRICS);
    return Json.tree(Files.readString(metrics.resolve("metrics.json")), "metrics.json");
  }

  private String bundle() {
    return String.valueOf(
        new StageOutputs(runs().resolve("small")).published(Stage.MODEL).manifest().content());
  }

  @Test
  void whatPassesTheGateIsPutInUseOnceAndCanBeTakenBack() throws IOException {
    Path versions = runs().resolve("_models/small");
    List<String> first = out("run");
    List<String> stages =
        List.of(
            "ingest +500 rows TIME  0 quarantined",
            "clean +500 rows TIME  0 rejected, 0 duplicates",
            "split +500 rows TIME  train \\d+, validation \\d+, test \\d+",
            "normalise +500 rows TIME  5 features in 2 groups",
            "augment +0 rows TIME  no augmenters",
            "train +\\d{3} rows TIME  \\d+ parameters, 4 epochs, the best is \\d: training"
                + " loss 0\\.\\d{4}, validation loss 0\\.\\d{4}, accuracy 0\\.\\d{4}",
            " +4 epochs at most, minibatches of 16, 2 logical workers, .*",
            " +training had not converged: from epoch 3 to 4 the validation loss still fell by .*;"
                + " raise train.epochs",
            "explain +10 rows TIME  rocAuc falls by -?\\d\\.\\d{4} without \\w+(,"
                + " -?\\d\\.\\d{4} without \\w+){2}",
            "evaluate +\\d+ rows TIME",
            "test +network +.*");
    for (int i = 0; i < stages.size(); i++) {
      assertThat(first.get(i).replaceFirst(" +\\d+\\.\\d s", " TIME")).matches(stages.get(i));
    }
    assertThat(first)
        .anyMatch(line -> line.matches("report .*/small/metrics/[^/]+/report\\.html"))
        .anyMatch(
            line ->
                line.matches(
                    "gate: passed: test rocAuc must be at least 0.8 \\(evaluate.gate.at-least\\), got 0\\.\\d{4}"))
        .contains(
            "gate: passed: test rocAuc must be no worse than that of the bundle in use by more than"
                + " 0.3 (evaluate.gate.no-worse), none is in use",
            "promote: version 1 of small is in use: file:%s/000001".formatted(versions));
    String one = bundle();
    Scorer scorer = Scorer.load(versions.resolve("000001"));
    assertThat(scorer.score(Map.of("a", 2.0, "b", 2.0, "city", "Bonn")))
        .isInstanceOf(Prediction.OfClass.class);

    List<String> again = out("run");
    assertThat(again)
        .filteredOn(line -> line.contains(" rows unchanged"))
        .as("every stage")
        .hasSize(8);
    assertThat(again).contains("promote: unchanged, version 1 of small is in use");

    List<String> second = out("run", "pipeline.seed=4");
    assertThat(second)
        .anyMatch(
            line -> line.matches("evaluate +1?\\d\\d rows +\\d+\\.\\d s  in-use is version 1"))
        .contains("promote: version 2 of small is in use: file:%s/000002".formatted(versions));
    assertThat(metrics().at("/baselines/in-use/rocAuc").asDouble()).isGreaterThan(0.8);
    assertThat(out("run", "pipeline.seed=4"))
        .as("it is compared with the same as before its promotion")
        .filteredOn(line -> line.contains(" rows unchanged"))
        .hasSize(8);
    String two = bundle();
    assertThat(models())
        .hasSize(3)
        .anyMatch(line -> line.matches("small +1 +retired +\\S+ +" + one + " +rocAuc 0.*"))
        .anyMatch(line -> line.matches("small +2 +in use +\\S+ +" + two + " +rocAuc 0.*"));

    assertThat(CommandLine.out("rollback", runs().toString(), "small"))
        .containsExactly(
            "version 1 of small is in use, instead of version 2: %s/000001".formatted(versions));
    assertThat(out("promote", "pipeline.seed=4"))
        .as("what was taken back does not come again by itself")
        .contains(
            "promote: version 2 of small was in use before, and version 1 has taken its place; it"
                + " stays");
    CommandLine further = CommandLine.of("rollback", runs().toString(), "small");
    assertThat(further.code()).isEqualTo(2);
    assertThat(further.err())
        .containsExactly("file:%s: no version was in use before version 1".formatted(versions));
    assertThat(CommandLine.out("use", runs().toString(), "small", "2"))
        .containsExactly(
            "version 2 of small is in use, instead of version 1: %s/000002".formatted(versions));
    assertThat(CommandLine.of("use", runs().toString(), "small", "7").err())
        .containsExactly("file:%s: there is no version 7".formatted(versions));
  }

  @Test
  void whatDoesNotPassStaysOutOfUse() throws IOException {
    out("run");
    CommandLine worse =
        sluice(
            "run",
            "pipeline.seed=4",
            "evaluate.gate.at-least.rocAuc=0.99999",
            "evaluate.gate.at-most.logLoss=0.00001");
    assertThat(worse.code()).isEqualTo(4);
    assertThat(worse.err())
        .filteredOn(line -> line.startsWith("gate: "))
        .hasSize(2)
        .anyMatch(
            line ->
                line.matches(
                    "gate: test logLoss must be at most 0.00001 \\(evaluate.gate.at-most\\), got 0\\.\\d{4}"))
        .anyMatch(
            line ->
                line.matches(
                    "gate: test rocAuc must be at least 0.99999 \\(evaluate.gate.at-least\\), got 0\\.\\d{4}"));
    assertThat(models()).hasSize(2).anyMatch(line -> line.contains("  in use  "));
    assertThat(
            Json.tree(Files.readString(runs().resolve("small/_status.json")), "status")
                .at("/exitCode")
                .asInt())
        .isEqualTo(4);
    assertThat(sluice("gate", "evaluate.gate.at-least.rocAuc=0.99999").code()).isEqualTo(4);
    assertThat(sluice("gate").code()).isZero();

    String inUse = inUse();
    Files.writeString(
        dir.resolve("rows.csv"),
        Files.readString(dir.resolve("data.csv")).replaceAll("(?m),[^,]*$", ""));
    String source = "predict.source={ path = \"%s/rows.csv\" }".formatted(dir);
    assertThat(out("predict", source, "predict.bundle=in-use"))
        .anyMatch(line -> line.contains("  500 rows scored with bundle " + inUse));
    assertThat(out("predict", source, "predict.bundle=run"))
        .anyMatch(line -> line.contains("  500 rows scored with bundle %s, ".formatted(bundle())));
    CommandLine none = sluice("predict", source, "predict.bundle=in-use", "pipeline.name=other");
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err())
        .containsExactly(
            "predict.bundle = in-use needs a version of other in use, none is; run the job promote"
                + " first");
  }

  /** The rows are the same in both runs, so that the figures of the first come again. */
  @Test
  void theBundleInUseIsComparedByItsOwnDecision() throws IOException {
    out("run", "decide.threshold=best-f1", "decide.calibrate=temperature");
    JsonNode first = metrics();
    double f1 = first.at("/test/f1").asDouble();
    List<String> lines =
        out(
            "run",
            "train.epochs=2",
            "evaluate.gate.at-least.rocAuc=0",
            "evaluate.gate.at-most.logLoss=9",
            "evaluate.gate.no-worse.f1=1");
    JsonNode second = metrics();

    assertThat(second.at("/decisions/in-use")).isEqualTo(first.at("/decisions/network"));
    assertThat(second.at("/decisions/in-use")).isNotEqualTo(second.at("/decisions/network"));
    for (String metric : List.of("f1", "mcc", "logLoss", "ece")) {
      assertThat(second.at("/baselines/in-use/" + metric)).isEqualTo(first.at("/test/" + metric));
    }
    assertThat(lines)
        .contains(
            "gate: passed: test f1 must be no worse than that of the bundle in use by more than 1"
                + " (evaluate.gate.no-worse), got %s and %s"
                    .formatted(
                        Decimal.rounded(second.at("/test/f1").asDouble()), Decimal.rounded(f1)))
        .anyMatch(
            line ->
                line.matches(
                    "decided by in-use threshold 0\\.\\d{4}, temperature .*; network threshold 0\\.5000,"
                        + " not calibrated"));
  }

  private String inUse() throws IOException {
    return Json.tree(
            Files.readString(runs().resolve("_models/small/000001/_version.json")), "version")
        .at("/bundle")
        .asText();
  }

  @Test
  void aBundleThatCannotBeComparedDoesNotPassUnseen() throws IOException {
    out("run");
    String csv = Files.readString(dir.resolve("data.csv"));
    Files.writeString(dir.resolve("data.csv"), csv.replace("yes", "ja"));
    CommandLine other = sluice("run", "normalise.label.positive=ja");
    assertThat(other.code()).isEqualTo(4);
    assertThat(other.err())
        .filteredOn(line -> line.startsWith("gate: "))
        .containsExactly(
            "gate: test rocAuc must be no worse than that of the bundle in use by more than 0.3"
                + " (evaluate.gate.no-worse), version 1 predicts the classes [no, yes] of y, which is"
                + " not the classes [ja, no] of y");
    assertThat(metrics().at("/baselines/in-use").isMissingNode()).isTrue();
  }

  @Test
  void aRunIsMadeAgainWithTheSameHashesAndTheDifferencesAreTold() throws IOException {
    out("run");
    String run = runs().resolve("small").toString();
    List<String> same = CommandLine.out("reproduce", run);
    assertThat(same)
        .hasSize(9)
        .allMatch(line -> line.endsWith("   same"))
        .anyMatch(line -> line.matches("bundle +" + bundle() + " +same"));
    assertThat(runs().resolve("_reproductions")).doesNotExist();
    assertThat(CommandLine.out("show", run))
        .anyMatch(line -> line.matches("raw +\\S+ +rows 500 +from source [0-9a-f]{12}"))
        .anyMatch(line -> line.matches("source +[0-9a-f]{64}"))
        .anyMatch(line -> line.matches("model +\\S+ +trained \\d+ +from augmented .*, features .*"))
        .anyMatch(line -> line.matches("bundle +" + bundle()))
        .anyMatch(line -> line.matches("version +1, in use"));

    out(
        "run",
        "pipeline.name=other",
        "train.epochs=2",
        "evaluate.gate.at-least.rocAuc=0",
        "evaluate.gate.at-most.logLoss=9");
    assertThat(CommandLine.out("diff", run, runs().resolve("other").toString()))
        .anyMatch(line -> line.matches("features +test .* +same"))
        .anyMatch(line -> line.matches("model +trained .* +differs by configuration"))
        .anyMatch(line -> line.matches("train.epochs +4 +2"))
        .anyMatch(line -> line.matches("test rocAuc +0\\.\\d{4} +0\\.\\d{4}"));

    String csv = Files.readString(dir.resolve("data.csv"));
    Files.writeString(dir.resolve("data.csv"), csv + "0.5,0.5,Bonn,yes\n");
    CommandLine changed = CommandLine.of("reproduce", run);
    assertThat(changed.code()).isEqualTo(3);
    assertThat(changed.err())
        .anyMatch(line -> line.matches("raw must be [0-9a-f]{64} as in the run, got [0-9a-f]{64}"))
        .anyMatch(line -> line.startsWith("the run was made from {"));
  }
}
