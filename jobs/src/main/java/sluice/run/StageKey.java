package sluice.run;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What decides the output of a stage, and hence whether it can be skipped.
 *
 * @param inputs name of each input, as in {@code raw}, to its fingerprint
 * @param configuration hash of the configuration section of the stage
 * @param seed of all that is random
 * @param code digest of the built classes
 */
public record StageKey(
    SortedMap<String, String> inputs, String configuration, long seed, String code) {
  public StageKey {
    inputs = Collections.unmodifiableSortedMap(new TreeMap<>(inputs));
  }

  public StageKey(Map<String, String> inputs, String configuration, long seed, String code) {
    this(new TreeMap<>(inputs), configuration, seed, code);
  }

  /**
   * What has changed since an earlier key, for a reader: {@code input raw}, {@code configuration},
   * {@code seed}, {@code code}; empty if nothing has.
   */
  public List<String> changesSince(StageKey earlier) {
    List<String> changes = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>(inputs.keySet());
    names.addAll(earlier.inputs.keySet());
    for (String name : names) {
      if (!Objects.equals(inputs.get(name), earlier.inputs.get(name))) {
        changes.add("input " + name);
      }
    }
    if (!configuration.equals(earlier.configuration)) {
      changes.add("configuration");
    }
    if (seed != earlier.seed) {
      changes.add("seed");
    }
    if (!code.equals(earlier.code)) {
      changes.add("code");
    }
    return changes;
  }
}
