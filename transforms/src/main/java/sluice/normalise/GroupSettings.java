package sluice.normalise;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sluice.data.InvalidInput;

/**
 * Columns that take the same steps and become one column of the feature table.
 *
 * @param name the group's name; by default the column if there is one, else {@code group} and the
 *     group's place among the features, from 1
 * @param columns the columns, at least one, in the order of their numbers in the group
 * @param steps the steps, in order; none for numbers that are used as they are
 */
public record GroupSettings(@Nullable String name, List<String> columns, List<Step> steps) {

  public GroupSettings {
    columns = List.copyOf(columns);
    steps = List.copyOf(steps);
    if (columns.isEmpty()) {
      throw InvalidInput.configuration(
          "columns must have at least one column, got none"
              + (name == null ? "" : " in group " + name));
    }
    Set<String> seen = new HashSet<>();
    List<String> twice = columns.stream().filter(column -> !seen.add(column)).distinct().toList();
    if (!twice.isEmpty()) {
      throw InvalidInput.configuration(
          "columns must be distinct, got %s more than once".formatted(String.join(", ", twice)));
    }
  }
}
