package sluice.normalise;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a mistyped name may have meant. */
final class Nearest {
  private Nearest() {}

  /**
   * The name at the least edit distance, if it is close: a third of the length, and at least one.
   * Upper and lower case are one.
   */
  static @Nullable String to(String mistyped, List<String> names) {
    String nearest = null;
    int least = Math.max(1, mistyped.length() / 3) + 1;
    for (String name : names) {
      int distance = distance(mistyped.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
      if (distance < least) {
        least = distance;
        nearest = name;
      }
    }
    return nearest;
  }

  private static int distance(String a, String b) {
    int[] above = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, Math.min(above[j], row[j - 1]) + 1);
      }
      above = row;
    }
    return above[b.length()];
  }
}
