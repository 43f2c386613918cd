package sluice.ingest.text;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * UTF-7 (RFC 2152), which Java has no charset for: between a plus and a minus, or the first
 * character that is no base64, stands UTF-16 in base64 without padding; {@code +-} is a plus.
 */
final class Utf7 {
  private static final Set<String> NAMES =
      Set.of("utf-7", "utf7", "csutf7", "unicode-1-1-utf-7", "unicode-2-0-utf-7", "x-utf-7");

  private static final Pattern SHIFTED = Pattern.compile("\\+([A-Za-z0-9+/]*+)-?");

  private Utf7() {}

  /** Whether a name of an encoding is that of this one. */
  static boolean isNamed(String charset) {
    return NAMES.contains(charset.toLowerCase(Locale.ROOT));
  }

  /** The text of bytes; null if they are none. */
  static @Nullable String decode(byte[] bytes) {
    for (byte b : bytes) {
      if (b < 0) {
        return null;
      }
    }
    Matcher shifted = SHIFTED.matcher(new String(bytes, StandardCharsets.US_ASCII));
    StringBuilder text = new StringBuilder();
    while (shifted.find()) {
      String units = utf16(shifted.group(1), shifted.group().length());
      if (units == null) {
        return null;
      }
      shifted.appendReplacement(text, Matcher.quoteReplacement(units));
    }
    return shifted.appendTail(text).toString();
  }

  /**
   * What a shifted sequence stands for.
   *
   * @param length of the whole sequence
   */
  private static @Nullable String utf16(String base64, int length) {
    if (base64.isEmpty()) {
      return length == 2 ? "+" : null;
    }
    int units = base64.length() * 6 / 16;
    // Less than a digit may be left behind the last character.
    if (units == 0 || base64.length() * 6 - units * 16 >= 6) {
      return null;
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(base64);
      return StandardCharsets.UTF_16BE
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, 0, 2 * units))
          .toString();
    } catch (IllegalArgumentException | CharacterCodingException e) {
      return null;
    }
  }
}
