package sluice.quality;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import sluice.data.Decimal;
import sluice.data.InvalidInput;
import sluice.quality.Finding.Level;

/** Whether the train part is large enough, as it is before any augmentation. */
public final class Sufficiency {
  private static final int SHOWN_CLASSES = 10;

  private Sufficiency() {}

  /**
   * What is too little.
   *
   * @param rows train rows
   * @param classRows train rows of each class by its name, in the order of the classes, also of
   *     those without rows; empty if the label is not a class
   * @param features numbers that an example has, an index counting as one
   * @return failures first
   */
  public static List<Finding> findings(
      SufficiencySettings settings, long rows, Map<String, Long> classRows, long features) {
    List<Finding> findings = new ArrayList<>();
    if (rows < settings.minRows()) {
      findings.add(
          new Finding(
              Level.FAILURE,
              "the train part must have at least %,d rows (sufficiency.min-rows), got %,d"
                  .formatted(settings.minRows(), rows)));
    }
    if (classRows.size() == 1) {
      findings.add(
          new Finding(
              Level.FAILURE,
              "the label must have at least 2 classes, got %s".formatted(classRows.keySet())));
    }
    findings.addAll(smallClasses(settings.minClassRows(), classRows));
    if (rows < settings.minRowsPerFeature() * features) {
      findings.add(
          new Finding(
              Level.WARNING,
              "the train part should have at least %s rows a feature (sufficiency.min-rows-per-feature), got %,d rows for %,d features"
                  .formatted(Decimal.text(settings.minRowsPerFeature()), rows, features)));
    }
    return findings;
  }

  /** The classes of too few rows, the first of them each for itself. */
  private static List<Finding> smallClasses(long least, Map<String, Long> classRows) {
    List<Finding> findings = new ArrayList<>();
    List<Map.Entry<String, Long>> small =
        classRows.entrySet().stream().filter(entry -> entry.getValue() < least).toList();
    String rule =
        "each class must have at least %,d train rows (sufficiency.min-class-rows), "
            .formatted(least);
    small.stream()
        .limit(SHOWN_CLASSES)
        .forEach(
            one ->
                findings.add(
                    new Finding(
                        Level.FAILURE,
                        rule + "class %s has %,d".formatted(one.getKey(), one.getValue()))));
    if (small.size() > SHOWN_CLASSES) {
      findings.add(
          new Finding(
              Level.FAILURE,
              rule
                  + "%,d more of the %,d classes have fewer; a label that is a number has normalise.label.type = number"
                      .formatted(small.size() - SHOWN_CLASSES, classRows.size())));
    }
    return findings;
  }

  /**
   * Stops the work if there is a failure.
   *
   * @throws InvalidInput (data) with every failure
   */
  public static void requireNoFailure(List<Finding> findings) {
    List<String> failures =
        findings.stream()
            .filter(finding -> finding.level() == Level.FAILURE)
            .map(Finding::text)
            .toList();
    if (!failures.isEmpty()) {
      throw InvalidInput.data(failures);
    }
  }
}
