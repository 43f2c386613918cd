package sluice.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NGramsTest {
  private static List<String> words(String text, int least, int most) {
    return of(
        new NGrams(Terms.WORDS, true, Punctuation.KEEP, Chinese.CHARACTERS, List.of(least, most)),
        text);
  }

  private static List<String> of(NGrams nGrams, String text) {
    List<String> all = new ArrayList<>();
    nGrams.tokenise(text, all::add);
    return all;
  }

  @Test
  void goFromEachWordOn() {
    assertThat(words("Not  so\tgood!", 1, 2))
        .containsExactly("not", "not so", "so", "so good", "good", "good !", "!");
    assertThat(words("a b a b", 2, 3)).containsExactly("a b", "a b a", "b a", "b a b", "a b");
    assertThat(words("我爱 you", 2, 2)).containsExactly("我 爱", "爱 you");
    assertThat(words("one", 2, 3)).isEmpty();
    assertThat(words(" ", 1, 3)).isEmpty();
  }

  /** What lies beyond the 16-bit plane is one character. */
  @Test
  void charactersStandSideBySide() {
    NGrams pairs =
        new NGrams(Terms.CHARACTERS, false, Punctuation.DROP, Chinese.WORDS, List.of(1, 2));
    assertThat(of(pairs, "a \uD83D\uDE00!"))
        .containsExactly("a", "a ", " ", " \uD83D\uDE00", "\uD83D\uDE00", "\uD83D\uDE00!", "!");
  }

  @Test
  void settingsOfWordsAreTheTokenisers() {
    assertThat(
            of(
                new NGrams(Terms.WORDS, false, Punctuation.DROP, Chinese.WORDS, List.of(1, 1)),
                "Hello, 我爱北京!"))
        .containsExactly("Hello", "我", "爱", "北京");
  }

  @Test
  void lengthsAreInOrderAndNotTooLong() {
    for (List<Integer> lengths :
        List.of(List.of(1), List.of(0, 2), List.of(3, 2), List.of(1, 17), List.of(1, 2, 3))) {
      assertThatThrownBy(
              () -> new NGrams(Terms.WORDS, true, Punctuation.KEEP, Chinese.WORDS, lengths))
          .hasMessage(
              "n-grams must be the least length and the greatest, from 1 to 16, got " + lengths);
    }
  }
}
