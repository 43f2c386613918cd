package sluice.evaluation.classification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.data.Json;
import sluice.data.Task;
import sluice.evaluation.Metrics;
import sluice.evaluation.metric.Details;
import sluice.evaluation.metric.Label;
import sluice.evaluation.metric.Metric;
import sluice.evaluation.metric.PoissonWeights;
import sluice.evaluation.metric.RowError;
import sluice.evaluation.metric.Scores;

class SetPredictionsTest {
  private static final Label AB = Label.set("s", List.of("a", "b"), ",");

  /** By {@code scripts/reference/sets.py}. */
  @ParameterizedTest
  @ValueSource(strings = {"all", "absent"})
  void everyMetricIsThatOfScikitLearn(String data) throws IOException {
    JsonNode reference = reference().get(data);
    int[][] truth = rows(reference.get("truth"), new int[0][]);
    float[][] probabilities = rows(reference.get("probabilities"), new float[0][]);
    int names = probabilities[0].length;
    Label label = Label.set("s", IntStream.range(0, names).mapToObj(i -> "n" + i).toList(), ";");
    SetPredictions said = said(names, truth, probabilities);

    Scores scores = Scores.of(said, label);
    SetTally one = new SetTally(names);
    SetTally other = new SetTally(names);
    for (int row = 0; row < truth.length; row++) {
      (row % 3 == 0 ? one : other).add(truth[row], SetPredictions.predicted(probabilities[row]));
    }
    other.merge(one);

    assertThat(scores.rows()).isEqualTo(truth.length);
    assertThat(scores.values().keySet()).isEqualTo(fields(reference.get("values")));
    for (Metric<?> metric : Metrics.of(Task.MULTILABEL)) {
      double expected = reference.get("values").get(metric.name()).asDouble();
      assertThat(scores.value(metric)).as(metric.name()).isCloseTo(expected, within(1e-12));
      if (metric.watchable().contains(Task.MULTILABEL)) {
        assertThat(other.value(metric.name())).as(metric.name()).isEqualTo(scores.value(metric));
      }
    }
    List<Details.ClassLine> lines =
        ((Details.OfSets) said.details(label))
            .names().stream().filter(line -> line.support() > 0).toList();
    assertThat(lines).hasSameSizeAs(reference.get("names"));
    for (int i = 0; i < lines.size(); i++) {
      JsonNode expected = reference.get("names").get(i);
      assertThat(lines.get(i).support()).isEqualTo(expected.get("support").asLong());
      assertClose(lines.get(i).precision(), expected.get("precision"));
      assertClose(lines.get(i).recall(), expected.get("recall"));
      assertClose(lines.get(i).f1(), expected.get("f1"));
      assertClose(lines.get(i).rocAuc(), expected.get("rocAuc"));
      assertClose(lines.get(i).prAuc(), expected.get("prAuc"));
    }
  }

  private static void assertClose(@Nullable Double value, JsonNode expected) {
    assertThat(value).isNotNull().isCloseTo(expected.asDouble(), within(1e-12));
  }

  private static Set<String> fields(JsonNode node) {
    return new TreeSet<>(node.properties().stream().map(Map.Entry::getKey).toList());
  }

  @Test
  void whatIsUndefinedIsSaid() {
    Scores nothing =
        Scores.of(said(2, new int[][] {{}, {}}, new float[][] {{0, 0.4f}, {0, 0}}), AB);
    assertThat(nothing.values())
        .containsEntry("microF1", null)
        .containsEntry("microRecall", null)
        .containsEntry("rocAuc", null)
        .containsEntry("samplesF1", 0.0)
        .containsEntry("subsetAccuracy", 1.0)
        .containsEntry("hammingLoss", 0.0);
    assertThat(nothing.notes())
        .containsEntry("microF1", "undefined: no name is true or predicted")
        .containsEntry(
            "samplesF1", "2 of 2 rows have no true and no predicted name, which counts as 0")
        .containsEntry("rocAuc", "undefined: no name that some rows have and others do not");
    Scores silent = Scores.of(said(2, new int[][] {{0}}, new float[][] {{0.4f, 0}}), AB);
    assertThat(silent.value("microPrecision")).isZero();
    assertThat(silent.notes())
        .containsEntry("microPrecision", "no name is predicted, which counts as 0")
        .containsEntry("macroF1", "1 of 2 names have no row here and are left out");
    assertThat(Scores.of(said(2, new int[0][], new float[0][]), AB).notes())
        .containsEntry("microF1", Metric.NO_ROWS);
  }

  @Test
  void theWorstRowsHaveMostWrongNames() {
    SetPredictions said =
        said(2, new int[][] {{0}, {0, 1}, {1}}, new float[][] {{0, 0.5f}, {1, 0.4f}, {0, 1}});

    assertThat(said.worst(AB, 5))
        .containsExactly(
            new RowError.OfSets(7, List.of("a"), List.of("b"), 2),
            new RowError.OfSets(10, List.of("a", "b"), List.of("a"), 1));
    assertThat(said.worst(AB, 1)).hasSize(1);
  }

  /** Whatever the order in which rows come; a row by hand as often as it is drawn. */
  @Test
  void aResampleDrawsRows() {
    Random random = new Random(3);
    int[][] truth = new int[50][];
    float[][] probabilities = new float[50][3];
    for (int row = 0; row < truth.length; row++) {
      truth[row] = IntStream.range(0, 3).filter(name -> random.nextInt(3) == 0).toArray();
      for (int name = 0; name < 3; name++) {
        probabilities[row][name] = random.nextFloat();
      }
    }
    SetPredictions said = said(3, truth, probabilities);
    Label label = Label.set("s", List.of("a", "b", "c"), ",");
    List<? extends Metric<?>> metrics = said.measures(label).metrics();
    for (int resample = 0; resample < 5; resample++) {
      byte[] weights = PoissonWeights.draw(said, 42, resample);
      List<int[]> drawnTruth = new ArrayList<>();
      List<float[]> drawn = new ArrayList<>();
      for (int row = 0; row < truth.length; row++) {
        for (int i = 0; i < weights[row]; i++) {
          drawnTruth.add(0, truth[row]);
          drawn.add(0, probabilities[row]);
        }
      }
      Scores expected =
          Scores.of(
              said(3, drawnTruth.toArray(int[][]::new), drawn.toArray(float[][]::new)), label);
      double[] values = said.measures(label).values(weights);
      for (int m = 0; m < values.length; m++) {
        String name = metrics.get(m).name();
        assertThat(values[m])
            .as(name)
            .isCloseTo(Objects.requireNonNull(expected.value(name)), within(1e-12));
      }
    }
  }

  @Test
  void probabilitiesMustBeOfEveryName() {
    assertThatThrownBy(() -> said(2, new int[][] {{0}}, new float[][] {{1}}))
        .hasMessage("row 0: 1 probabilities of 2 names");
  }

  /** Keys ascend, so that rows stay in their places. */
  private static SetPredictions said(int names, int[][] truth, float[][] probabilities) {
    long[] keys = IntStream.range(0, truth.length).mapToLong(row -> 7 + 3L * row).toArray();
    return SetPredictions.of(names, keys, truth, probabilities, List.of());
  }

  private static int[][] rows(JsonNode rows, int[][] none) {
    return rows(rows)
        .map(row -> Arrays.stream(row).mapToInt(i -> (int) i).toArray())
        .toList()
        .toArray(none);
  }

  private static float[][] rows(JsonNode rows, float[][] none) {
    return rows(rows)
        .map(
            row -> {
              float[] floats = new float[row.length];
              for (int i = 0; i < row.length; i++) {
                floats[i] = (float) row[i];
              }
              return floats;
            })
        .toList()
        .toArray(none);
  }

  private static Stream<double[]> rows(JsonNode rows) {
    List<double[]> all = new ArrayList<>();
    for (JsonNode row : rows) {
      double[] numbers = new double[row.size()];
      Arrays.setAll(numbers, i -> row.get(i).asDouble());
      all.add(numbers);
    }
    return all.stream();
  }

  private static JsonNode reference() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(SetPredictionsTest.class.getResourceAsStream("sets.json"))) {
      return Json.tree(new String(in.readAllBytes(), StandardCharsets.UTF_8), "sets.json");
    }
  }
}
