package sluice.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WordTokeniserTest {
  private static final Tokeniser STANDARD =
      new WordTokeniser(true, Punctuation.KEEP, Chinese.WORDS);

  private static List<String> tokens(Tokeniser tokeniser, String text) {
    List<String> tokens = new ArrayList<>();
    tokeniser.tokenise(text, tokens::add);
    return tokens;
  }

  private static List<String> tokens(String text) {
    return tokens(STANDARD, text);
  }

  @Test
  void wordsKeepWhatStandsBetweenLettersAndBetweenDigits() {
    assertThat(tokens("Don\u2019t PANIC: U.S.A. has 1,234.5 items!"))
        .containsExactly("don't", "panic", ":", "u.s.a", ".", "has", "1,234.5", "items", "!");
    assertThat(tokens("snake_case v2.0-beta 3,x a,b 'q' l\u00B7l 1\u00B72"))
        .containsExactly(
            "snake_case",
            "v2.0",
            "-",
            "beta",
            "3",
            ",",
            "x",
            "a",
            ",",
            "b",
            "'",
            "q",
            "'",
            "l\u00B7l",
            "1",
            "\u00B7",
            "2");
    assertThat(tokens("#tag @me http://t.co/Ab"))
        .containsExactly("#", "tag", "@", "me", "http", ":", "/", "/", "t.co", "/", "ab");
    assertThat(tokens("x\u00B2 \u00BD \u0663\u0664"))
        .containsExactly("x\u00B2", "\u00BD", "\u0663\u0664");
  }

  @Test
  void composedAndDecomposedLettersAreOneToken() {
    assertThat(tokens("Zu\u0308rich"))
        .containsExactly("z\u00FCrich")
        .isEqualTo(tokens("Z\u00DCRICH"));
    // No composed letter has this accent: it stays a mark on its letter.
    assertThat(tokens("x\u0330y\u0330 \u0330")).containsExactly("x\u0330y\u0330", "\u0330");
    assertThat(
            tokens(new WordTokeniser(false, Punctuation.KEEP, Chinese.WORDS), "Stra\u00DFe \u0130"))
        .containsExactly("Stra\u00DFe", "\u0130");
    // Capitals do not tell a dotless i, nor the sigma that ends a word.
    assertThat(tokens("\u0130I\u03A3 \u03BF\u03C2")).containsExactly("ii\u03C3", "\u03BF\u03C3");
  }

  @Test
  void whatIsNotSeenIsLeftOutButJoinersBetweenLetters() {
    assertThat(tokens("co\u00ADop\u2060era\uFEFFte \u200F\u05E9\u05DC\u05D5\u05DD\u200E"))
        .containsExactly("cooperate", "\u05E9\u05DC\u05D5\u05DD");
    assertThat(tokens("\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645 a\u200D b\u200C\u200C,"))
        .containsExactly("\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645", "a", "b", ",");
    assertThat(tokens("a\u0000b\tc\u2028d\u3000e\u00A0f"))
        .containsExactly("a", "b", "c", "d", "e", "f");
    assertThat(tokens("")).isEmpty();
    assertThat(tokens(" \u200B\u200D\u202E\n")).isEmpty();
  }

  @Test
  void whatIsDrawnAsOneEmojiIsOneToken() {
    String family = "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67";
    String thumb = "\uD83D\uDC4D\uD83C\uDFFD";
    String swiss = "\uD83C\uDDE8\uD83C\uDDED";
    String german = "\uD83C\uDDE9\uD83C\uDDEA";
    assertThat(tokens("ok" + family + thumb + swiss + german + "\u2764\uFE0F\u200D!"))
        .containsExactly("ok", family, thumb, swiss, german, "\u2764", "!");
    assertThat(tokens("1\uFE0F\u20E3")).containsExactly("1\u20E3");
    assertThat(
            tokens(
                new WordTokeniser(true, Punctuation.DROP, Chinese.WORDS),
                "wow!!! " + thumb + " #ok"))
        .containsExactly("wow", "ok");
  }

  @Test
  void scriptsWithoutSpacesArePartedBehindEachLetter() {
    assertThat(tokens("\u30AB\u30BF \u3072\u3089 iPhone13\u30AB"))
        .containsExactly("\u30AB", "\u30BF", "\u3072", "\u3089", "iphone13", "\u30AB");
    // Thai letters keep their vowels and tones.
    assertThat(tokens("\u0E17\u0E35\u0E48\u0E17")).containsExactly("\u0E17\u0E35\u0E48", "\u0E17");
    assertThat(
            tokens(
                new WordTokeniser(true, Punctuation.KEEP, Chinese.CHARACTERS),
                "\u6211\u7231\u5317\u4EAC\uFF01\uD842\uDFB7"))
        .containsExactly("\u6211", "\u7231", "\u5317", "\u4EAC", "\uFF01", "\uD842\uDFB7");
  }

  @Test
  void chineseWordsAreThoseOfTheDictionary() {
    assertThat(tokens("我爱北京天安门，iPhone手机1998年。"))
        .containsExactly("我", "爱", "北京", "天安门", "，", "iphone", "手机", "1998", "年", "。");
    assertThat(tokens("质量很好，非常满意")).containsExactly("质量", "很", "好", "，", "非常", "满意");
    // The dictionary knows nothing beyond the 16-bit plane, and no characters with marks on them.
    assertThat(tokens("北京\uD842\uDFB7北京")).containsExactly("北京", "\uD842\uDFB7", "北京");
    assertThat(tokens("北京\u302A京")).containsExactly("北", "京\u302A", "京");
  }

  @Test
  void surrogatesWithoutTheirPairsAreReplaced() {
    assertThat(tokens("a\uD83D b\uDE00\uD83D"))
        .containsExactly("a", "\uFFFD", "b", "\uFFFD", "\uFFFD");
    assertThat(tokens(new CharacterTokeniser(false), "a\uD83D\uD83D\uDE00\uDE00"))
        .containsExactly("a", "\uFFFD", "\uD83D\uDE00", "\uFFFD");
  }

  @Test
  void charactersAreCodePointsOfTheNormalForm() {
    assertThat(tokens(new CharacterTokeniser(false), "Ze\u0301 \uD83D\uDC4D\uD83C\uDFFD\n我"))
        .containsExactly("Z", "\u00E9", " ", "\uD83D\uDC4D", "\uD83C\uDFFD", "\n", "我");
    assertThat(tokens(new CharacterTokeniser(true), "ÀB")).containsExactly("à", "b");
    assertThat(tokens(new CharacterTokeniser(true), "")).isEmpty();
  }

  @Test
  void longTokensAreCutBetweenCharacters() {
    assertThat(tokens("x".repeat(600)))
        .containsExactly("x".repeat(255), "x".repeat(255), "x".repeat(90));
    String letter = "\uD835\uDCB3";
    assertThat(tokens(letter.repeat(300))).containsExactly(letter.repeat(255), letter.repeat(45));
  }

  /** Putting marks of different heights in order takes time by the square of their number. */
  @Test
  void ofMarksWithoutEndTheFirstAreKept() {
    assertThat(tokens("a" + "\u0301\u0330".repeat(500_000) + "b"))
        .containsExactly("\u00E1" + "\u0330".repeat(15) + "\u0301".repeat(14) + "b");
  }

  /** A megabyte of anything, as one word, one mark, one Chinese sentence, or mixed. */
  @ParameterizedTest
  @ValueSource(strings = {"x", "\u03A3", "我", "\uD83D\uDC4D\u200D", "ab 我爱你,", ".a", "\uD83D", "'"})
  void textsOfAMegabyteAreNoTrouble(String piece) {
    String text = piece.repeat(1_000_000 / piece.length());
    Map<Integer, Integer> lengths = new HashMap<>();
    STANDARD.tokenise(
        text, token -> lengths.merge(token.codePointCount(0, token.length()), 1, Integer::sum));
    assertThat(lengths.keySet()).allMatch(length -> length >= 1 && length <= 255);
    long characters =
        lengths.entrySet().stream().mapToLong(each -> (long) each.getKey() * each.getValue()).sum();
    long seen = text.codePoints().filter(point -> point != ' ').count();
    // But for the joiner at the end of a token nothing is lost.
    assertThat(characters).isBetween(seen - 1, seen);
  }

  /** Whatever the text is: no token is empty, has white space in it or half a character. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void anyTextGivesTokens(long seed) {
    Random random = new Random(seed);
    int[] starts = {
      0, 0x300, 0x600, 0xE00, 0x2000, 0x3000, 0x4E00, 0xD7F0, 0xFE00, 0x1F1E0, 0x1F3F0, 0x20000,
      0xE0000
    };
    for (int i = 0; i < 500; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(40); j > 0; j--) {
        int point = starts[random.nextInt(starts.length)] + random.nextInt(64);
        if (point >= 0xD800 && point < 0xE000) {
          text.append((char) point);
        } else {
          text.appendCodePoint(point);
        }
      }
      for (String token : tokens(text.toString())) {
        assertThat(token).isNotEmpty().isEqualTo(token.toLowerCase(Locale.ROOT));
        assertThat(
                token
                    .codePoints()
                    .noneMatch(
                        point ->
                            Character.isWhitespace(point) || (point >= 0xD800 && point < 0xE000)))
            .isTrue();
      }
    }
  }
}
