package sluice.clean.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.Normalizer;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.clean.Rule.At;
import sluice.clean.text.NormaliseText.Controls;
import sluice.clean.text.NormaliseText.Form;
import sluice.clean.text.NormaliseText.Spaces;

class NormaliseTextTest {
  /** As the defaults are. */
  private static final NormaliseText NFC = rule(Form.NFC, Spaces.COLLAPSE, Controls.REMOVE);

  private static NormaliseText rule(Form form, Spaces spaces, Controls controls) {
    return new NormaliseText(List.of(), form, spaces, controls, At.ALWAYS);
  }

  static Stream<Arguments> texts() {
    return Stream.of(
        // Controls, and what stands for a half.
        text("a\u0000b\u0007c\u007fd\u009fe", "abcde"),
        text("\u0000", null),
        text("", null),
        text("\ud83d", "\ufffd"),
        text("a\ude00\ud83db", "a\ufffd\ufffdb"),
        text("\ud83d\ude00", "\ud83d\ude00"),
        // White space of every kind.
        text(" a\t\u00a0\u3000b\r\n\u2028c\u0085", "a b c"),
        text("\u2003", null),
        // Right to left, zero width, byte order mark, soft hyphen, word joiner.
        text("\u202eabc\u202c\u2067x\u2069", "abcx"),
        text("pass\u200bword\ufeff\u00ad\u2060\u200e\u061c", "password"),
        text("e\u200b\u0301", "\u00e9"),
        // Hidden in tags.
        text("hi\udb40\udc69\udb40\udc67", "hi"),
        // Marks without a base stay.
        text("\u0301a", "\u0301a"),
        // Persian needs the non-joiner, and so does Devanagari; Latin does not.
        text(
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"),
        text("\u0928\u094d\u200d", "\u0928\u094d\u200d"),
        text("\u0915\u094d\u200c\u0937", "\u0915\u094d\u200c\u0937"),
        text("\u09b0\u200d\u09cd\u09af", "\u09b0\u200d\u09cd\u09af"),
        text("ab\u200ccd\u200def", "abcdef"),
        text("\u0645\u200cabc", "\u0645abc"),
        text("\u200c\u0645\u200c", "\u0645"),
        text("\u0645\u064e\u200c\u062e", "\u0645\u064e\u200c\u062e"),
        text("\u0915\u094d\u0323\u200d.", "\u0915\u094d\u0323\u200d."),
        // Of a run of them one stays.
        text("\u0645\u200b\u200c\u200c\u200b\u062e", "\u0645\u200c\u062e"),
        // A family, a flag with a heart, a dark runner, England; a joiner at the end is none.
        text(
            "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67",
            "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67"),
        text("\ud83c\udff3\ufe0f\u200d\ud83c\udf08", "\ud83c\udff3\ufe0f\u200d\ud83c\udf08"),
        text(
            "\ud83c\udfc3\ud83c\udfff\u200d\u2640\ufe0f",
            "\ud83c\udfc3\ud83c\udfff\u200d\u2640\ufe0f"),
        text("\ud83d\udc68\u200d", "\ud83d\udc68"),
        text("\ud83d\udc68\u200dx", "\ud83d\udc68x"),
        text("\ud83d\udc68\u200c\ud83d\udc69", "\ud83d\udc68\ud83d\udc69"),
        text(england(), england()),
        text(england().substring(0, 8), "\ud83c\udff4"));
  }

  private static String england() {
    StringBuilder flag = new StringBuilder("\ud83c\udff4");
    "gbeng".chars().forEach(c -> flag.appendCodePoint(0xe0000 + c));
    return flag.appendCodePoint(0xe007f).toString();
  }

  private static Arguments text(String text, @Nullable String normalised) {
    return Arguments.of(text, normalised);
  }

  @ParameterizedTest
  @MethodSource("texts")
  void whatIsNotSeenGoesAndWhatMeansSomethingStays(String text, @Nullable String normalised) {
    assertThat(NFC.changed(text)).isEqualTo(normalised);
  }

  @Test
  void theFormsAreThoseOfUnicode() {
    String text = "\ufb01\u00e9e\u0301\uff11\u2460\uac00";
    assertThat(rule(Form.NFC, Spaces.KEEP, Controls.KEEP).changed(text))
        .isEqualTo("\ufb01\u00e9\u00e9\uff11\u2460\uac00");
    assertThat(rule(Form.NFKC, Spaces.KEEP, Controls.KEEP).changed(text))
        .isEqualTo("fi\u00e9\u00e911\uac00");
    assertThat(rule(Form.NFD, Spaces.KEEP, Controls.KEEP).changed(text))
        .isEqualTo("\ufb01e\u0301e\u0301\uff11\u2460\u1100\u1161");
    assertThat(rule(Form.NFKD, Spaces.KEEP, Controls.KEEP).changed(text))
        .isEqualTo("fie\u0301e\u030111\u1100\u1161");
    assertThat(rule(Form.NONE, Spaces.KEEP, Controls.KEEP).changed(text)).isEqualTo(text);
  }

  @Test
  void whatIsKeptIsKept() {
    String text = " \u0000\u200ba\r\n\t\ufeff ";
    assertThat(rule(Form.NONE, Spaces.KEEP, Controls.KEEP).changed(text)).isEqualTo(text);
    assertThat(rule(Form.NONE, Spaces.KEEP, Controls.REMOVE).changed(text)).isEqualTo(" a\r\n\t ");
    assertThat(rule(Form.NONE, Spaces.COLLAPSE, Controls.KEEP).changed(text))
        .isEqualTo("\u0000\u200ba \ufeff");
  }

  @Test
  void linesStayLines() {
    assertThat(
            rule(Form.NFC, Spaces.LINES, Controls.REMOVE)
                .changed("\n one  line \r\n \n\u2029two\tlines\u00a0\n"))
        .isEqualTo("one line\ntwo lines");
  }

  /** A second time changes nothing, and of NFC and its like the result is one. */
  @Test
  void normalisedTextIsNormal() {
    Random random = new Random(7);
    String[] pieces = {
      "a",
      "e",
      "\u00e9",
      "\u1ebf",
      "\u0301",
      "\u0323",
      "\u0345",
      "\u0344",
      "\u200d",
      "\u200c",
      "\u200b",
      "\u0645",
      "\u0650",
      "\u0915",
      "\u094d",
      "\ud83d\udc68",
      "\ufe0f",
      "\ud83c\udfff",
      " ",
      "\n",
      "\u00a0",
      "\u3000",
      "\ufb01",
      "\ufdfa",
      "\u1100",
      "\u1161",
      "\u11a8",
      "\uac00",
      "\ud83d",
      "\udc00",
      "\u0000",
      "\u202e",
      "\u00b4",
      "\u034f",
      "\u0f73",
      "\u0f71"
    };
    for (int i = 0; i < 600; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(60); length > 0; length--) {
        // Runs of the same, since marks in a row are what goes wrong.
        text.append(pieces[random.nextInt(pieces.length)].repeat(1 + random.nextInt(i % 40 + 1)));
      }
      for (Form form : Form.values()) {
        for (Spaces spaces : Spaces.values()) {
          NormaliseText rule = rule(form, spaces, Controls.REMOVE);
          String once = rule.changed(text.toString());
          if (once != null) {
            assertThat(rule.changed(once)).as("%s of %s", rule, text).isEqualTo(once);
            if (form != Form.NONE) {
              assertThat(Normalizer.isNormalized(once, Normalizer.Form.valueOf(form.name())))
                  .as("%s of %s", rule, text)
                  .isTrue();
            }
          }
        }
      }
    }
  }

  /** Sorting so many marks by insertion would take hours. */
  @Test
  @Timeout(20)
  void timeGrowsWithTheTextAlone() {
    String marks = "\u0301\u0323".repeat(1_000_000);
    String safe = Objects.requireNonNull(NFC.changed("a" + marks));
    assertThat(safe).startsWith("\u1ea1\u0323").contains("\u034f");
    assertThat(safe.chars().filter(c -> c == 0x301).count()).isEqualTo(1_000_000);
    String joiners = "\u0645" + "\u200d".repeat(3_000_000) + "x";
    assertThat(NFC.changed(joiners)).isEqualTo("\u0645x");
    String words = "lorem\u00a0 ipsum\n".repeat(800_000);
    assertThat(words.length()).isGreaterThan(10_000_000);
    assertThat(NFC.changed(words)).isEqualTo("lorem ipsum ".repeat(800_000).strip());
  }
}
