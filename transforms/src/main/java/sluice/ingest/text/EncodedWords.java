package sluice.ingest.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Texts in the header of a mail, in which words stand in an encoding of their own (RFC 2047), as in
 * {@code =?ISO-8859-1?Q?Caf=E9?=}. Words in a row that have the same encoding are one run of bytes,
 * since mail programs cut within characters. What is no such word stays as it is.
 */
final class EncodedWords {
  private static final Pattern WORD =
      Pattern.compile("=\\?([^?*\\s]+)(?:\\*[^?\\s]*)?\\?([bBqQ])\\?([^?]*)\\?=");

  /**
   * What mails mean by encodings that have grown: the Encoding Standard takes these names for them,
   * too.
   */
  private static final Map<String, String> WIDER =
      Map.of(
          "GB2312", "GB18030",
          "GBK", "GB18030",
          "EUC-KR", "x-windows-949",
          "Big5", "Big5-HKSCS",
          "Shift_JIS", "windows-31j");

  /** Chinese in ASCII that nothing here reads, and that would pass as the text it is not. */
  private static final String HZ = "HZ-GB-2312";

  private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/=\\s]*");

  private final TextEncoding otherwise;
  private final StringBuilder decoded = new StringBuilder();
  private final ByteArrayOutputStream run = new ByteArrayOutputStream();
  private String charset = "";

  private EncodedWords(TextEncoding otherwise) {
    this.otherwise = otherwise;
  }

  /**
   * The text of a field's body.
   *
   * @param otherwise the encoding of bytes that are none of the encoding they are said to have
   */
  static String decode(String body, TextEncoding otherwise) {
    EncodedWords words = new EncodedWords(otherwise);
    Matcher word = WORD.matcher(body);
    int end = 0;
    while (word.find()) {
      byte[] bytes = bytes(word.group(2), word.group(3));
      if (bytes == null) {
        continue;
      }
      String between = body.substring(end, word.start());
      String named = word.group(1).toLowerCase(Locale.ROOT);
      boolean goesOn = words.run.size() > 0 && between.isBlank();
      if (!goesOn || !named.equals(words.charset)) {
        words.endRun();
        words.decoded.append(goesOn ? "" : between);
        words.charset = named;
      }
      words.run.writeBytes(bytes);
      end = word.end();
    }
    words.endRun();
    return words.decoded.append(body, end, body.length()).toString();
  }

  private void endRun() {
    decoded.append(lenient(run.toByteArray(), charset, otherwise));
    run.reset();
  }

  /** The same as {@link #text}, where bytes that are no text are one character each. */
  static String lenient(byte[] bytes, String charset, TextEncoding otherwise) {
    Decoded text = text(bytes, charset, otherwise);
    return text.fault() == null ? text.text() : new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /**
   * The text of bytes that are said to have an encoding. Where they are none of it, or nobody knows
   * it, the bytes tell.
   *
   * @param charset the name that is said; empty for none
   * @param otherwise decodes what is not as it is said
   */
  static Decoded text(byte[] bytes, String charset, TextEncoding otherwise) {
    String named = charset.trim();
    if (Utf7.isNamed(named)) {
      String text = Utf7.decode(bytes);
      if (text != null) {
        return new Decoded(text, "UTF-7", TextEncoding.noText(text, "file"));
      }
    }
    if (named.equalsIgnoreCase(HZ)) {
      return new Decoded("", "", "is said to be in %s, which is not read".formatted(named));
    }
    Charset known = TextEncoding.charset(named);
    // ASCII is what a mail that names no encoding is said to have, and many call anything so.
    if (known != null && !known.equals(StandardCharsets.US_ASCII)) {
      for (String name : List.of(known.name(), WIDER.getOrDefault(known.name(), known.name()))) {
        Decoded said = new TextEncoding(name).decode(bytes, bytes.length);
        if (said.fault() == null) {
          return said;
        }
      }
    }
    return otherwise.decode(bytes, bytes.length);
  }

  private static byte @Nullable [] bytes(String encoding, String text) {
    if (encoding.equalsIgnoreCase("q")) {
      return quoted(text);
    }
    try {
      return BASE64.matcher(text).matches() ? Base64.getMimeDecoder().decode(text) : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** The Q encoding: an underscore is a blank, {@code =E9} a byte; the rest is ASCII. */
  private static byte[] quoted(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] signs = text.getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < signs.length; i++) {
      int high = signs[i] == '=' && i + 2 < signs.length ? Character.digit(signs[i + 1], 16) : -1;
      int low = high >= 0 ? Character.digit(signs[i + 2], 16) : -1;
      if (low >= 0) {
        bytes.write(high << 4 | low);
        i += 2;
      } else {
        bytes.write(signs[i] == '_' ? ' ' : signs[i]);
      }
    }
    return bytes.toByteArray();
  }
}
