package sluice.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * How far series are padded: to one of few lengths, so that there are few shapes of arrays, and by
 * less than a quarter of their own length or by less than {@value #LEAST} steps.
 */
public final class StepLengths {
  /** Divides every length that a series is padded to. */
  public static final int LEAST = 8;

  private StepLengths() {}

  /** The length that a series of so many steps is padded to; at least {@value #LEAST}. */
  public static int padded(int steps) {
    int grain = Math.max(LEAST, Integer.highestOneBit(Math.max(1, steps - 1)) / 4);
    return Math.max(LEAST, Math.multiplyExact((steps + grain - 1) / grain, grain));
  }

  /** How many steps an example has up to the last that is there. */
  static int length(float[] mask, int steps, int example) {
    int length = steps;
    while (length > 0 && mask[example * steps + length - 1] == 0) {
      length--;
    }
    return length;
  }

  /**
   * Examples whose series are padded alike.
   *
   * @param steps of each input, 0 of one that is no series
   * @param members their positions among all
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Alike(List<Integer> steps, int[] members) {}

  /**
   * The examples by the lengths that their series are padded to, each by itself.
   *
   * @param masks as {@link Inference} has them
   */
  static List<Alike> group(float[][] masks, int examples) {
    if (Arrays.stream(masks).allMatch(mask -> mask.length == 0)) {
      List<Integer> none = Collections.nCopies(masks.length, 0);
      return List.of(new Alike(none, IntStream.range(0, examples).toArray()));
    }
    SortedMap<String, List<Integer>> lengths = new TreeMap<>();
    SortedMap<String, List<Integer>> members = new TreeMap<>();
    for (int example = 0; example < examples; example++) {
      List<Integer> own = new ArrayList<>();
      for (float[] mask : masks) {
        int steps = mask.length / examples;
        own.add(steps == 0 ? 0 : padded(length(mask, steps, example)));
      }
      lengths.put(own.toString(), own);
      members.computeIfAbsent(own.toString(), key -> new ArrayList<>()).add(example);
    }
    List<Alike> groups = new ArrayList<>();
    members.forEach(
        (key, positions) ->
            groups.add(
                new Alike(
                    lengths.getOrDefault(key, List.of()),
                    positions.stream().mapToInt(i -> i).toArray())));
    return groups;
  }

  /** Copies rows, each cut or filled up with zeros to another length. */
  static void copy(float[] from, int at, int length, float[] to, int place, int room, int rows) {
    int count = Math.min(length, room);
    for (int row = 0; row < rows; row++) {
      System.arraycopy(from, at + row * length, to, place + row * room, count);
      Arrays.fill(to, place + row * room + count, place + (row + 1) * room, 0);
    }
  }
}
