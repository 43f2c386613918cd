package sluice.clean.text;

import java.lang.Character.UnicodeScript;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tells the language of a text whose letters are all of a script that of the languages of {@link
 * Languages} one alone is written in: a single letter is enough. Chinese characters without any
 * other letter are Chinese from five on: Japanese of that length has Kana between them. Cyrillic
 * letters are of several languages.
 */
final class LanguageOfScript {
  private static final Map<UnicodeScript, String> LANGUAGES =
      Map.ofEntries(
          Map.entry(UnicodeScript.ARMENIAN, "hye"),
          Map.entry(UnicodeScript.GEORGIAN, "kat"),
          Map.entry(UnicodeScript.GREEK, "ell"),
          Map.entry(UnicodeScript.GUJARATI, "guj"),
          Map.entry(UnicodeScript.GURMUKHI, "pan"),
          Map.entry(UnicodeScript.HANGUL, "kor"),
          Map.entry(UnicodeScript.HEBREW, "heb"),
          Map.entry(UnicodeScript.HIRAGANA, "jpn"),
          Map.entry(UnicodeScript.KANNADA, "kan"),
          Map.entry(UnicodeScript.KATAKANA, "jpn"),
          Map.entry(UnicodeScript.MALAYALAM, "mal"),
          Map.entry(UnicodeScript.SINHALA, "sin"),
          Map.entry(UnicodeScript.TAMIL, "tam"),
          Map.entry(UnicodeScript.TELUGU, "tel"),
          Map.entry(UnicodeScript.THAI, "tha"));

  private static final int LEAST_CHINESE = 5;

  private LanguageOfScript() {}

  /** The language's code of ISO 639-3; none if the script does not tell it. */
  static Optional<String> of(String text) {
    Set<UnicodeScript> scripts = EnumSet.noneOf(UnicodeScript.class);
    text.codePoints()
        .filter(Character::isLetter)
        .mapToObj(UnicodeScript::of)
        .filter(script -> script != UnicodeScript.COMMON)
        .forEach(scripts::add);
    if (scripts.contains(UnicodeScript.HIRAGANA) || scripts.contains(UnicodeScript.KATAKANA)) {
      // Japanese is written in both and in Chinese characters between them.
      scripts.remove(UnicodeScript.HAN);
    }
    if (scripts.equals(EnumSet.of(UnicodeScript.HAN))) {
      long letters = text.codePoints().filter(Character::isLetter).count();
      return letters >= LEAST_CHINESE ? Optional.of("cmn") : Optional.empty();
    }
    Set<String> languages =
        scripts.stream()
            .map(script -> LANGUAGES.getOrDefault(script, ""))
            .collect(Collectors.toSet());
    return languages.size() == 1
        ? languages.stream().filter(language -> !language.isEmpty()).findFirst()
        : Optional.empty();
  }
}
