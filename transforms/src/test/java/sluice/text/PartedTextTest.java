package sluice.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PartedTextTest {
  private static final List<String> PIECES =
      List.of(
          "Hello",
          "don\u2019t",
          " ",
          "\n",
          "1,234.5",
          "自然语言处理",
          "e\u0301",
          "\uD83D\uDC4D\uD83C\uDFFD",
          "\u00AD",
          "\u200D",
          "\uD842\uDFB7",
          "す",
          "<b>",
          "。",
          "\uD800",
          "\u202E",
          "x_1",
          "-",
          "กา");

  private static List<List<String>> same(PartedText text) {
    List<List<String>> slots = new ArrayList<>();
    text.words().forEach(word -> slots.add(List.of(word)));
    slots.add(List.of());
    return slots;
  }

  private static String with(String text, int slot, String... words) {
    PartedText parted = PartedText.of(text);
    List<List<String>> slots = same(parted);
    slots.set(slot, List.of(words));
    return parted.with(slots);
  }

  @Test
  void wordsAreThoseOfTheTokeniserWithoutPunctuation() {
    assertThat(PartedText.of("Don\u2019t stop: 我爱自然语言, v1.5!").words())
        .containsExactly("Don't", "stop", "我", "爱", "自然", "语言", "v1.5");
    assertThat(PartedText.of(" \u202E?! ").words()).isEmpty();
  }

  /** Whatever the text holds: what is put together again has the same words, and all else. */
  @Test
  void aTextWithItsOwnWordsIsTheText() {
    Random random = new Random(3);
    WordTokeniser words = new WordTokeniser(false, Punctuation.DROP, Chinese.WORDS);
    for (int i = 0; i < 2000; i++) {
      StringBuilder made = new StringBuilder();
      for (int n = random.nextInt(12); n > 0; n--) {
        made.append(PIECES.get(random.nextInt(PIECES.size())));
      }
      String text = made.toString();
      PartedText parted = PartedText.of(text);
      List<String> expected = new ArrayList<>();
      words.tokenise(text, expected::add);
      assertThat(parted.words()).as(text).isEqualTo(expected);
      String again = parted.with(same(parted));
      // What belongs to a word and is not seen goes; the curled apostrophe becomes straight.
      assertThat(bare(again)).as(text).isEqualTo(bare(text));
    }
  }

  private static String bare(String text) {
    return Normalizer.normalize(text.replace('\uD800', '\uFFFD'), Normalizer.Form.NFC)
        .replaceAll("[\u00AD\u200D\u202E]", "")
        .replace('\u2019', '\'')
        // A space may part words that only something unseen has parted.
        .replace(" ", "");
  }

  @Test
  void aTokenOfManyCharactersIsSeveralWordsInTheirPlaces() {
    String text = "a " + "x".repeat(300) + " b";
    PartedText parted = PartedText.of(text);
    assertThat(parted.words()).containsExactly("a", "x".repeat(255), "x".repeat(45), "b");
    List<List<String>> slots = same(parted);
    slots.set(1, List.of());
    assertThat(parted.with(slots)).isEqualTo("a " + "x".repeat(45) + " b");
  }

  @Test
  void wordsComeAndGoAndTheRestStays() {
    assertThat(with("A good, long film.", 1, "fine")).isEqualTo("A fine, long film.");
    assertThat(with("A good, long film.", 2)).isEqualTo("A good, film.");
    assertThat(with("A good film", 0)).isEqualTo("good film");
    assertThat(with("A good film.", 3, "indeed")).isEqualTo("A good film indeed.");
    assertThat(with("A good film", 1, "very", "good")).isEqualTo("A very good film");
    assertThat(with("电影很好。", 1, "真", "很")).isEqualTo("电影真很好。");
    assertThat(with("电影很好。", 1)).isEqualTo("电影好。");
    // Without the words between them, two would be one.
    assertThat(with("ab电影cd", 1)).isEqualTo("ab cd");
    assertThat(with("", 0, "word")).isEqualTo("word");
    assertThatThrownBy(() -> PartedText.of("a").with(List.of())).hasMessage("0 places for 1 words");
  }
}
