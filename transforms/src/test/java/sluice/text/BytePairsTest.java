package sluice.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.data.InvalidInput;
import sluice.data.Json;
import sluice.text.BytePairs.Merge;

class BytePairsTest {
  private static List<Integer> units(BytePairs pairs, String piece) {
    List<Integer> units = new ArrayList<>();
    pairs.encode(piece, units::add);
    return units;
  }

  private static List<String> pieces(String text) {
    List<String> pieces = new ArrayList<>();
    new PieceTokeniser(false).tokenise(text, pieces::add);
    return pieces;
  }

  /** The example of the paper, section 3.2, in which "es", "est" and "lo", "low" are merged. */
  @Test
  void theMostFrequentPairsAreMerged() {
    Map<String, Long> counts = Map.of("low", 5L, "lower", 2L, "newest", 6L, "widest", 3L);
    BytePairs pairs = BytePairLearning.of(counts, 5, 1);
    assertThat(pairs.merges())
        .containsExactly(
            new Merge('e', 's'),
            new Merge(256, 't'),
            new Merge('l', 'o'),
            new Merge(258, 'w'),
            new Merge('e', 'w'));
    assertThat(pairs.names().subList(256, 261)).containsExactly("es", "est", "lo", "low", "ew");
    assertThat(units(pairs, "lowest")).containsExactly(259, 257);
    assertThat(units(pairs, "slow")).containsExactly((int) 's', 259);
    assertThat(units(pairs, "")).isEmpty();
    assertThat(BytePairLearning.of(counts, 100, 7).merges())
        .containsExactly(
            new Merge('e', 's'), new Merge(256, 't'), new Merge('l', 'o'), new Merge(258, 'w'));
  }

  @Test
  void bytesThatAreNoTextAreShownByTheirDigits() {
    BytePairs pairs = BytePairLearning.of(Map.of("我", 3L), 2, 1);
    assertThat(pairs.merges()).containsExactly(new Merge(0x88, 0x91), new Merge(0xE6, 256));
    assertThat(pairs.names().subList(254, 258)).containsExactly("<fe>", "<ff>", "<88><91>", "我");
    assertThat(units(pairs, "我们")).containsExactly(257, 0xE4, 0xBB, 0xAC);
    assertThat(units(pairs, "\u6208")).containsExactly(0xE6, 0x88, 0x88);
  }

  @Test
  void overlappingPairsAreMergedFromTheLeft() {
    BytePairs pairs = new BytePairs(List.of(new Merge('a', 'a'), new Merge(256, 256)));
    assertThat(units(pairs, "aaaaaaa")).containsExactly(257, 256, (int) 'a');
  }

  /** As the paper's own program counts: everything anew for each merge. */
  private static List<Merge> counted(Map<String, Long> counts, int most, long minCount) {
    Map<List<Integer>, Long> pieces = new LinkedHashMap<>();
    counts.forEach(
        (piece, count) -> {
          List<Integer> bytes = new ArrayList<>();
          for (byte value : piece.getBytes(StandardCharsets.UTF_8)) {
            bytes.add(value & 0xFF);
          }
          pieces.put(bytes, count);
        });
    List<Merge> merges = new ArrayList<>();
    while (merges.size() < most) {
      Map<List<Integer>, Long> pairs =
          new TreeMap<>(
              (a, b) -> a.get(0).equals(b.get(0)) ? a.get(1) - b.get(1) : a.get(0) - b.get(0));
      pieces.forEach(
          (units, count) -> {
            for (int i = 0; i + 1 < units.size(); i++) {
              pairs.merge(units.subList(i, i + 2), count, Long::sum);
            }
          });
      List<Integer> best = null;
      long greatest = minCount - 1;
      for (Map.Entry<List<Integer>, Long> pair : pairs.entrySet()) {
        if (pair.getValue() > greatest) {
          greatest = pair.getValue();
          best = pair.getKey();
        }
      }
      if (best == null) {
        return merges;
      }
      Merge merge = new Merge(best.get(0), best.get(1));
      int unit = 256 + merges.size();
      merges.add(merge);
      Map<List<Integer>, Long> merged = new LinkedHashMap<>();
      pieces.forEach((units, count) -> merged.merge(merged(units, merge, unit), count, Long::sum));
      pieces.clear();
      pieces.putAll(merged);
    }
    return merges;
  }

  private static List<Integer> merged(List<Integer> units, Merge merge, int unit) {
    List<Integer> merged = new ArrayList<>();
    for (int i = 0; i < units.size(); i++) {
      if (i + 1 < units.size()
          && units.get(i) == merge.left()
          && units.get(i + 1) == merge.right()) {
        merged.add(unit);
        i++;
      } else {
        merged.add(units.get(i));
      }
    }
    return merged;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void learningAndEncodingDoWhatCountingAnewDoes(long seed) {
    Random random = new Random(seed);
    Map<String, Long> counts = new TreeMap<>();
    String letters = seed % 2 == 0 ? "ab我" : "abcdefé\uD83D\uDE00们我";
    for (int i = 0; i < 150; i++) {
      StringBuilder piece = new StringBuilder();
      for (int j = random.nextInt(12); j >= 0; j--) {
        int at = random.nextInt(letters.codePointCount(0, letters.length()));
        piece.appendCodePoint(letters.codePointAt(letters.offsetByCodePoints(0, at)));
      }
      counts.put(piece.toString(), 1L + random.nextInt(6));
    }
    List<Merge> expected = counted(counts, 60, 2);
    assertThat(expected).hasSizeGreaterThan(20);
    List<String> order = new ArrayList<>(counts.keySet());
    for (int i = 0; i < 3; i++) {
      Collections.shuffle(order, random);
      Map<String, Long> shuffled = new LinkedHashMap<>();
      order.forEach(piece -> shuffled.put(piece, counts.getOrDefault(piece, 0L)));
      assertThat(BytePairLearning.of(shuffled, 60, 2).merges()).isEqualTo(expected);
    }
    BytePairs pairs = new BytePairs(expected);
    for (String piece : order) {
      List<Integer> units = new ArrayList<>();
      for (byte value : piece.getBytes(StandardCharsets.UTF_8)) {
        units.add(value & 0xFF);
      }
      for (int i = 0; i < expected.size(); i++) {
        units = merged(units, expected.get(i), 256 + i);
      }
      assertThat(units(pairs, piece)).isEqualTo(units);
    }
  }

  @Test
  void piecesAreOfOneKindAndKnowTheSpaceBeforeThem() {
    assertThat(pieces("It's  3.5€,\nnaïve 我爱Java8 \uD83D\uDE00!"))
        .containsExactly(
            " It", "'", "s", " 3", ".", "5", "€,", " naïve", " 我爱Java", "8", " \uD83D\uDE00!");
    assertThat(pieces(" e\u0301 ")).containsExactly(" \u00E9");
    assertThat(pieces(" \u0000\n")).isEmpty();
    assertThat(pieces("x".repeat(300))).containsExactly(" " + "x".repeat(255), "x".repeat(45));
    assertThat(pieces("\uD83D")).containsExactly(" \uFFFD");
  }

  @Test
  void comesBackFromJsonAndIsChecked() {
    BytePairs pairs = new BytePairs(List.of(new Merge(97, 98), new Merge(256, 99)));
    assertThat(Json.read(Json.write(pairs), BytePairs.class, "x.json")).isEqualTo(pairs);
    for (List<Merge> wrong :
        List.of(
            List.of(new Merge(256, 1)),
            List.of(new Merge(-1, 1)),
            List.of(new Merge(1, 1), new Merge(1, 1)))) {
      assertThatThrownBy(() -> new BytePairs(wrong))
          .isInstanceOf(InvalidInput.class)
          .hasMessage(
              "byte pairs: a merge must be of units before its own, %s, and be there once, got %s",
              255 + wrong.size(), wrong.get(wrong.size() - 1));
    }
  }

  /** Forty merges that double the unit before would be a terabyte. */
  @Test
  void unitsAreNoLongerThanPieces() {
    List<Merge> doubled = new ArrayList<>(List.of(new Merge('a', 'a')));
    while (doubled.size() < 10) {
      int last = 255 + doubled.size();
      doubled.add(new Merge(last, last));
    }
    assertThat(new BytePairs(doubled).names()).last().isEqualTo("a".repeat(1024));
    doubled.add(new Merge(265, 'a'));
    assertThatThrownBy(() -> new BytePairs(doubled))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "byte pairs: a unit must have at most 1024 bytes, as pieces have, got 1025 by %s",
            doubled.get(10));
  }
}
