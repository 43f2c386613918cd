package sluice.text;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.IntConsumer;
import sluice.data.InvalidInput;

/**
 * Byte-pair encoding ("Neural Machine Translation of Rare Words with Subword Units", Sennrich,
 * Haddow and Birch 2016) over the bytes of UTF-8: pairs of units that were most frequent together
 * are units of their own, and every text has units. Units 0 to 255 are the bytes, unit 256 that of
 * the first merge, and so on. Immutable; saved as the merges.
 */
public final class BytePairs implements Serializable {
  private static final long serialVersionUID = 1L;

  static final int BYTES = 256;

  /**
   * No piece of a text is longer, whose characters have at most four bytes, and one is its space.
   */
  private static final int MOST_LENGTH = 4 * (1 + PieceTokeniser.MOST_CHARACTERS);

  private final List<Merge> merges;
  private final transient Map<Merge, Integer> units;

  /** Two units that become one. */
  public record Merge(int left, int right) implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  /**
   * @param merges in the order in which they were learned, which is that of their units
   * @throws InvalidInput (data) if a merge is of units that are not there before it, or there
   *     twice, or gives a unit that is longer than any piece
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public BytePairs(List<Merge> merges) {
    this.merges = List.copyOf(merges);
    units = new HashMap<>(2 * merges.size());
    int[] lengths = new int[size()];
    Arrays.fill(lengths, 0, BYTES, 1);
    for (Merge merge : this.merges) {
      int unit = BYTES + units.size();
      boolean known =
          Math.min(merge.left, merge.right) >= 0 && Math.max(merge.left, merge.right) < unit;
      if (!known || units.put(merge, unit) != null) {
        throw InvalidInput.data(
            "byte pairs: a merge must be of units before its own, %s, and be there once, got %s"
                .formatted(unit, merge));
      }
      lengths[unit] = lengths[merge.left] + lengths[merge.right];
      if (lengths[unit] > MOST_LENGTH) {
        throw InvalidInput.data(
            "byte pairs: a unit must have at most %s bytes, as pieces have, got %s by %s"
                .formatted(MOST_LENGTH, lengths[unit], merge));
      }
    }
  }

  /** The merges, of which the first gives unit 256. */
  @JsonValue
  public List<Merge> merges() {
    return merges;
  }

  /** How many units there are. */
  public int size() {
    return BYTES + merges.size();
  }

  /** What each unit stands for: its text, or of bytes that are none their hexadecimal digits. */
  public List<String> names() {
    List<byte[]> bytes = new ArrayList<>();
    for (int i = 0; i < BYTES; i++) {
      bytes.add(new byte[] {(byte) i});
    }
    for (Merge merge : merges) {
      byte[] left = bytes.get(merge.left);
      byte[] right = bytes.get(merge.right);
      byte[] both = Arrays.copyOf(left, left.length + right.length);
      System.arraycopy(right, 0, both, left.length, right.length);
      bytes.add(both);
    }
    return bytes.stream().map(BytePairs::name).toList();
  }

  private static String name(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      StringBuilder name = new StringBuilder();
      for (byte value : bytes) {
        name.append("<").append(Character.forDigit((value >> 4) & 0xF, 16));
        name.append(Character.forDigit(value & 0xF, 16)).append(">");
      }
      return name.toString();
    }
  }

  /** A pair that could be merged next. */
  private record Candidate(int unit, int place, int left, int right)
      implements Comparable<Candidate> {
    @Override
    public int compareTo(Candidate other) {
      return unit != other.unit
          ? Integer.compare(unit, other.unit)
          : Integer.compare(place, other.place);
    }
  }

  /**
   * Hands on the units of a piece: of all pairs that can be merged, the one that was learned first,
   * from the left, until there are none. It takes n log n steps for n bytes.
   */
  public void encode(String piece, IntConsumer taken) {
    byte[] bytes = piece.getBytes(StandardCharsets.UTF_8);
    Encoding encoding = new Encoding(bytes);
    encoding.merge();
    encoding.units(taken);
  }

  /** A piece on its way: a list of units that shrinks. */
  private final class Encoding {
    private final int[] unit;
    private final int[] next;
    private final int[] before;
    private final PriorityQueue<Candidate> candidates = new PriorityQueue<>();

    Encoding(byte[] bytes) {
      unit = new int[bytes.length];
      next = new int[bytes.length];
      before = new int[bytes.length];
      for (int i = 0; i < bytes.length; i++) {
        unit[i] = bytes[i] & 0xFF;
        next[i] = i + 1;
        before[i] = i - 1;
      }
      for (int i = 0; i + 1 < bytes.length; i++) {
        propose(i);
      }
    }

    /** Notes that the unit here and the one after it may be merged. */
    private void propose(int place) {
      if (place < 0 || next[place] >= unit.length) {
        return;
      }
      int left = unit[place];
      int right = unit[next[place]];
      Integer merged = units.get(new Merge(left, right));
      if (merged != null) {
        candidates.add(new Candidate(merged, place, left, right));
      }
    }

    void merge() {
      Candidate best = candidates.poll();
      while (best != null) {
        int place = best.place;
        int after = next[place];
        // What was proposed may have been merged otherwise since.
        if (unit[place] == best.left && after < unit.length && unit[after] == best.right) {
          unit[place] = best.unit;
          unit[after] = -1;
          next[place] = next[after];
          if (next[place] < unit.length) {
            before[next[place]] = place;
          }
          propose(before[place]);
          propose(place);
        }
        best = candidates.poll();
      }
    }

    void units(IntConsumer taken) {
      for (int i = 0; i < unit.length; i = next[i]) {
        taken.accept(unit[i]);
      }
    }
  }

  private Object readResolve() {
    return new BytePairs(merges);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BytePairs pairs && pairs.merges.equals(merges);
  }

  @Override
  public int hashCode() {
    return merges.hashCode();
  }

  @Override
  public String toString() {
    return "%s merges".formatted(merges.size());
  }
}
