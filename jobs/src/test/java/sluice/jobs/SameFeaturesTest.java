package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.bundle.ModelBundle;
import sluice.cli.Main;
import sluice.data.DatasetContract;
import sluice.data.Digest;
import sluice.data.Json;
import sluice.normalise.FeatureColumns;
import sluice.run.Stage;
import sluice.testing.LocalSpark;

/** How rows are filed and dealt out to tasks decides nothing. */
@Tag("pipeline")
final class SameFeaturesTest {
  private static final String CONFIGURATION =
      """
      pipeline { name = same, seed = 3, runs-dir = "%1$s/runs" }
      ingest {
        format = csv, path = "%1$s/rows", options { header = true }
        schema = "age INT, amount DOUBLE, city STRING, day DATE, y STRING"
      }
      clean { rules = [
        trim
        { type = drop-duplicates, columns = [age, amount, city] }
        { type = reject-outside, column = age, max = 70 }
      ] }
      split { stratify-by = y }
      normalise {
        label = { column = y }
        features = [
          { columns = [age, amount], steps = [impute-mean, clip-iqr, standardise] }
          { columns = [city], steps = [impute-mode, { type = one-hot, max-categories = 3 }] }
          { columns = [day], steps = [date-parts, robust] }
        ]
      }
      augment { steps = [{ type = smote, ratio = 0.8 }, { type = jitter, copies = 1 }] }
      model { type = mlp, hidden = [6] }
      train { epochs = 2, batch-size = 16, logical-workers = 3, averaging-frequency = 2 }
      """;

  private final SparkSession spark = LocalSpark.session();
  private final Map<String, String> before = new LinkedHashMap<>();

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  private Path directory;

  @AfterEach
  void restore() {
    before.forEach(spark.conf()::set);
  }

  @Test
  void howRowsAreFiledChangesNeitherTablesNorParameters() throws IOException {
    Path conf =
        Files.writeString(directory.resolve("same.conf"), CONFIGURATION.formatted(directory));
    List<String> rows = rows();
    file(rows, 1);
    Map<String, String> oneFile = run(conf, 2, "128m");
    // The bundle's id is over its provenance, too, which names the files that were read.
    Map<String, String> cutUp = run(conf, 5, "4k");
    assertThat(cutUp).isEqualTo(oneFile);
    oneFile.remove("bundle");

    Collections.shuffle(rows, new Random(1));
    for (int files : new int[] {2, 7}) {
      file(rows, files);
      Map<String, String> run = run(conf, files == 2 ? 5 : 2, "128m");
      run.remove("bundle");
      assertThat(run).as("%d files", files).isEqualTo(oneFile);
    }
  }

  /** What a run has made, as digests by name. */
  private Map<String, String> run(Path conf, int shufflePartitions, String bytesOfPartition) {
    set("spark.sql.shuffle.partitions", Integer.toString(shufflePartitions));
    set("spark.sql.files.maxPartitionBytes", bytesOfPartition);
    assertThat(Main.run("prepare", conf.toString(), "--force")).isZero();
    assertThat(Main.run("train", conf.toString(), "--force")).isZero();

    StageOutputs outputs = new StageOutputs(directory.resolve("runs/same"));
    Map<String, String> made = new TreeMap<>();
    // The source says which file a row was read from.
    made.put(
        "split",
        Digest.of(outputs.rows(Stage.SPLIT).drop(DatasetContract.SOURCE), DatasetContract.KEY));
    made.put("features", Digest.of(outputs.rows(Stage.FEATURES), FeatureColumns.KEY));
    made.put("augmented", Digest.of(outputs.rows(Stage.AUGMENTED), FeatureColumns.KEY));
    for (Stage stage :
        List.of(Stage.RAW, Stage.REJECTS, Stage.SPLIT, Stage.FEATURES, Stage.AUGMENTED)) {
      made.put(stage.directory() + " rows", outputs.published(stage).manifest().rows().toString());
    }
    ModelBundle bundle = ModelBundle.load(outputs.path(Stage.MODEL));
    made.put("bundle", bundle.id());
    made.put("parameters", Json.write(bundle.parameters()));
    made.put("preprocessing", Json.write(bundle.preprocessing()));
    made.put("history", Json.write(bundle.provenance().history()));
    assertThat(made.get("augmented rows")).isNotEqualTo("{added=0}");
    return made;
  }

  private void set(String key, String value) {
    before.putIfAbsent(key, spark.conf().get(key));
    spark.conf().set(key, value);
  }

  private void file(List<String> rows, int files) throws IOException {
    Path folder = Files.createDirectories(directory.resolve("rows"));
    for (int i = 0; i < files; i++) {
      List<String> lines = new ArrayList<>(List.of("age,amount,city,day,y"));
      for (int r = i; r < rows.size(); r += files) {
        lines.add(rows.get(r));
      }
      Files.write(folder.resolve("part-%d.csv".formatted(files - i)), lines);
    }
  }

  private static List<String> rows() {
    List<String> rows = new ArrayList<>();
    Random random = new Random(11);
    for (int i = 0; i < 600; i++) {
      double amount = random.nextGaussian() * 1e3 + (i % 4 == 0 ? 800 : 0);
      rows.add(
          "%s,%s,%s,%s,%s"
              .formatted(
                  i % 19 == 0 ? "" : 18 + random.nextInt(55),
                  i % 17 == 0 ? "NaN" : amount,
                  List.of("Bern", "Zürich", "東京", "Genf ", "").get(random.nextInt(5)),
                  java.time.LocalDate.of(2001, 1, 1).plusDays(random.nextInt(4000)),
                  i % 4 == 0 ? "yes" : "no"));
      // Equal rows, and rows that are equal but for the day.
      if (i % 23 == 0) {
        rows.add(rows.get(rows.size() - 1));
        rows.add(rows.get(rows.size() - 1).replaceFirst("20\\d\\d-", "1999-"));
      }
    }
    return rows;
  }
}
