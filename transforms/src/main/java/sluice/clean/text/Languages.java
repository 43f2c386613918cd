package sluice.clean.text;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The languages that {@link LanguageDetector} tells apart, by their codes. */
final class Languages {
  /** By ISO 639-3. */
  static final List<String> ALL =
      List.of(
          "afr", "ara", "ast", "aze", "bak", "bel", "ben", "bos", "bre", "bul", "cat", "ceb", "ces",
          "che", "cmn", "cym", "dan", "deu", "ekk", "ell", "eng", "epo", "est", "eus", "fao", "fas",
          "fin", "fra", "fry", "gle", "glg", "gsw", "guj", "heb", "hin", "hrv", "hun", "hye", "ind",
          "isl", "ita", "jav", "jpn", "kan", "kat", "kaz", "kir", "kor", "lat", "lav", "lim", "lit",
          "ltz", "lvs", "mal", "mar", "min", "mkd", "mlt", "mon", "mri", "msa", "nan", "nds", "nep",
          "nld", "nno", "nob", "oci", "pan", "pes", "plt", "pnb", "pol", "por", "pus", "ron", "rus",
          "san", "sin", "slk", "slv", "som", "spa", "sqi", "srp", "sun", "swa", "swe", "tam", "tat",
          "tel", "tgk", "tgl", "tha", "tur", "ukr", "urd", "uzb", "vie", "vol", "war", "zul");

  /**
   * Codes of ISO 639-1 whose language the model knows by others: a written standard of a
   * macrolanguage, or two where it learnt both names.
   */
  private static final Map<String, List<String>> SEVERAL =
      Map.of(
          "zh", List.of("cmn"),
          "et", List.of("ekk", "est"),
          "lv", List.of("lav", "lvs"),
          "fa", List.of("fas", "pes"),
          "mg", List.of("plt"),
          "no", List.of("nno", "nob"),
          "pa", List.of("pan", "pnb"));

  private static final Map<String, String> OF_TWO_LETTERS = ofTwoLetters();

  private Languages() {}

  /** The model's codes of a language; none if it does not know it. */
  static List<String> codes(String code) {
    if (ALL.contains(code)) {
      return List.of(code);
    }
    List<String> several = SEVERAL.get(code);
    if (several != null) {
      return several;
    }
    String three = OF_TWO_LETTERS.get(code);
    return three == null ? List.of() : List.of(three);
  }

  private static Map<String, String> ofTwoLetters() {
    Map<String, String> codes = new TreeMap<>();
    for (String two : Locale.getISOLanguages()) {
      String three = Locale.forLanguageTag(two).getISO3Language();
      if (ALL.contains(three)) {
        codes.put(two, three);
      }
    }
    return codes;
  }
}
