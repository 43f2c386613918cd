package sluice.clean.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sluice.clean.Rule.At;
import sluice.clean.text.RejectLength.Unit;
import sluice.data.InvalidInput;
import sluice.data.RawRecord;

class RejectLengthTest {

  @Test
  void wordsAreWhatStandsBetweenWhiteSpaceAndIdeographs() {
    assertThat(SpacedWords.of("  Two words,\u3000\u00a0and-more\n"))
        .containsExactly("Two", "words,", "and-more");
    assertThat(SpacedWords.of("\u4f60\u597d\u3002\u201c\u4e16\u754c\u201d2024\u5e74"))
        .containsExactly(
            "\u4f60", "\u597d\u3002\u201c", "\u4e16", "\u754c\u201d", "2024", "\u5e74");
    assertThat(SpacedWords.of("abc\u4e2d\u6587def"))
        .containsExactly("abc", "\u4e2d", "\u6587", "def");
    assertThat(SpacedWords.of("\u30e9\u30fc\u30e1\u30f3"))
        .containsExactly("\u30e9", "\u30fc", "\u30e1", "\u30f3");
    assertThat(SpacedWords.of("\ud840\udc00\ud840\udc01"))
        .containsExactly("\ud840\udc00", "\ud840\udc01");
    assertThat(SpacedWords.of("... \u2026 \ud83d\ude00\ud83d\ude00"))
        .containsExactly("...", "\u2026", "\ud83d\ude00\ud83d\ude00");
    assertThat(SpacedWords.of("(\u4e2d) a")).containsExactly("(\u4e2d)", "a");
    assertThat(SpacedWords.of("")).isEmpty();
    assertThat(SpacedWords.of(" \n")).isEmpty();
    assertThat(SpacedWords.characters(List.of("a b", "\ud83d\ude00\u3000c"))).isEqualTo(4);
  }

  @Test
  void theLengthIsToldInItsUnit() {
    RejectLength characters = rule(2, 3, Unit.CHARACTERS);
    assertThat(characters.problem("\ud83d\ude00"))
        .isEqualTo("has 1 character, must have at least 2");
    assertThat(characters.problem("")).isEqualTo("has 0 characters, must have at least 2");
    assertThat(characters.problem("\ud83d\ude00\ud83d\ude00\ud83d\ude00")).isNull();
    assertThat(characters.problem("abcd")).isEqualTo("has 4 characters, must have at most 3");
    assertThat(rule(2, null, Unit.WORDS).problem("one"))
        .isEqualTo("has 1 word, must have at least 2");
    assertThat(rule(null, 3, Unit.WORDS).problem("\u56db\u4e2a\u8bcd\u8bed"))
        .isEqualTo("has 4 words, must have at most 3");
    assertThat(rule(0, null, Unit.WORDS).problem("")).isNull();
  }

  @Test
  void allTextsOfARowAreJudged() {
    RejectLength rule = new RejectLength(List.of("a", "b"), 2, null, Unit.CHARACTERS, At.ALWAYS);
    Map<String, @Nullable String> row = new HashMap<>(Map.of("a", "x", "b", "y"));
    assertThat(rule.rejection(RawRecord.of(row)))
        .isEqualTo(
            "a: \"x\" has 1 character, must have at least 2; b: \"y\" has 1 character, must have"
                + " at least 2");
    row.put("a", null);
    row.put("b", "yy");
    assertThat(rule.rejection(RawRecord.of(row))).isNull();
    assertThat(rule.without("a"))
        .isEqualTo(
            Optional.of(new RejectLength(List.of("b"), 2, null, Unit.CHARACTERS, At.ALWAYS)));
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThatThrownBy(() -> new RejectLength(List.of(), null, null, Unit.WORDS, At.ALWAYS))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("columns must not be empty\nat-least or at-most must be given");
    assertThatThrownBy(() -> rule(-1, -2, Unit.WORDS))
        .hasMessage(
            """
            at-least must be at least 0, got -1
            at-most must be at least 0, got -2
            at-least must be at most at-most, got -1 and -2""");
  }

  private static RejectLength rule(@Nullable Integer atLeast, @Nullable Integer atMost, Unit unit) {
    return new RejectLength(List.of("text"), atLeast, atMost, unit, At.ALWAYS);
  }
}
