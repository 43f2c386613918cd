package sluice.bundle;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The names of the columns that a table of predictions has beside those of the input. */
public final class PredictionColumns {
  /** The file that a row is from. */
  public static final String SOURCE = "source";

  /** Where it stands in there. */
  public static final String POSITION = "position";

  /** What scored it. */
  public static final String BUNDLE = "bundle";

  /** Of tags the probabilities of those that are predicted; of classes it begins a name. */
  public static final String PROBABILITY = "probability";

  private PredictionColumns() {}

  /**
   * The name of a column that is about a label: as it is where the label is the only one, as in
   * {@code prediction_price} of several.
   */
  public static String named(String column, String label, boolean isOnly) {
    return isOnly ? column : column + "_" + label;
  }

  /** The name of the column of a class's probability. */
  public static String ofClass(String label, boolean isOnly, String name) {
    return named(PROBABILITY, label, isOnly) + "_" + name;
  }

  /**
   * Why these labels cannot be told apart in a table of predictions; none if they can.
   *
   * @param labels their columns, each with its classes, as far as they are known
   */
  public static List<String> problems(Map<String, List<String>> labels) {
    Set<String> names = new HashSet<>();
    Set<String> twice = new LinkedHashSet<>();
    labels.forEach(
        (label, classes) -> {
          for (String each : classes) {
            String name = ofClass(label, labels.size() == 1, each);
            if (!names.add(name)) {
              twice.add(name);
            }
          }
        });
    return twice.isEmpty()
        ? List.of()
        : List.of(
            "normalise.label: columns and classes must tell columns of predictions apart, got %s twice"
                .formatted(String.join(", ", twice)));
  }
}
