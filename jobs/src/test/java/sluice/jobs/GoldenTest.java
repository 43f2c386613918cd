package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.bundle.ModelBundle;
import sluice.bundle.Prediction;
import sluice.bundle.Scorer;
import sluice.data.Json;
import sluice.features.TensorSpec;
import sluice.normalise.FeatureColumns;
import sluice.run.Stage;
import sluice.testing.LocalSpark;

/** What earlier commits made stays what it was: see {@code sluice/golden/README.md}. */
@Tag("pipeline")
final class GoldenTest {
  private static final Path GOLDEN = Path.of("src/test/resources/sluice/golden");
  private static final double NEAR = 1e-6;

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  private Path dir;

  @BeforeEach
  void session() {
    LocalSpark.session();
  }

  @ParameterizedTest
  @ValueSource(strings = {"binary", "classes", "number", "lenet", "resnet"})
  void aBundleOfBeforeIsInUseAndScoresAsItDid(String name) throws IOException {
    copy(GOLDEN.resolve(name).resolve("registry"), dir.resolve("runs/_models").resolve(name));
    String conf = configuration(name).toString();

    CommandLine ended = CommandLine.of("predict", conf, "--set", "predict.bundle=in-use");

    assertThat(ended.code()).as("%s", ended.err()).isZero();
    List<JsonNode> expected = lines(GOLDEN.resolve(name).resolve("scores.json"));
    List<JsonNode> actual = scored(name);
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      JsonNode before = expected.get(i);
      JsonNode now = actual.get(i);
      String where = before.get("source").asText() + ":" + before.get("position");
      assertThat(Path.of(now.get("source").asText()).getFileName())
          .as(where)
          .hasToString(before.get("source").asText());
      assertThat(now.get("position")).as(where).isEqualTo(before.get("position"));
      if (before.has("probabilities")) {
        assertThat(now.get("prediction")).as(where).isEqualTo(before.get("prediction"));
        assertThat(now.get("decision")).as(where).isEqualTo(before.get("decision"));
        assertThat(now.get("probabilities")).hasSameSizeAs(before.get("probabilities"));
        for (int c = 0; c < before.get("probabilities").size(); c++) {
          assertThat(now.get("probabilities").get(c).asDouble())
              .as(where)
              .isCloseTo(before.get("probabilities").get(c).asDouble(), within(NEAR));
        }
      } else {
        double value = before.get("prediction").asDouble();
        assertThat(now.get("prediction").asDouble())
            .as(where)
            .isCloseTo(value, within(NEAR * Math.abs(value)));
      }
    }
  }

  /** Its network took numbers, which bundles now have as bytes. */
  @Test
  void aPictureOfBeforeIsReadAsBytes() throws IOException {
    Path golden = GOLDEN.resolve("lenet/registry/000001");
    assertThat(Files.readString(golden.resolve("network.json")))
        .contains("\"encoding\" : \"FLOAT\"");
    ModelBundle bundle = ModelBundle.load(golden);
    assertThat(bundle.definition().inputs())
        .containsExactly(TensorSpec.bytes("image", List.of(1, 16, 16), 255));
    assertThat(ModelBundle.of(bundle.files()).definition()).isEqualTo(bundle.definition());
  }

  @Test
  void theScorerSaysTheSame() throws IOException {
    Path golden = GOLDEN.resolve("number");
    Scorer scorer = Scorer.load(golden.resolve("registry/000001"));
    List<Map<String, Object>> records = new ArrayList<>();
    for (JsonNode row : lines(golden.resolve("rows.json"))) {
      Map<String, Object> record = new LinkedHashMap<>();
      row.properties()
          .forEach(
              field ->
                  record.put(
                      field.getKey(),
                      field.getValue().isNumber()
                          ? field.getValue().numberValue()
                          : field.getValue().asText()));
      records.add(record);
    }

    List<Prediction> scored = scorer.score(records);

    List<JsonNode> expected = lines(golden.resolve("scores.json"));
    assertThat(scored).hasSameSizeAs(expected);
    for (int i = 0; i < scored.size(); i++) {
      double before = expected.get(i).get("prediction").asDouble();
      assertThat(scored.get(i)).isInstanceOf(Prediction.OfNumber.class);
      assertThat(((Prediction.OfNumber) scored.get(i)).value())
          .isCloseTo(before, within(NEAR * Math.abs(before)));
    }
  }

  /** But for the keys and, of numbers, what they were before they were scaled: it is new. */
  @ParameterizedTest
  @ValueSource(strings = {"binary", "classes", "number"})
  void theFeaturesAreThoseOfBeforeToTheBit(String name) throws IOException {
    String conf = configuration(name).toString();
    for (String job : List.of("ingest", "clean", "split", "normalise")) {
      CommandLine.out(job, conf);
    }

    Set<JsonNode> rows =
        new StageOutputs(dir.resolve("runs").resolve(name))
            .rows(Stage.FEATURES).drop("key", FeatureColumns.TRUTH).collectAsList().stream()
                .map(row -> Json.tree(row.json(), "a row of the features"))
                .collect(Collectors.toSet());

    Set<JsonNode> expected = new HashSet<>();
    for (JsonNode row : lines(GOLDEN.resolve(name).resolve("features.json"))) {
      expected.add(((ObjectNode) row).without("key"));
    }
    assertThat(rows).isEqualTo(expected).hasSizeGreaterThan(90);
  }

  private Path configuration(String name) throws IOException {
    Path golden = GOLDEN.resolve(name).toAbsolutePath();
    String text =
        Files.readString(golden.resolve("pipeline.conf"))
            .replace("{dir}", golden.toString())
            .replace("{runs}", dir.resolve("runs").toString());
    return Files.writeString(dir.resolve(name + ".conf"), text);
  }

  private List<JsonNode> scored(String name) throws IOException {
    List<JsonNode> rows = new ArrayList<>();
    Path scored =
        new StageOutputs(dir.resolve("runs").resolve(name))
            .path(Stage.PREDICTIONS)
            .resolve("scored");
    try (Stream<Path> files = Files.list(scored)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".json")).toList()) {
        rows.addAll(lines(file));
      }
    }
    rows.sort(
        Comparator.comparing((JsonNode row) -> row.get("source").asText())
            .thenComparingLong(row -> row.get("position").asLong()));
    return rows;
  }

  private static List<JsonNode> lines(Path file) throws IOException {
    List<JsonNode> rows = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      rows.add(Json.tree(line, file.toString()));
    }
    return rows;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
  }
}
