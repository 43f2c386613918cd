package sluice.decision;

import java.util.Locale;

/** Numbers in sentences: four digits behind the point. */
final class Rounded {
  private Rounded() {}

  static String text(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }
}
