package sluice.statistics;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/**
 * An {@link OrderSelection} for each of many groups, in the same few scans: a group keeps at most
 * 4,096 values or as many counters. Used in the same way. Not thread-safe.
 */
public final class GroupedSelection implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final int VALUES_PER_GROUP = 4096;

  private final int maxGroups;
  private final TreeMap<String, OrderSelection> groups = new TreeMap<>();
  private boolean overflowed;

  /**
   * A selection that has seen nothing.
   *
   * @param maxGroups how many groups there may be; with more, nothing is kept and {@link
   *     #overflowed} says so
   */
  public GroupedSelection(int maxGroups) {
    this.maxGroups = maxGroups;
  }

  /** Adds one value of the present scan. */
  public void add(String group, long value) {
    if (!overflowed) {
      groups.computeIfAbsent(group, g -> new OrderSelection(VALUES_PER_GROUP)).add(value);
      check();
    }
  }

  /** Adds what another copy saw in the same scan. */
  public void merge(GroupedSelection other) {
    overflowed |= other.overflowed;
    other.groups.forEach(
        (group, selection) -> {
          OrderSelection mine = groups.putIfAbsent(group, selection);
          if (mine != null) {
            mine.merge(selection);
          }
        });
    check();
  }

  /** Whether there were more groups than may be. */
  public boolean overflowed() {
    return overflowed;
  }

  /** How many values each group has, by the group's name. */
  public Map<String, Long> counts() {
    Map<String, Long> counts = new TreeMap<>();
    groups.forEach((group, selection) -> counts.put(group, selection.count()));
    return counts;
  }

  /**
   * Ends the first scan by asking for the values at these zero-based ranks of each group's sorted
   * values; a group that is not asked for gives none.
   *
   * @return whether every value must be added once more
   */
  public boolean select(Map<String, long[]> ranks) {
    boolean more = false;
    for (Map.Entry<String, OrderSelection> group : groups.entrySet()) {
      more |= group.getValue().select(ranks.getOrDefault(group.getKey(), new long[0]));
    }
    return more;
  }

  /**
   * Ends a further scan.
   *
   * @return whether every value must be added once more
   */
  public boolean endScan() {
    boolean more = false;
    for (OrderSelection selection : groups.values()) {
      more |= selection.endScan();
    }
    return more;
  }

  /** The value at the rank that stood at this place in {@link #select}. */
  public long selected(String group, int index) {
    OrderSelection selection = groups.get(group);
    if (selection == null) {
      throw new IllegalArgumentException("no group " + group);
    }
    return selection.selected(index);
  }

  private void check() {
    if (overflowed || groups.size() > maxGroups) {
      overflowed = true;
      groups.clear();
    }
  }
}
