package sluice.clean.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.clean.Rule.At;
import sluice.clean.text.C4Quality.Lines;
import sluice.clean.text.GopherQuality.LineBounds;
import sluice.clean.text.GopherQuality.WordBounds;
import sluice.data.InvalidInput;
import sluice.data.RawRecord;

class RejectQualityTest {
  private static final C4Quality C4 = C4Quality.OF_C4;

  private static final Repetition REPETITION =
      new Repetition(
          0.3, 0.3, 0.2, 0.2, List.of(0.2, 0.18, 0.16), List.of(0.15, 0.14, 0.13, 0.12, 0.11, 0.1));

  /** Every share may be 1. */
  private static final Repetition ANY =
      new Repetition(1, 1, 1, 1, List.of(1.0, 1.0, 1.0), List.of(1.0, 1.0, 1.0, 1.0, 1.0, 1.0));

  private static final GopherQuality GOPHER = GopherQuality.OF_MASSIVE_TEXT;

  /** Sixty words, all of them different but for the stop words. */
  private static final String PROSE =
      "The harbour was quiet that morning, and nobody had expected a ship to come in before noon."
          + " When it did, people ran down from their houses with baskets on their arms.\n"
          + "Some of them hoped for letters; others only wanted cheap fish, lemons, or news about"
          + " wars which seemed very far away. My grandmother sold bread there until she turned"
          + " eighty, always laughing, never once late.";

  @Test
  void c4TakesLinesThatAreSentences() {
    String page =
        """
        Home | About | Contact
        This is a good line of text. It has two sentences!
        Please enable Javascript to see this page.
        We use cookies to make this page better.
        Too short.
        This one is cut off somewhere in the...
          "And this one is what somebody said."\s\s
        """;
    assertThat(C4.problem(page)).isEmpty();
    assertThat(C4.kept(page))
        .isEqualTo(
            "This is a good line of text. It has two sentences!\n"
                + "\"And this one is what somebody said.\"");
    assertThat(new C4Quality(5, 3, Lines.KEEP).kept(page)).isEqualTo(page);
    assertThat(new C4Quality(5, 4, Lines.DROP).problem(page))
        .contains("has sentence count 3, must be at least 4 (c4)");
    assertThat(C4.problem("")).contains("has sentence count 0, must be at least 3 (c4)");
    String plain = " One two three four five. One two. One two?\r\n";
    assertThat(C4.kept(plain)).isEqualTo("One two three four five. One two. One two?");
    assertThat(C4.kept(plain.strip())).isEqualTo(plain.strip());
  }

  @Test
  void c4RejectsCodeAndFiller() {
    String good = "Here are five words now. Here are five more words. And these are the last five.";
    assertThat(C4.problem(good)).isEmpty();
    assertThat(C4.problem(good + "\nLorem Ipsum dolor"))
        .contains("has count of lorem ipsum 1, must be at most 0 (c4)");
    assertThat(C4.problem(good + "\nif (x) { y(); } else { z(); }"))
        .contains("has count of curly brackets 2, must be at most 0 (c4)");
    assertThat(C4.problem(good.replace("words", "w".repeat(1001))))
        .contains("has sentence count 0, must be at least 3 (c4)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Mr. Smith said so and left at 5.30 already.|2",
        "What?! He said \"no\" and then left us.|2",
        "He said: \"Go away now.\" Then he left.|2",
        "\u4ed6\u8bf4\u4ed6\u4e0d\u6765\u4e86\u3002\u4e3a\u4ec0\u4e48\uff1f\u201c\u6ca1\u6709\u65f6\u95f4\u3002\u201d|3",
        "\u4ed6\u8bf4\u300c\u4f60\u597d\u300d\u7136\u540e\u8d70\u4e86\uff01\uff01|1"
      })
  void sentencesEndWithTerminalMarks(String line, int sentences) {
    assertThat(new C4Quality(1, sentences, Lines.DROP).problem(line)).isEmpty();
    assertThat(new C4Quality(1, sentences + 1, Lines.DROP).problem(line))
        .contains(
            "has sentence count %s, must be at least %s (c4)".formatted(sentences, sentences + 1));
  }

  @Test
  void gopherKeepsProse() {
    assertThat(GOPHER.problem(PROSE)).isEmpty();
    assertThat(GOPHER.kept(PROSE)).isEqualTo(PROSE);
  }

  @Test
  void gopherNamesHeuristicValueAndThreshold() {
    assertThat(GOPHER.problem("To be or not to be."))
        .contains("has word count 6, must be at least 50 (gopher)");
    assertThat(GOPHER.problem("")).contains("has word count 0, must be at least 50 (gopher)");
    assertThat(GOPHER.problem("of the ".repeat(50_001)))
        .contains("has word count 100002, must be at most 100000 (gopher)");
    assertThat(GOPHER.problem("of a ".repeat(30)))
        .contains("has mean word length 1.5000, must be at least 3 (gopher)");
    assertThat(GOPHER.problem("incomprehensible ".repeat(50)))
        .contains("has mean word length 16, must be at most 10 (gopher)");
    assertThat(GOPHER.problem(PROSE + " #one #two #three #four #five #six #seven #eight"))
        .contains("has hash-to-word ratio 0.1081, must be at most 0.1 (gopher)");
    assertThat(GOPHER.problem(PROSE + " ...\u2026 ... \u2026 well\u2026 yes... no... so..."))
        .contains("has ellipsis-to-word ratio 0.1096, must be at most 0.1 (gopher)");
    assertThat(GOPHER.problem(PROSE + " 1234".repeat(20)))
        .contains("has share of alphabetic words 0.7674, must be at least 0.8 (gopher)");
    assertThat(GOPHER.problem(PROSE.replaceAll("(?i)\\b(the|to|of|and|that|with)\\b", "xyz")))
        .contains("has stop word count 0, must be at least 2 (gopher)");
  }

  @Test
  void gopherLooksAtLines() {
    String points = "- " + PROSE.replace('\n', ' ').replaceAll("((?:\\S+\\s+){6})", "$1\n\u2022 ");
    assertThat(GOPHER.problem(points))
        .contains("has share of bullet lines 1, must be at most 0.9 (gopher)");
    assertThat(
            new GopherQuality(
                    new WordBounds(1, 1000, 0, 100, 10, 0, List.of(), 0),
                    new LineBounds(0.9, 0.3),
                    ANY)
                .problem("one...\ntwo\u2026 \n\nthree\nfour\n-five"))
        .contains("has share of ellipsis lines 0.4000, must be at most 0.3 (gopher)");
  }

  @Test
  void repetitionIsMeasuredOnce() {
    assertThat(problem(bounds("lines", 0.3), "a b\nc d\na b\n\n a b \ne"))
        .contains("has share of duplicate lines 0.4000, must be at most 0.3 (gopher)");
    assertThat(problem(bounds("paragraphs", 0.3), "a\nb\n\nc\n \na\nb"))
        .contains("has share of duplicate paragraphs 0.3333, must be at most 0.3 (gopher)");
    assertThat(problem(bounds("line characters", 0.2), "aaa\nbbbb\naaa"))
        .contains(
            "has share of characters in duplicate lines 0.3000, must be at most 0.2 (gopher)");
    assertThat(problem(bounds("paragraph characters", 0.2), "aaa\n\nbbbb\n\naaa"))
        .contains(
            "has share of characters in duplicate paragraphs 0.3000, must be at most 0.2"
                + " (gopher)");
    // In "a b a b c", "a b" covers four of five characters, and "b a" is there once.
    assertThat(problem(bounds("2-grams", 0.5), "a b a b c"))
        .contains("has share of characters in the top 2-gram 0.8000, must be at most 0.5 (gopher)");
    // "a a" overlaps itself: no character counts twice.
    assertThat(problem(bounds("2-grams", 0.5), "a a a a"))
        .contains("has share of characters in the top 2-gram 1, must be at most 0.5 (gopher)");
    assertThat(problem(bounds("2-grams", 0), "a b c d")).isEmpty();
    assertThat(problem(bounds("5-grams", 0.3), "a b c d e x a b c d e"))
        .contains(
            "has share of characters in duplicate 5-grams 0.4545, must be at most 0.3"
                + " (gopher)");
  }

  /** The numbers of n-grams against n-grams that are written out. */
  @Test
  void sharesAreThoseOfNaiveCounts() {
    Random random = new Random(11);
    for (int i = 0; i < 300; i++) {
      List<String> words =
          IntStream.range(0, 1 + random.nextInt(40))
              .mapToObj(k -> List.of("a", "bb", "ccc").get(random.nextInt(3)))
              .toList();
      for (int n = 5; n <= 10; n++) {
        boolean[] within = new boolean[words.size()];
        List<String> seen = new ArrayList<>();
        for (int k = 0; k + n <= words.size(); k++) {
          String ngram = String.join(" ", words.subList(k, k + n));
          if (seen.contains(ngram)) {
            Arrays.fill(within, k, k + n, true);
          }
          seen.add(ngram);
        }
        int covered = 0;
        for (int k = 0; k < within.length; k++) {
          covered += within[k] ? words.get(k).length() : 0;
        }
        double share = covered / (double) String.join("", words).length();
        String text = String.join(" ", words);
        assertThat(problem(bounds(n + "-grams", share), text)).isEmpty();
        if (covered > 0) {
          assertThat(problem(bounds(n + "-grams", Math.nextDown(share)), text)).isPresent();
        }
      }
    }
  }

  /** Thresholds for Chinese, whose characters are words. */
  @Test
  void gopherCanJudgeChinese() {
    GopherQuality chinese =
        new GopherQuality(
            new WordBounds(
                20, 1000, 1, 3, 0.1, 0.8, List.of("\u7684", "\u4e86", "\u662f", "\u5728"), 2),
            new LineBounds(0.9, 0.3),
            REPETITION);
    String text =
        "\u6e2f\u53e3\u90a3\u5929\u65e9\u6668\u5f88\u5b89\u9759\uff0c\u8239\u5230\u4e2d\u5348\u624d"
            + "\u6765\u3002\u7956\u6bcd\u5728\u7801\u5934\u5356\u9762\u5305\uff0c\u5979\u7684\u7b11"
            + "\u58f0\u6211\u8fd8\u8bb0\u5f97\u3002";
    assertThat(chinese.problem(text)).isEmpty();
    assertThat(chinese.problem(text.repeat(2))).isPresent();
  }

  @Test
  @Timeout(20)
  void longTextsEnd() {
    Random random = new Random(1);
    StringBuilder text = new StringBuilder();
    while (text.length() < 600_000) {
      text.append("the and ").append(Integer.toString(random.nextInt(), 36)).append(' ');
    }
    assertThat(GOPHER.problem(text.toString())).isPresent();
    assertThat(C4.problem("A good line. ".repeat(800_000))).isEmpty();
    assertThat(C4.problem("\".".repeat(5_000_000))).isPresent();
  }

  @Test
  void aRuleRejectsOrLeavesLinesOut() {
    RejectQuality rule = new RejectQuality("text", C4, At.ALWAYS);
    RawRecord page =
        RawRecord.of(
            java.util.Map.of(
                "text", "Menu\nOne two three four five. Six. Seven eight nine.", "n", 1));
    assertThat(rule.rejection(page)).isNull();
    assertThat(rule.change(page))
        .isEqualTo(page.with("text", "One two three four five. Six. Seven eight nine."));
    assertThat(rule.rejection(page.with("text", "Menu")))
        .isEqualTo("text: \"Menu\" has sentence count 0, must be at least 3 (c4)");
    assertThat(rule.rejection(page.with("text", null))).isNull();
    assertThat(rule.without("text")).isEmpty();
    assertThat(rule.without("n")).isEqualTo(Optional.of(rule));
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThatThrownBy(() -> new C4Quality(-1, 0, Lines.DROP))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "words-at-least must be at least 0, got -1\nsentences-at-least must be at least 1, got 0");
    assertThatThrownBy(() -> new WordBounds(5, 4, 3, 2, -1, 2, List.of("a"), 2))
        .hasMessage(
            """
            at-most must be at least 5, got 4
            mean-length-at-most must be at least 3, got 2
            symbols-at-most must be at least 0, got -1
            alphabetic-at-least must be between 0 and 1, got 2
            stop-words-at-least must be between 0 and 1, got 2""");
    assertThatThrownBy(() -> new LineBounds(2, -1))
        .hasMessage(
            "bullets-at-most must be between 0 and 1, got 2\n"
                + "ellipses-at-most must be between 0 and 1, got -1");
    assertThatThrownBy(
            () -> new Repetition(1, 1, 1, 1, List.of(0.1), List.of(1.0, 1.0, 1.0, 1.0, 1.0, 7.0)))
        .hasMessage(
            "top-ngrams-at-most must have 3 numbers, got 1\n"
                + "duplicate-ngrams-at-most[5] must be between 0 and 1, got 7");
  }

  private static Optional<String> problem(Repetition repetition, String text) {
    return repetition.violation(text, SpacedWords.of(text)).map(Violation::text);
  }

  /** One bound, and no other. */
  private static Repetition bounds(String name, double most) {
    List<Double> tops = new ArrayList<>(List.of(1.0, 1.0, 1.0));
    List<Double> duplicates = new ArrayList<>(List.of(1.0, 1.0, 1.0, 1.0, 1.0, 1.0));
    if (name.endsWith("-grams")) {
      int n = Integer.parseInt(name.replace("-grams", ""));
      (n < 5 ? tops : duplicates).set(n < 5 ? n - 2 : n - 5, most);
    }
    return new Repetition(
        name.equals("lines") ? most : 1,
        name.equals("paragraphs") ? most : 1,
        name.equals("line characters") ? most : 1,
        name.equals("paragraph characters") ? most : 1,
        tops,
        duplicates);
  }
}
