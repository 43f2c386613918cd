package sluice.text;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import sluice.data.Require;

/**
 * The n-grams of a text, as often as they occur: as many words or characters as {@code lengths}
 * says, one behind the other. Words of an n-gram are parted by a space, which no word has; an
 * n-gram does not tell what white space stood between.
 *
 * @param of what the n-grams are made of
 * @param lowerCase whether the text is taken in lower case
 * @param punctuation what becomes of what belongs to no word; of words only
 * @param chinese where Chinese words end; of words only
 * @param lengths the least number of words or characters of an n-gram and the greatest, from 1 to
 *     {@value #LONGEST}
 */
public record NGrams(
    Terms of, boolean lowerCase, Punctuation punctuation, Chinese chinese, List<Integer> lengths)
    implements Tokeniser {
  private static final long serialVersionUID = 1L;

  /** Of how many words or characters an n-gram may be: each text has as many times its own. */
  public static final int LONGEST = 16;

  public NGrams {
    lengths = List.copyOf(lengths);
    require(new Require(), lengths).hold();
  }

  /** Adds what the lengths must be to other rules. */
  public static Require require(Require rules, List<Integer> lengths) {
    return rules.that(
        lengths.size() == 2
            && lengths.get(0) >= 1
            && lengths.get(0) <= lengths.get(1)
            && lengths.get(1) <= LONGEST,
        "n-grams must be the least length and the greatest, from 1 to %s, got %s"
            .formatted(LONGEST, lengths));
  }

  @Override
  public void tokenise(String text, Consumer<String> tokens) {
    List<String> terms = new ArrayList<>();
    Tokeniser tokeniser =
        switch (of) {
          case WORDS -> new WordTokeniser(lowerCase, punctuation, chinese);
          case CHARACTERS -> new CharacterTokeniser(lowerCase);
        };
    tokeniser.tokenise(text, terms::add);
    String between = of == Terms.WORDS ? " " : "";
    StringBuilder nGram = new StringBuilder();
    for (int first = 0; first < terms.size(); first++) {
      nGram.setLength(0);
      int most = Math.min(lengths.get(1), terms.size() - first);
      for (int length = 1; length <= most; length++) {
        nGram.append(length == 1 ? "" : between).append(terms.get(first + length - 1));
        if (length >= lengths.get(0)) {
          tokens.accept(nGram.toString());
        }
      }
    }
  }
}
