package sluice.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import sluice.data.InvalidInput;

/**
 * Where every row went: {@code read = quarantined + rejected + duplicates + train + validation +
 * test}, and {@code trained = train + added}. Counts are of rows in committed files. A row that
 * stands in two parts (when train and test are the same rows) counts once, in the first of them.
 *
 * @param read rows and malformed records in the source
 * @param quarantined what ingest could not read
 * @param rejected what a rule turned away
 * @param duplicates rows equal to one that stays
 * @param train rows of the training part
 * @param validation rows of the validation part
 * @param test rows of the test part
 * @param added rows that augmentation made
 * @param trained rows that the network saw in one epoch
 */
public record Ledger(
    long read,
    long quarantined,
    long rejected,
    long duplicates,
    long train,
    long validation,
    long test,
    long added,
    long trained) {
  public Ledger {
    for (long rows :
        new long[] {
          read, quarantined, rejected, duplicates, train, validation, test, added, trained
        }) {
      if (rows < 0) {
        throw new IllegalArgumentException("a count of rows must not be negative, got " + rows);
      }
    }
  }

  /**
   * Adds it up.
   *
   * @throws InvalidInput (data) with both sides of each sum that differs
   */
  public void check() {
    List<String> problems = new ArrayList<>();
    Map<String, Long> whereabouts = new LinkedHashMap<>();
    whereabouts.put("quarantined", quarantined);
    whereabouts.put("rejected", rejected);
    whereabouts.put("duplicates", duplicates);
    whereabouts.put("train", train);
    whereabouts.put("validation", validation);
    whereabouts.put("test", test);
    compare("read", read, whereabouts, problems);
    Map<String, Long> seen = new LinkedHashMap<>();
    seen.put("train", train);
    seen.put("added", added);
    compare("trained", trained, seen, problems);
    if (!problems.isEmpty()) {
      throw InvalidInput.data(problems);
    }
  }

  /** Small table of text, numbers aligned to the right, thousands apart; ends with a line feed. */
  public String table() {
    StringBuilder table = new StringBuilder();
    line(table, "read", read);
    line(table, "  quarantined", quarantined);
    line(table, "  rejected", rejected);
    line(table, "  duplicates", duplicates);
    line(table, "  train", train);
    line(table, "  validation", validation);
    line(table, "  test", test);
    line(table, "trained", trained);
    line(table, "  train", train);
    line(table, "  added", added);
    return table.toString();
  }

  private void line(StringBuilder table, String name, long rows) {
    long widest = Math.max(read, trained);
    int width = String.format(Locale.ROOT, "%,d", widest).length();
    table.append(String.format(Locale.ROOT, "%-13s  %," + width + "d\n", name, rows));
  }

  private static void compare(
      String whole, long actual, Map<String, Long> parts, List<String> problems) {
    long sum = parts.values().stream().mapToLong(Long::longValue).sum();
    if (sum == actual) {
      return;
    }
    List<String> terms =
        parts.entrySet().stream().map(part -> part.getKey() + " " + part.getValue()).toList();
    problems.add(
        "the ledger must add up, but %s is %d and %s are %d together (%+d)"
            .formatted(whole, actual, String.join(" + ", terms), sum, sum - actual));
  }
}
