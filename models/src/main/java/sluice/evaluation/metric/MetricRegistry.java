package sluice.evaluation.metric;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sluice.data.Extensions;
import sluice.data.NamedMetric;

/**
 * The metrics of a kind.
 *
 * @param metrics Sluice's own, then those that extensions add, by name
 * @param problems why others that extensions add are not among them
 */
public record MetricRegistry<M extends Metric<?>>(List<M> metrics, List<String> problems) {
  public MetricRegistry {
    metrics = List.copyOf(metrics);
    problems = List.copyOf(problems);
  }

  /**
   * Sluice's own metrics of a kind and those of the extensions on the class path. One whose name is
   * taken is left out, and told by {@link #problems}.
   */
  public static <M extends Metric<?>> MetricRegistry<M> withExtensions(
      Class<M> kind, List<? extends M> own) {
    return withExtensions(kind, own, Extensions.onClassPath());
  }

  static <M extends Metric<?>> MetricRegistry<M> withExtensions(
      Class<M> kind, List<? extends M> own, Extensions extensions) {
    Map<String, M> byName = new LinkedHashMap<>();
    own.forEach(metric -> byName.put(metric.name(), metric));
    List<M> added = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (Extensions.Added extension : extensions.all()) {
      for (NamedMetric metric : extension.metrics()) {
        if (!kind.isInstance(metric)) {
          continue;
        }
        M other = byName.putIfAbsent(metric.name(), kind.cast(metric));
        if (other == null) {
          added.add(kind.cast(metric));
        } else {
          problems.add(
              "extension %s: metric %s must have a name of its own, is %s and %s"
                  .formatted(
                      extension.name(),
                      metric.name(),
                      other.getClass().getName(),
                      metric.getClass().getName()));
        }
      }
    }
    added.sort(Comparator.comparing(metric -> metric.name()));
    List<M> all = new ArrayList<>(own);
    all.addAll(added);
    return new MetricRegistry<>(all, problems);
  }
}
