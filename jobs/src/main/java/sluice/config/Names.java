package sluice.config;

import com.typesafe.config.ConfigUtil;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The names of keys: how Java's names read in a configuration, and which one was meant. */
final class Names {
  private static final Pattern HUMP = Pattern.compile("([a-z0-9])([A-Z])");
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_-]+");

  private Names() {}

  /** {@code batchSize} as {@code batch-size}. */
  static String kebab(String camel) {
    return HUMP.matcher(camel).replaceAll("$1-$2").toLowerCase(Locale.ROOT);
  }

  /** {@code INVERSE_FREQUENCY} as {@code inverse-frequency}. */
  static String kebab(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A path and a key below it, quoted if it would not be read as one key otherwise. */
  static String path(String parent, String key) {
    String plain = PLAIN.matcher(key).matches() ? key : ConfigUtil.quoteString(key);
    return parent.isEmpty() ? plain : parent + "." + plain;
  }

  /** The name that is nearest to what was typed, if any is near enough to be meant. */
  static Optional<String> nearest(String typed, Collection<String> names) {
    String wanted = kebab(typed).replace('_', '-');
    int near = Math.max(1, wanted.length() / 3);
    return names.stream()
        .filter(name -> distance(wanted, name) <= near)
        .min(Comparator.comparingInt((String name) -> distance(wanted, name)));
  }

  /** Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment). */
  private static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        cost[i][j] = Math.min(replaced, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          cost[i][j] = Math.min(cost[i][j], 1 + cost[i - 2][j - 2]);
        }
      }
    }
    return cost[a.length()][b.length()];
  }
}
