package sluice.evaluation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import sluice.data.InvalidInput;
import sluice.data.Nearest;
import sluice.data.Task;

/**
 * What the metrics of the test part must come to for a bundle to be used, by their names in
 * metrics.json; with several labels {@code <label>.<metric>}.
 *
 * @param atLeast the least that a metric may be
 * @param atMost the most that a metric may be
 * @param noWorse by how much a metric may be worse than that of the bundle in use on the same rows
 */
public record GateSettings(
    Map<String, Double> atLeast, Map<String, Double> atMost, Map<String, Double> noWorse) {

  /** No gate: everything passes. */
  public static final GateSettings NONE = new GateSettings(Map.of(), Map.of(), Map.of());

  public GateSettings {
    atLeast = Collections.unmodifiableMap(new TreeMap<>(atLeast));
    atMost = Collections.unmodifiableMap(new TreeMap<>(atMost));
    noWorse = Collections.unmodifiableMap(new TreeMap<>(noWorse));
    List<String> problems = new ArrayList<>();
    check("at-least", atLeast, problems);
    check("at-most", atMost, problems);
    check("no-worse", noWorse, problems);
    noWorse.forEach(
        (metric, value) -> {
          if (value < 0) {
            problems.add("no-worse.%s must be at least 0, got %s".formatted(metric, value));
          }
        });
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
  }

  /** Whether anything is asked. */
  public boolean isSet() {
    return !equals(NONE);
  }

  private static void check(String key, Map<String, Double> bounds, List<String> problems) {
    Set<String> known = new LinkedHashSet<>();
    for (Task task : Task.values()) {
      known.addAll(Metrics.names(task));
    }
    bounds.forEach(
        (metric, value) -> {
          String name = metric.substring(metric.lastIndexOf('.') + 1);
          if (!known.contains(name)) {
            problems.add(
                "%s.%s must name a metric%s"
                    .formatted(
                        key,
                        metric,
                        Nearest.to(name, known)
                            .map(near -> "; did you mean %s?".formatted(near))
                            .orElse(", one of " + String.join(", ", known))));
          }
          if (!Double.isFinite(value)) {
            problems.add("%s.%s must be finite, got %s".formatted(key, metric, value));
          }
        });
  }
}
