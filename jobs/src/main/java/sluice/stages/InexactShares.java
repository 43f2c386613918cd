package sluice.stages;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import sluice.split.Part;
import sluice.split.SplitSettings;

/** Why the parts of a split do not have the shares that were asked for. */
final class InexactShares {
  private InexactShares() {}

  /**
   * One line; empty if every part is as near to its share as whole rows allow, or if the rule
   * promises no share.
   *
   * @param counts the rows of each part
   * @param strata in how many strata the rows lie; asked only if the counts need it
   */
  static Optional<String> inexact(
      SplitSettings settings, Map<Part, Long> counts, LongSupplier strata) {
    String why =
        switch (settings.by()) {
          case AUTO, RANK -> "equal rows stay together";
          case TIME -> "rows of one time stay together";
          case GROUP -> "groups stay whole";
          case HASH, COLUMN, NONE -> "";
        };
    long rows = counts.values().stream().mapToLong(Long::longValue).sum();
    double most = 0;
    for (Map.Entry<Part, Long> part : counts.entrySet()) {
      most = Math.max(most, Math.abs(part.getValue() - settings.share(part.getKey()) * rows));
    }
    // Each stratum rounds to whole rows by itself, by less than one in each part.
    if (why.isEmpty() || most < 1 || most < strata.getAsLong()) {
      return Optional.empty();
    }
    List<String> came = new ArrayList<>();
    List<String> asked = new ArrayList<>();
    for (Part part : Part.values()) {
      came.add(percent((double) counts.getOrDefault(part, 0L) / rows));
      asked.add(percent(settings.share(part)));
    }
    return Optional.of(
        "%s: %s %%, not %s %%".formatted(why, String.join(" / ", came), String.join(" / ", asked)));
  }

  private static String percent(double share) {
    return new BigDecimal(100 * share)
        .setScale(1, RoundingMode.HALF_UP)
        .stripTrailingZeros()
        .toPlainString();
  }
}
