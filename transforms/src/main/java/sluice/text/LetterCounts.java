package sluice.text;

import java.io.Serializable;

/**
 * How many letters of some texts are of scripts that part words by spaces, and how many of those
 * that do not: Chinese, Japanese, Thai, Lao, Khmer and Burmese. Counts of parts of the texts can be
 * merged in any order.
 */
public final class LetterCounts implements Serializable {
  private static final long serialVersionUID = 1L;

  private long parted;
  private long unparted;

  public void add(String text) {
    text.codePoints()
        .forEach(
            point -> {
              switch (CharacterClass.of(point)) {
                case LETTER -> parted++;
                case HAN, ALONE -> unparted++;
                default -> {}
              }
            });
  }

  public void merge(LetterCounts other) {
    parted += other.parted;
    unparted += other.unparted;
  }

  /**
   * What the n-grams of the texts are best made of: characters where most letters are of scripts
   * that do not part words by spaces, else words.
   */
  public Terms terms() {
    return unparted > parted ? Terms.CHARACTERS : Terms.WORDS;
  }
}
