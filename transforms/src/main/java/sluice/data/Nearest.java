package sluice.data;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** What a mistyped name may have meant. */
public final class Nearest {
  private Nearest() {}

  /**
   * The name at the least distance, the first of several, if it is near enough to be meant: a third
   * of the length, and at least one, but not so much that nothing is left of it. Upper and lower
   * case are one.
   */
  public static Optional<String> to(String typed, Collection<String> names) {
    int near = Math.max(1, typed.length() / 3);
    return names.stream()
        .filter(name -> distance(lower(typed), lower(name)) <= near)
        .filter(
            name -> distance(lower(typed), lower(name)) < Math.max(typed.length(), name.length()))
        .min(Comparator.comparingInt((String name) -> distance(lower(typed), lower(name))));
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
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
