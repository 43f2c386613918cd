package sluice.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import sluice.text.BytePairs.Merge;

/**
 * Learns {@link BytePairs} from how often pieces occur: the most frequent pair of neighbouring
 * units becomes a unit, again and again. Of equally frequent pairs the first by the numbers of its
 * units is taken, the left one first, so that the result depends on the counts alone. Counts of
 * pairs are kept up to date where a merge changes them, as in Sennrich's subword-nmt.
 */
public final class BytePairLearning {
  /** A pair and how often it occurred when it was put into the queue. */
  private record Counted(Merge pair, long count) implements Comparable<Counted> {
    @Override
    public int compareTo(Counted other) {
      if (count != other.count) {
        return Long.compare(other.count, count);
      }
      return pair.left() != other.pair.left()
          ? Integer.compare(pair.left(), other.pair.left())
          : Integer.compare(pair.right(), other.pair.right());
    }
  }

  private final List<int[]> pieces = new ArrayList<>();
  private final List<Long> pieceCounts = new ArrayList<>();
  private final Map<Merge, Long> counts = new HashMap<>();

  /** The pieces in which a pair occurs, or did. */
  private final Map<Merge, Set<Integer>> places = new HashMap<>();

  private final PriorityQueue<Counted> queue = new PriorityQueue<>();

  private BytePairLearning(Map<String, Long> counted) {
    counted.forEach(
        (piece, count) -> {
          byte[] bytes = piece.getBytes(StandardCharsets.UTF_8);
          int[] units = new int[bytes.length];
          for (int i = 0; i < units.length; i++) {
            units[i] = bytes[i] & 0xFF;
          }
          pieces.add(units);
          pieceCounts.add(count);
        });
    for (int piece = 0; piece < pieces.size(); piece++) {
      int[] units = pieces.get(piece);
      for (int i = 0; i + 1 < units.length; i++) {
        add(new Merge(units[i], units[i + 1]), pieceCounts.get(piece), piece);
      }
    }
    counts.forEach((pair, count) -> queue.add(new Counted(pair, count)));
  }

  /**
   * The byte pairs of pieces.
   *
   * @param counted how often each piece occurs
   * @param most how many merges are learned at most
   * @param minCount a pair that occurs less often is not merged
   */
  public static BytePairs of(Map<String, Long> counted, int most, long minCount) {
    return new BytePairs(new BytePairLearning(counted).learn(most, minCount));
  }

  private List<Merge> learn(int most, long minCount) {
    List<Merge> merges = new ArrayList<>();
    while (merges.size() < most) {
      Counted best = queue.poll();
      if (best == null || best.count < minCount) {
        break;
      }
      // Whenever a count changes, the pair is queued anew.
      if (counts.getOrDefault(best.pair, 0L) == best.count) {
        merge(best.pair, BytePairs.BYTES + merges.size());
        merges.add(best.pair);
      }
    }
    return merges;
  }

  private void merge(Merge pair, int unit) {
    Set<Integer> where = places.remove(pair);
    counts.remove(pair);
    Set<Merge> changed = new HashSet<>();
    for (int piece : where == null ? Set.<Integer>of() : where) {
      int[] before = pieces.get(piece);
      int[] after = merged(before, pair, unit);
      if (after.length == before.length) {
        continue;
      }
      long count = pieceCounts.get(piece);
      for (int i = 0; i + 1 < before.length; i++) {
        Merge gone = new Merge(before[i], before[i + 1]);
        if (!gone.equals(pair)) {
          counts.merge(gone, -count, Long::sum);
          changed.add(gone);
        }
      }
      for (int i = 0; i + 1 < after.length; i++) {
        Merge come = new Merge(after[i], after[i + 1]);
        add(come, count, piece);
        changed.add(come);
      }
      pieces.set(piece, after);
    }
    for (Merge each : changed) {
      long count = counts.getOrDefault(each, 0L);
      if (count > 0) {
        queue.add(new Counted(each, count));
      } else {
        counts.remove(each);
        places.remove(each);
      }
    }
  }

  private static int[] merged(int[] units, Merge pair, int unit) {
    int[] merged = new int[units.length];
    int length = 0;
    for (int i = 0; i < units.length; i++) {
      if (i + 1 < units.length && units[i] == pair.left() && units[i + 1] == pair.right()) {
        merged[length++] = unit;
        i++;
      } else {
        merged[length++] = units[i];
      }
    }
    return Arrays.copyOf(merged, length);
  }

  private void add(Merge pair, long count, int piece) {
    counts.merge(pair, count, Long::sum);
    places.computeIfAbsent(pair, key -> new HashSet<>()).add(piece);
  }
}
