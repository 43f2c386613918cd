package sluice.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupedSelectionTest {

  @ParameterizedTest
  @CsvSource({"1, 1, 10", "2, 3, 5000", "3, 7, 60000"})
  void equalsSortingEachGroup(int seed, int parts, int rows) {
    Random random = new Random(seed);
    Map<String, List<Long>> values = new HashMap<>();
    for (int i = 0; i < rows; i++) {
      // Groups of very different sizes; one with few distinct values.
      int group = (int) Math.min(5, random.nextDouble() * random.nextDouble() * 20);
      long value = group == 1 ? random.nextInt(3) : random.nextLong();
      values.computeIfAbsent("g" + group, g -> new ArrayList<>()).add(value);
    }
    Map<String, long[]> ranks = new HashMap<>();
    values.forEach(
        (group, all) -> ranks.put(group, new long[] {0, all.size() / 3, all.size() - 1}));

    GroupedSelection selection = scan(new GroupedSelection(6), values, parts, random);
    Map<String, Long> counts = new HashMap<>();
    values.forEach((group, all) -> counts.put(group, (long) all.size()));
    assertThat(selection.counts()).isEqualTo(counts);
    boolean more = selection.select(ranks);
    while (more) {
      selection = scan(selection, values, parts, random);
      more = selection.endScan();
    }

    for (Map.Entry<String, List<Long>> group : values.entrySet()) {
      List<Long> sorted = new ArrayList<>(group.getValue());
      Collections.sort(sorted);
      long[] wanted = ranks.getOrDefault(group.getKey(), new long[0]);
      for (int i = 0; i < wanted.length; i++) {
        assertThat(selection.selected(group.getKey(), i)).isEqualTo(sorted.get((int) wanted[i]));
      }
    }
  }

  @Test
  void givesUpOnTooManyGroupsWhereverTheyMeet() {
    GroupedSelection left = new GroupedSelection(2);
    left.add("a", 1);
    left.add("b", 1);
    assertThat(left.overflowed()).isFalse();
    GroupedSelection right = new GroupedSelection(2);
    right.add("c", 1);
    left.merge(right);
    assertThat(left.overflowed()).isTrue();
    left.add("a", 1);
    assertThat(left.counts()).isEmpty();
  }

  private static GroupedSelection scan(
      GroupedSelection start, Map<String, List<Long>> values, int parts, Random random) {
    byte[] state = Serialised.of(start);
    List<GroupedSelection> copies = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      copies.add(Serialised.read(state, GroupedSelection.class));
    }
    values.forEach(
        (group, all) -> all.forEach(v -> copies.get(random.nextInt(parts)).add(group, v)));
    GroupedSelection merged = Serialised.read(state, GroupedSelection.class);
    copies.forEach(merged::merge);
    return merged;
  }
}
