package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.run.Stage;
import sluice.testing.LocalSpark;

/** Test parts on which something cannot be measured: it is said, and all the rest is made. */
class FewTestRowsTest {
  private static final String PIPELINE =
      """
      pipeline { name = run, seed = 7, runs-dir = "%1$s/runs" }
      ingest {
        format = csv, path = "%1$s/data.csv", options { header = true }
        schema = "a DOUBLE, b DOUBLE, part STRING, y %2$s"
      }
      split { by = column, column = part }
      normalise {
        label { column = y, type = %3$s }
        features = [{ columns = [a, b], steps = [standardise] }]
      }
      sufficiency { min-rows = 10, min-rows-per-feature = 0 }
      model { type = mlp, hidden = [4] }
      train { epochs = 1, batch-size = 16, logical-workers = 1 }
      evaluate { baselines = [], resamples = 50, slices = [part] }
      explain { repeats = 2, max-rows = 20 }
      """;

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  private Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "class|12|no|rocAuc is undefined on 12 rows of the test part, which are all of one class|rocAuc",
        "class|1|yes|permuting takes at least 2 rows of the test part, got 1|rocAuc",
        "number|1|3|permuting takes at least 2 rows of the test part, got 1|r2",
      })
  void whatCannotBeMeasuredIsSaid(
      String type, int testRows, String value, String said, String undefined) throws IOException {
    boolean number = type.equals("number");
    StringBuilder csv = new StringBuilder("a,b,part,y\n");
    IntStream.range(0, 60)
        .forEach(
            i ->
                csv.append(
                    "%s,%s,%s,%s\n"
                        .formatted(
                            i % 7,
                            i % 5,
                            i % 3 == 0 ? "validation" : "train",
                            number ? i % 4 : i % 2 == 0 ? "yes" : "no")));
    IntStream.range(0, testRows)
        .forEach(i -> csv.append("%s,%s,test,%s\n".formatted(i, i % 2, value)));
    Files.writeString(directory.resolve("data.csv"), csv);
    Path conf =
        Files.writeString(
            directory.resolve("x.conf"),
            PIPELINE.formatted(directory, number ? "DOUBLE" : "STRING", type));
    LocalSpark.session();

    List<String> out = CommandLine.out("run", conf.toString());

    assertThat(String.join(" ", out)).contains("not measured: " + said);
    StageOutputs outputs = new StageOutputs(directory.resolve("runs/run"));
    JsonNode metrics =
        new ObjectMapper().readTree(outputs.path(Stage.METRICS).resolve("metrics.json").toFile());
    assertThat(metrics.at("/test/rows").asInt()).isEqualTo(testRows);
    assertThat(metrics.at("/intervals/test").isEmpty()).isEqualTo(testRows == 1);
    if (testRows == 1) {
      assertThat(out)
          .anyMatch(line -> line.endsWith("1 rows; no bootstrap intervals, which take two rows"));
      assertThat(metrics.at("/intervals/best")).isEmpty();
    }
    assertThat(metrics.at("/test/" + undefined).isNull()).isTrue();
    assertThat(metrics.at("/test/notes/" + undefined).asText()).startsWith("undefined: ");
    assertThat(Files.readString(outputs.path(Stage.METRICS).resolve("report.html")))
        .contains("What the network looks at was not measured: " + said + ".");
  }
}
