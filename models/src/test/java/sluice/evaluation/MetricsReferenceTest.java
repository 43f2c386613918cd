package sluice.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sluice.data.Json;
import sluice.data.SpanScheme;
import sluice.data.Task;
import sluice.evaluation.metric.Label;
import sluice.evaluation.metric.Metric;
import sluice.evaluation.metric.Predictions;
import sluice.evaluation.metric.Scores;
import sluice.evaluation.predictions.PredictionRows;

/** Every metric against scikit-learn's, by {@code scripts/reference/metrics.py}. */
class MetricsReferenceTest {
  private static final List<String> NOT_IN_SCIKIT_LEARN = List.of("ece");

  @ParameterizedTest
  @EnumSource(
      value = Task.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"TAGS", "MULTILABEL"})
  void everyMetricIsThatOfScikitLearn(Task task) throws IOException {
    JsonNode reference = reference().get(task.toString());

    Scores scores = Scores.of(predictions(task, reference), label(task));

    Set<String> expected = new HashSet<>();
    reference
        .get("values")
        .properties()
        .forEach(
            value -> {
              expected.add(value.getKey());
              assertThat(scores.value(value.getKey()))
                  .as(value.getKey())
                  .isCloseTo(value.getValue().asDouble(), within(1e-12));
            });
    List<String> names = new ArrayList<>(Metrics.names(task));
    names.removeAll(NOT_IN_SCIKIT_LEARN);
    assertThat(expected).containsExactlyInAnyOrderElementsOf(names);
  }

  /** Whatever a metric is, people are told what it is, and no two go by one name. */
  @Test
  void everyMetricIsExplainedUnderANameOfItsOwn() {
    for (Task task : Task.values()) {
      assertThat(Metrics.of(task))
          .doesNotHaveDuplicates()
          .allSatisfy(
              metric -> {
                assertThat(metric.explanation(new Metric.Subject(label(task), 0.25)))
                    .isNotBlank()
                    .doesNotEndWith(".");
                assertThat(metric.title()).isNotBlank();
                assertThat(Metrics.named(metric.name())).isSameAs(metric);
              });
      List<Metric<?>> headline = Metrics.headline(task);
      for (int place = 1; place <= headline.size(); place++) {
        assertThat(headline.get(place - 1).headline(task)).isEqualTo(place);
      }
    }
  }

  @Test
  void kappaWithoutAChoiceIsUndefined() {
    Scores scores =
        Scores.of(Examples.binary(new int[] {0, 0}, new double[] {0.25, 0.25}), Examples.BINARY);

    assertThat(scores.value("kappa")).isNull();
    assertThat(scores.notes())
        .containsEntry("kappa", "undefined: all rows are of one class and predicted to be");
  }

  @Test
  void noErrorIsAShareOfNothing() {
    Scores scores =
        Scores.of(Examples.numbers(new double[] {0, 2}, new double[] {1, 2}), Examples.NUMBER);

    assertThat(scores.value("mape")).isNull();
    assertThat(scores.notes())
        .containsEntry("mape", "undefined: a true value is 0, or too near to it");
  }

  private static Label label(Task task) {
    return switch (task) {
      case BINARY -> Examples.BINARY;
      case MULTICLASS -> Label.multiclass("y", List.of("a", "b", "c", "d"));
      case REGRESSION -> Examples.NUMBER;
      case MULTILABEL -> Label.set("y", List.of("a", "b"), ",");
      case TAGS ->
          Label.tags("y", List.of("B-x", "I-x", "O"), new Label.Tagging("text", SpanScheme.BIO));
    };
  }

  private static Predictions predictions(Task task, JsonNode reference) {
    JsonNode truth = reference.get("truth");
    Predictions.Builder predictions = PredictionRows.builder(label(task), truth.size());
    for (int row = 0; row < truth.size(); row++) {
      double[] outputs =
          task.isOfClasses()
              ? numbers(reference.get("probabilities").get(row))
              : new double[] {reference.get("predicted").get(row).asDouble()};
      predictions.put(row, truth.get(row).asDouble(), outputs);
    }
    return predictions.build(Examples.keys(truth.size()), List.of());
  }

  private static double[] numbers(JsonNode array) {
    double[] numbers = new double[array.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = array.get(i).asDouble();
    }
    return numbers;
  }

  private static JsonNode reference() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(MetricsReferenceTest.class.getResourceAsStream("reference.json"))) {
      return Json.tree(new String(in.readAllBytes(), StandardCharsets.UTF_8), "reference.json");
    }
  }
}
