package sluice.clean;

import java.util.List;

/**
 * How rows are cleaned.
 *
 * @param rules applied in this order
 */
public record CleanSettings(List<Rule> rules) {
  public CleanSettings {
    rules = List.copyOf(rules);
  }
}
