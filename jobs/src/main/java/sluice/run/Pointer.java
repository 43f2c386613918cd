package sluice.run;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import sluice.data.InvalidInput;
import sluice.data.Sha256;

/**
 * What stands in {@code _current.json}: the one file whose replacement publishes an attempt.
 *
 * @param format version of this layout
 * @param attempt the current attempt
 * @param manifests SHA-256 of its manifest, by stage directory, for each stage published together
 * @param earlier attempts published before it that stay when others are removed, the newest first
 */
record Pointer(
    int format, String attempt, SortedMap<String, String> manifests, List<String> earlier) {
  static final int FORMAT = 1;
  static final String NAME = "_current.json";

  Pointer {
    if (format != FORMAT) {
      throw InvalidInput.data("format must be %d, got %d".formatted(FORMAT, format));
    }
    if (!Attempt.isId(attempt)) {
      throw InvalidInput.data("attempt must be an attempt's id, got '%s'".formatted(attempt));
    }
    if (!manifests.values().stream().allMatch(Sha256::isHex)) {
      throw InvalidInput.data("manifests must hold SHA-256 digests, got " + manifests);
    }
    if (!earlier.stream().allMatch(Attempt::isId)) {
      throw InvalidInput.data("earlier must hold attempts' ids, got " + earlier);
    }
    manifests = Collections.unmodifiableSortedMap(new TreeMap<>(manifests));
    earlier = List.copyOf(earlier);
  }
}
