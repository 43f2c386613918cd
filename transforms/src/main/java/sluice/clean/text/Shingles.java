package sluice.clean.text;

import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;
import sluice.data.SplitMix64;

/**
 * Texts as sets of three words in a row, and how like each other two sets are (Broder 1997, On the
 * resemblance and containment of documents). Words are those of {@link SpacedWords}, in lower case;
 * a text of fewer than three has one shingle. A shingle is its 64-bit hash.
 */
public final class Shingles {
  private static final int WORDS = 3;

  /** Functions of a signature, of which bands take as many as there are for them. */
  private static final int FUNCTIONS = 128;

  /** How many of equally similar pairs may share no band. */
  private static final double MISSED = 0.001;

  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private Shingles() {}

  /** The shingles of a text, sorted and each once; none if it has no word. */
  public static long[] of(String text) {
    List<String> words = SpacedWords.of(text.toLowerCase(Locale.ROOT));
    if (words.isEmpty()) {
      return new long[0];
    }
    long[] hashes = words.stream().mapToLong(Shingles::hash).toArray();
    int length = Math.min(WORDS, hashes.length);
    return LongStream.rangeClosed(0, hashes.length - length)
        .map(
            start -> {
              long shingle = length;
              for (int i = (int) start; i < start + length; i++) {
                shingle = SplitMix64.mixed(shingle * GOLDEN + hashes[i]);
              }
              return shingle;
            })
        .sorted()
        .distinct()
        .toArray();
  }

  /** The share of the shingles of two texts that both have: Jaccard's similarity. */
  public static double similarity(long[] one, long[] other) {
    int common = 0;
    for (int i = 0, k = 0; i < one.length && k < other.length; ) {
      int order = Long.compare(one[i], other[k]);
      common += order == 0 ? 1 : 0;
      i += order <= 0 ? 1 : 0;
      k += order >= 0 ? 1 : 0;
    }
    return (double) common / (one.length + other.length - common);
  }

  /**
   * The bands of a set's signature (Indyk and Motwani 1998): sets share one the likelier, the more
   * alike they are. Of pairs as similar as is asked, fewer than one of 1,000 share none.
   *
   * @param shingles at least one
   */
  public static long[] bands(long[] shingles, double similarity) {
    int rows = rows(similarity);
    long[] bands = new long[FUNCTIONS / rows];
    for (int band = 0; band < bands.length; band++) {
      for (int row = 0; row < rows; row++) {
        long seed = SplitMix64.mixed((band * rows + row + 1) * GOLDEN);
        long least = Long.MAX_VALUE;
        for (long shingle : shingles) {
          least = Math.min(least, SplitMix64.mixed(shingle ^ seed));
        }
        bands[band] = SplitMix64.mixed(bands[band] * GOLDEN + least);
      }
    }
    return bands;
  }

  /** The most functions a band may have without missing too many pairs. */
  static int rows(double similarity) {
    int rows = 1;
    while (rows < FUNCTIONS && missed(similarity, rows + 1) <= MISSED) {
      rows++;
    }
    return rows;
  }

  private static double missed(double similarity, int rows) {
    int bands = FUNCTIONS / rows;
    return StrictMath.pow(1 - StrictMath.pow(similarity, rows), bands);
  }

  private static long hash(String word) {
    long hash = word.length();
    for (int i = 0; i < word.length(); i++) {
      hash = SplitMix64.mixed(hash * GOLDEN + word.charAt(i));
    }
    return hash;
  }
}
