package sluice.ingest.text;

import com.ibm.icu.text.CharsetDetector;
import com.ibm.icu.text.CharsetMatch;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The encodings that bytes which are not UTF-8 may have, the likeliest first: those that the
 * detector of ICU finds by the frequencies of byte sequences. It looks at the 8,000 bytes around
 * the first that is not ASCII, and Western European comes last, for texts that are too short to
 * tell.
 */
final class EncodingGuess {
  private static final int LOOKED_AT = 8000;
  private static final int BEFORE = 200;

  /** What one says for what has the same letters and more: the Encoding Standard does so too. */
  private static final Map<String, String> WIDER =
      Map.of(
          "ISO-8859-1", "windows-1252",
          "ISO-8859-8-I", "ISO-8859-8",
          "ISO-8859-9", "windows-1254");

  /** Encodings whose letters beyond ASCII are Latin ones with accents. */
  private static final Set<String> LATIN =
      Set.of("ISO-8859-2", "windows-1250", "windows-1252", "windows-1254");

  private EncodingGuess() {}

  static List<Charset> of(byte[] bytes) {
    byte[] lookedAt = lookedAt(bytes);
    Set<String> names = new LinkedHashSet<>();
    for (CharsetMatch match : new CharsetDetector().setText(lookedAt).detectAll()) {
      String name = match.getName();
      // Those with a mark or escapes are told without a guess, and no file is EBCDIC.
      if (!name.startsWith("UTF") && !name.startsWith("ISO-2022") && !name.startsWith("IBM")) {
        names.add(WIDER.getOrDefault(name, name));
      }
    }
    if (hasAccents(lookedAt)) {
      names.retainAll(LATIN);
    }
    names.add("windows-1252");
    List<Charset> charsets = new ArrayList<>();
    for (String name : names) {
      Charset charset = TextEncoding.charset(name);
      if (charset != null) {
        charsets.add(charset);
      }
    }
    return charsets;
  }

  /**
   * Whether most bytes beyond ASCII stand alone between those that are, as letters with accents do,
   * whatever the frequencies of few of them look like. Words of another script are runs of them.
   */
  private static boolean hasAccents(byte[] bytes) {
    int beyond = 0;
    int alone = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] < 0) {
        boolean before = i > 0 && bytes[i - 1] < 0;
        boolean behind = i + 1 < bytes.length && bytes[i + 1] < 0;
        beyond++;
        alone += before || behind ? 0 : 1;
      }
    }
    return 2 * alone > beyond;
  }

  private static byte[] lookedAt(byte[] bytes) {
    int first = 0;
    while (first < bytes.length && bytes[first] >= 0) {
      first++;
    }
    int from = Math.max(0, first - BEFORE);
    return Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + LOOKED_AT));
  }
}
