package sluice.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sluice.data.InvalidInput;
import sluice.data.Task;
import sluice.evaluation.metric.Label;
import sluice.evaluation.metric.Scores;

final class GateTest {
  private static final Map<String, Double> NONE = Map.of();

  private static Scores scores(String metric, @Nullable Double value, String... notes) {
    Map<String, @Nullable Double> values = new LinkedHashMap<>();
    values.put(metric, value);
    return new Scores(10, values, notes.length == 0 ? Map.of() : Map.of(metric, notes[0]));
  }

  private static MetricsFile report(Scores test, @Nullable Scores inUse) {
    return new MetricsFile(
        List.of(
            new MetricsReport(
                Task.BINARY,
                new Label("y", List.of("no", "yes"), "yes"),
                test,
                null,
                Map.of(),
                inUse == null ? Map.of() : Map.of(Gate.IN_USE, inUse),
                Map.of(),
                new MetricsReport.Intervals(0.95, 50, Map.of(), Map.of(), Map.of(), Map.of()),
                Map.of(),
                false)));
  }

  @Test
  void boundsAreInclusive() {
    GateSettings bounds = new GateSettings(Map.of("f1", 0.5), Map.of("f1", 0.7), NONE);
    for (double within : new double[] {0.5, 0.6, 0.7}) {
      assertThat(Gate.of(bounds, report(scores("f1", within), null), null).failed()).isEmpty();
    }
    assertThat(Gate.of(bounds, report(scores("f1", 0.4999), null), null))
        .isEqualTo(
            new Gate(
                List.of("test f1 must be at most 0.7 (evaluate.gate.at-most), got 0.4999"),
                List.of("test f1 must be at least 0.5 (evaluate.gate.at-least), got 0.4999")));
    assertThat(Gate.of(bounds, report(scores("f1", 0.7001), null), null).failed())
        .containsExactly("test f1 must be at most 0.7 (evaluate.gate.at-most), got 0.7001");
  }

  @Test
  void whatIsUndefinedDoesNotPass() {
    GateSettings bounds = new GateSettings(Map.of("f1", 0.0, "rmse", 0.0), NONE, NONE);
    assertThat(Gate.of(bounds, report(scores("f1", null, "no row is yes"), null), null).failed())
        .containsExactly(
            "test f1 must be at least 0 (evaluate.gate.at-least), got none: no row is yes",
            "test rmse must be at least 0 (evaluate.gate.at-least), got none: it is not one of this"
                + " task");
  }

  @Test
  void worseIsHigherOrLowerByTheMetric() {
    GateSettings roc = new GateSettings(NONE, NONE, Map.of("rocAuc", 0.25));
    assertThat(failed(roc, scores("rocAuc", 0.5), scores("rocAuc", 0.75))).isEmpty();
    assertThat(failed(roc, scores("rocAuc", 0.9), scores("rocAuc", 0.5))).isEmpty();
    assertThat(failed(roc, scores("rocAuc", 0.5), scores("rocAuc", 0.875)))
        .containsExactly(
            "test rocAuc must be no worse than that of the bundle in use by more than 0.25"
                + " (evaluate.gate.no-worse), got 0.5000 and 0.8750");
    GateSettings loss = new GateSettings(NONE, NONE, Map.of("logLoss", 0.0));
    assertThat(failed(loss, scores("logLoss", 0.5), scores("logLoss", 0.5))).isEmpty();
    assertThat(failed(loss, scores("logLoss", 0.25), scores("logLoss", 0.5))).isEmpty();
    assertThat(failed(loss, scores("logLoss", 0.5), scores("logLoss", 0.25))).hasSize(1);
  }

  private static List<String> failed(GateSettings gate, Scores own, Scores inUse) {
    return Gate.of(gate, report(own, inUse), null).failed();
  }

  @Test
  void withNothingInUseNothingIsWorseButWhatCannotBeComparedIs() {
    GateSettings gate = new GateSettings(NONE, NONE, Map.of("rocAuc", 0.0));
    String rule =
        "test rocAuc must be no worse than that of the bundle in use by more than 0"
            + " (evaluate.gate.no-worse)";
    assertThat(Gate.of(gate, report(scores("rocAuc", 0.5), null), null))
        .isEqualTo(new Gate(List.of(rule + ", none is in use"), List.of()));
    assertThat(Gate.of(gate, report(scores("rocAuc", 0.5), null), "version 3 is of others"))
        .isEqualTo(new Gate(List.of(), List.of(rule + ", version 3 is of others")));
  }

  @Test
  void whatIsNoMetricOrNoNumberIsRefused() {
    assertThatThrownBy(
            () ->
                new GateSettings(
                    Map.of("rocauc", 0.5, "f1", Double.NaN), NONE, Map.of("logLoss", -0.1)))
        .isInstanceOfSatisfying(
            InvalidInput.class,
            refused ->
                assertThat(refused.problems())
                    .isEqualTo(
                        Arrays.asList(
                            "at-least.f1 must be finite, got NaN",
                            "at-least.rocauc must name a metric; did you mean rocAuc?",
                            "no-worse.logLoss must be at least 0, got -0.1")));
  }
}
