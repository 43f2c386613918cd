package sluice.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import sluice.augment.Augmenters;
import sluice.clean.Rules;
import sluice.data.Extensions;
import sluice.data.InvalidInput;
import sluice.data.NamedTypes;
import sluice.evaluation.Metrics;
import sluice.ingest.Sources;
import sluice.network.spec.Combiner;
import sluice.network.spec.Encoder;
import sluice.normalise.Steps;

/** The families to which extensions may add types. */
final class OpenFamilies {
  private static final List<NamedTypes<?>> ALL =
      List.of(
          Sources.TYPES,
          Rules.TYPES,
          Steps.TYPES,
          Steps.FITTED,
          Augmenters.TYPES,
          Encoder.TYPES,
          Combiner.TYPES);

  private OpenFamilies() {}

  /**
   * Checks what extensions add.
   *
   * @throws InvalidInput (configuration) with all problems: an extension that fails, a name or a
   *     type that is there twice, a family that is not open
   */
  static void requireFit() {
    List<String> problems = new ArrayList<>(Extensions.problems(ALL));
    problems.addAll(closed(Extensions.onClassPath()));
    problems.addAll(Metrics.problems());
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
  }

  /** What is added to families that are not open. */
  private static List<String> closed(Extensions extensions) {
    Set<Class<?>> open = ALL.stream().<Class<?>>map(NamedTypes::family).collect(Collectors.toSet());
    Set<String> names =
        open.stream().map(Class::getSimpleName).collect(Collectors.toCollection(TreeSet::new));
    List<String> problems = new ArrayList<>();
    for (Extensions.Added extension : extensions.all()) {
      for (NamedTypes<?> added : extension.types()) {
        if (!open.contains(added.family())) {
          problems.add(
              "extension %s: the family of %s must be one of %s, got %s"
                  .formatted(
                      extension.name(),
                      String.join(", ", added.names()),
                      String.join(", ", names),
                      added.family().getName()));
        }
      }
    }
    return problems;
  }
}
