package sluice.clean.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import opennlp.tools.langdetect.Language;
import opennlp.tools.langdetect.LanguageDetectorME;
import opennlp.tools.langdetect.LanguageDetectorModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.clean.Rule.At;
import sluice.data.Decimal;
import sluice.data.InvalidInput;

class RejectLanguageTest {
  private static final String ENGLISH =
      "The committee met on Thursday to discuss how the new library could be paid for, and whether"
          + " the old building should be sold.";
  private static final String GERMAN =
      "Der Ausschuss trat am Donnerstag zusammen, um zu beraten, wie die neue Bibliothek bezahlt"
          + " werden kann.";
  private static final String CHINESE =
      "\u59d4\u5458\u4f1a\u661f\u671f\u56db\u5f00\u4f1a\uff0c\u8ba8\u8bba\u65b0\u56fe\u4e66\u9986\u7684"
          + "\u7ecf\u8d39\u4ece\u54ea\u91cc\u6765\uff0c\u65e7\u697c\u8981\u4e0d\u8981\u5356\u6389\u3002";

  @ParameterizedTest
  @CsvSource({
    "en,eng",
    "eng,eng",
    "zh,cmn",
    "cmn,cmn",
    "de,deu",
    "no,nno nob",
    "fa,fas pes",
    "fr,fra",
    "ja,jpn"
  })
  void languagesHaveTwoCodes(String code, String codes) {
    assertThat(Languages.codes(code)).containsExactly(codes.split(" ", -1));
  }

  @Test
  void theLanguagesAreThoseOfTheModel() {
    assertThat(Languages.ALL).containsExactly(LanguageDetector.languages());
    assertThat(Languages.codes("xx")).isEmpty();
    assertThat(Languages.codes("tlh")).isEmpty();
  }

  @Test
  void aTextInALanguageThatIsKeptIsKept() {
    RejectLanguage rule = rule("en", "zh");
    assertThat(rule.problem(ENGLISH)).isNull();
    assertThat(rule.problem(CHINESE)).isNull();
    assertThat(rule.problem(GERMAN))
        .matches(
            "is deu with a confidence of 0\\.[6-9]\\d{3}, must be cmn or eng with at least 0\\.5");
  }

  /** A word says little; what has no letters says nothing. */
  @Test
  void shortTextsAreUnsure() {
    RejectLanguage rule = rule("en");
    assertThat(rule.problem("ok"))
        .matches("is [a-z]{3} with a confidence of 0\\.50\\d{2}, must be eng with at least 0\\.5");
    for (String text :
        List.of("", " ", "12:30", "\ud83d\ude00", "\u202e\u200b", "\ud800\udf30", "\ud83d")) {
      assertThat(rule.problem(text))
          .as(text)
          .isEqualTo("has no letters that tell a language, must be eng with at least 0.5");
    }
  }

  /** Where one language alone is written in a script, a letter or two tell it. */
  @ParameterizedTest
  @CsvSource({
    "\u03bd\u03b1\u03b9,ell",
    "\uc548\ub155,kor",
    "\ub124,kor",
    "\u306f\u3044,jpn",
    "\u30ab\u30e1\u30e9,jpn",
    "\u9ad8\u3044 12:30!,jpn",
    "\u05db\u05df,heb",
    "\u0e14\u0e35,tha",
    "\u10d9\u10d8,kat",
    "\u0561\u0575\u0578,hye",
    "\u0b86\u0bae\u0bcd,tam",
    "\u8d28\u91cf\u5f88\u597d\uff01\u503c,cmn"
  })
  void aScriptOfOneLanguageTellsIt(String text, String language) {
    assertThat(LanguageDetector.guess(text)).contains(new LanguageDetector.Guess(language, 1));
  }

  /** Chinese characters, Cyrillic and Latin letters are of several languages: the model decides. */
  @Test
  void otherScriptsAreUpToTheModel() {
    for (String text :
        List.of(
            "\u597d",
            "\u6771\u4eac\u90fd\u5e81",
            "\u0434\u0430",
            "ok",
            "\uc548\ub155 hello",
            "\u03bd\u03b1\u03b9 \uc548\ub155",
            "\u597d\uc548")) {
      assertThat(LanguageOfScript.of(text)).as(text).isEmpty();
    }
  }

  /** The library's own detector comes to the same. */
  @Test
  void theModelIsAskedAsTheLibraryDoes() throws Exception {
    LanguageDetectorME library;
    try (InputStream in =
        Objects.requireNonNull(getClass().getResourceAsStream(LanguageDetector.RESOURCE))) {
      library = new LanguageDetectorME(new LanguageDetectorModel(in));
    }
    for (String text :
        List.of(
            ENGLISH,
            GERMAN,
            CHINESE + " ok",
            "ok",
            "hahahaha http://x.y #z @me :)",
            "Ha" + "ha".repeat(40))) {
      Language[] expected = library.predictLanguages(text);
      double likeliest = expected[0].getConfidence();
      LanguageDetector.Guess guess = LanguageDetector.guess(text).orElseThrow();
      assertThat(guess.language()).isEqualTo(expected[0].getLang());
      assertThat(guess.confidence())
          .isCloseTo(likeliest / (likeliest + expected[1].getConfidence()), within(1e-9));
    }
  }

  /** Only the beginning is looked at, and no stack is too small for laughter. */
  @Test
  void longTextsAreToldByTheirBeginning() throws Exception {
    String long1 = ENGLISH + " ha" + "ha".repeat(5_000_000);
    FutureTask<List<LanguageDetector.Guess>> work =
        new FutureTask<>(
            () ->
                List.of(
                    LanguageDetector.guess(long1).orElseThrow(),
                    LanguageDetector.guess(long1 + GERMAN.repeat(100)).orElseThrow(),
                    LanguageDetector.guess("ha".repeat(5_000_000)).orElseThrow()));
    new Thread(null, work, "small stack", 256 << 10).start();
    List<LanguageDetector.Guess> guesses = work.get();
    assertThat(guesses.get(0).language()).isEqualTo("eng");
    assertThat(guesses.get(1)).isEqualTo(guesses.get(0));
  }

  @Test
  void manyThreadsAreToldTheSame() throws Exception {
    Map<String, LanguageDetector.Guess> alone =
        Map.of(
            ENGLISH, LanguageDetector.guess(ENGLISH).orElseThrow(),
            GERMAN, LanguageDetector.guess(GERMAN).orElseThrow(),
            CHINESE, LanguageDetector.guess(CHINESE).orElseThrow());
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Boolean>> work = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        alone.forEach(
            (text, guess) ->
                work.add(() -> LanguageDetector.guess(text).orElseThrow().equals(guess)));
      }
      for (Future<Boolean> same : threads.invokeAll(work)) {
        assertThat(same.get()).isTrue();
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void theConfidenceIsABound() {
    double confidence = LanguageDetector.guess(GERMAN).orElseThrow().confidence();
    assertThat(new RejectLanguage("t", List.of("de"), confidence, At.ALWAYS).problem(GERMAN))
        .isNull();
    double above = Math.nextUp(confidence);
    assertThat(new RejectLanguage("t", List.of("de"), above, At.ALWAYS).problem(GERMAN))
        .isEqualTo(
            "is deu with a confidence of %s, must be deu with at least %s"
                .formatted(Decimal.rounded(confidence), Decimal.text(above)));
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThatThrownBy(
            () -> new RejectLanguage("t", List.of("en", "xx", "Klingon"), 1.5, At.ALWAYS))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "keep must name languages that are told apart, got xx, Klingon; there are "
                + String.join(", ", Languages.ALL)
                + "\nat-least must be between 0 and 1, got 1.5");
    assertThatThrownBy(() -> new RejectLanguage("t", List.of(), 0.5, At.ALWAYS))
        .hasMessage("keep must not be empty");
  }

  private static RejectLanguage rule(String... keep) {
    return new RejectLanguage("text", List.of(keep), 0.5, At.ALWAYS);
  }
}
