package sluice.evaluation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import sluice.data.InvalidInput;
import sluice.evaluation.baselines.Baselines;

/**
 * How a network is judged.
 *
 * @param slices raw columns by which results are told apart
 * @param baselines types in {@link Baselines} to compare with, or {@code auto}; the constant of the
 *     task is compared with all the same
 * @param resamples bootstrap resamples, 50 to 10,000
 * @param confidence of the intervals, above 0.5 and below 1
 * @param errors how many of the rows that are predicted worst are shown with their texts, 0 to 300
 * @param predictions whether what each model says of each row is kept
 * @param gate what the metrics must come to for the bundle to be used
 */
public record EvaluateSettings(
    List<SliceSettings> slices,
    List<String> baselines,
    int resamples,
    double confidence,
    int errors,
    boolean predictions,
    GateSettings gate) {
  private static final int MOST_ERRORS = 300;
  private static final int FEWEST_RESAMPLES = 50;
  private static final int MOST_RESAMPLES = 10_000;

  public EvaluateSettings {
    slices = List.copyOf(slices);
    baselines = List.copyOf(baselines);
    List<String> problems = new ArrayList<>();
    problems.addAll(repeated("slices", slices.stream().map(SliceSettings::name).toList()));
    problems.addAll(repeated("baselines", baselines));
    for (String baseline : baselines) {
      if (baseline.equals(Baselines.AUTO)) {
        if (baselines.size() > 1) {
          problems.add("baselines must be auto alone or a list of types, got " + baselines);
        }
      } else if (!Baselines.types().contains(baseline)) {
        problems.add(
            "baselines must be auto or of %s, got %s".formatted(Baselines.types(), baseline));
      }
    }
    if (resamples < FEWEST_RESAMPLES || resamples > MOST_RESAMPLES) {
      problems.add(
          "resamples must lie in %d..%d, got %d"
              .formatted(FEWEST_RESAMPLES, MOST_RESAMPLES, resamples));
    }
    if (!(confidence > 0.5 && confidence < 1)) {
      problems.add("confidence must be above 0.5 and below 1, got " + confidence);
    }
    if (errors < 0 || errors > MOST_ERRORS) {
      problems.add("errors must lie in 0..%d, got %d".formatted(MOST_ERRORS, errors));
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
  }

  /** No slices, no baselines, 500 resamples, 95 % confidence, no errors. */
  public static EvaluateSettings defaults() {
    return new EvaluateSettings(List.of(), List.of(), 500, 0.95, 0, false, GateSettings.NONE);
  }

  /** What decides the metrics: all but the gate, which only asks something of them. */
  public EvaluateSettings withoutGate() {
    return new EvaluateSettings(
        slices, baselines, resamples, confidence, errors, predictions, GateSettings.NONE);
  }

  /** The metrics of all rows with their intervals, and nothing beside them. */
  public EvaluateSettings metricsAlone() {
    return new EvaluateSettings(
        List.of(), List.of(), resamples, confidence, 0, false, GateSettings.NONE);
  }

  private static List<String> repeated(String key, List<String> values) {
    return values.stream()
        .filter(value -> values.indexOf(value) != values.lastIndexOf(value))
        .filter(new HashSet<>()::add)
        .map(value -> "%s must name each once, got %s twice".formatted(key, value))
        .toList();
  }
}
