package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.bundle.BatchScorer;
import sluice.bundle.Prediction;
import sluice.cli.Main;
import sluice.run.Stage;
import sluice.testing.LocalSpark;

/** It needs no server, but the application jar, which is there when those tests are run. */
@Tag("server")
final class PlainJavaTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @Test
  void theJarAloneScoresAsThePredictJobDoes(@TempDir Path directory) throws Exception {
    Path rows = Files.writeString(directory.resolve("new.csv"), "a,b\n0.25,0.875\n");
    LocalSpark.session();
    int code =
        Main.run(
            "run",
            ROOT.resolve("conf/four-points.conf").toString(),
            "--set",
            "ingest.path=" + ROOT.resolve("conf/four-points.csv"),
            "--set",
            "pipeline.runs-dir=" + directory.resolve("runs"),
            "--set",
            "train.epochs=20",
            "--set",
            "predict.source.path=" + rows);
    assertThat(code).isZero();
    StageOutputs outputs = new StageOutputs(directory.resolve("runs/four-points"));
    Row scored = outputs.rows(Stage.PREDICTIONS, PredictStage.SCORED).head();
    List<Float> outcome = scored.getList(scored.fieldIndex(BatchScorer.PROBABILITIES));
    Map<String, Float> probabilities = new LinkedHashMap<>();
    probabilities.put("0", outcome.get(0));
    probabilities.put("1", outcome.get(1));

    String compiled = PlainJava.class.getName().replace('.', '/') + ".class";
    Path alone = directory.resolve("classes").resolve(compiled);
    Files.createDirectories(alone.getParent());
    Files.copy(ROOT.resolve("jobs/target/test-classes").resolve(compiled), alone);
    Path errors = directory.resolve("errors.txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                ROOT.resolve("jobs/target/sluice.jar") + ":" + directory.resolve("classes"),
                PlainJava.class.getName(),
                outputs.path(Stage.MODEL).toString(),
                "a",
                "0.25",
                "b",
                "0.875")
            .redirectError(errors.toFile())
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
    // A float in text is the float to the bit.
    assertThat(printed.strip())
        .isEqualTo(
            new Prediction.OfClass(
                    scored.getAs(BatchScorer.PREDICTION),
                    scored.getAs(BatchScorer.DECISION),
                    probabilities)
                .toString());
  }
}
