package sluice.ingest.text;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The encoding of texts: one that is named, or {@code auto}. By {@code auto} the bytes tell, the
 * same bytes always the same: a byte order mark counts; without one, bytes that are UTF-8 to their
 * end are UTF-8; others are what {@link EncodingGuess} makes of them.
 *
 * <p>Bytes are decoded from end to end or not at all: nothing is replaced or left out.
 *
 * @param name of a charset of Java's, or {@link #AUTO}
 */
public record TextEncoding(String name) implements Serializable {
  /** The name for an encoding that the bytes tell. */
  public static final String AUTO = "auto";

  /** No encoding takes more bytes for a character. */
  private static final int BYTES_OF_CHARACTER = 4;

  /** How many bytes of what is no text are shown at most. */
  private static final int SHOWN_BYTES = 4096;

  /** A text has at most one control character, but for those of lines and tabs, in so many. */
  private static final int CHARACTERS_OF_CONTROL = 10;

  private static final byte[] UTF_8_MARK = bytes(0xEF, 0xBB, 0xBF);

  /** Byte order marks; the longer of two that begin alike is first. */
  private static final List<Map.Entry<byte[], Charset>> MARKS =
      List.of(
          Map.entry(UTF_8_MARK, StandardCharsets.UTF_8),
          Map.entry(bytes(0xFF, 0xFE, 0, 0), Charset.forName("UTF-32LE")),
          Map.entry(bytes(0, 0, 0xFE, 0xFF), Charset.forName("UTF-32BE")),
          Map.entry(bytes(0xFF, 0xFE), StandardCharsets.UTF_16LE),
          Map.entry(bytes(0xFE, 0xFF), StandardCharsets.UTF_16BE));

  /**
   * Bytes that were decoded.
   *
   * @param text as far as it goes
   * @param wrongAt the first byte that is none of the encoding; -1 if all are
   */
  private record Attempt(String text, int wrongAt) {}

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  /** Whether there is an encoding of this name. */
  public static boolean isKnown(String name) {
    return name.equals(AUTO) || charset(name) != null;
  }

  /** The charset of a name; null if Java has none. */
  static @Nullable Charset charset(String name) {
    try {
      return Charset.forName(name);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return null;
    }
  }

  /** Whether the bytes tell the encoding. */
  public boolean isAuto() {
    return name.equals(AUTO);
  }

  /** The most bytes that a text of so many characters may have in any encoding. */
  public static int mostBytes(int characters) {
    long bytes = (long) BYTES_OF_CHARACTER * characters + BYTES_OF_CHARACTER;
    return (int) Math.min(bytes, Integer.MAX_VALUE - 16);
  }

  /**
   * The text of bytes, of all of a file's or of its first.
   *
   * @param most how many characters (UTF-16 code units) it may have
   */
  public Decoded decode(byte[] bytes, int most) {
    if (bytes.length > mostBytes(most)) {
      return faulty(tooLong(most), bytes);
    }
    Decoded decoded = isAuto() ? detected(bytes) : named(bytes, Charset.forName(name));
    if (decoded.fault() != null) {
      return decoded;
    }
    String text = decoded.text();
    String fault = text.length() > most ? tooLong(most) : noText(text, "file");
    return fault == null ? decoded : new Decoded(text, decoded.encoding(), fault);
  }

  /** What is said of a text that has more characters than it may have. */
  public static String tooLong(int most) {
    return String.format(Locale.ROOT, "has more than %,d characters (format.max-text)", most);
  }

  /**
   * The encoding of a file whose first bytes are given, which may end within a character.
   *
   * @return the encoding that is named, or the one that the bytes tell
   */
  public Charset ofBeginning(byte[] beginning) {
    if (!isAuto()) {
      return Charset.forName(name);
    }
    Map.Entry<byte[], Charset> mark = mark(beginning);
    if (mark != null) {
      return mark.getValue();
    }
    CharBuffer out = CharBuffer.allocate(beginning.length);
    boolean valid =
        !strict(StandardCharsets.UTF_8)
            .decode(ByteBuffer.wrap(withoutHalfPairs(beginning)), out, false)
            .isError();
    return valid
        ? StandardCharsets.UTF_8
        : EncodingGuess.of(beginning).stream().findFirst().orElse(StandardCharsets.UTF_8);
  }

  private static Decoded named(byte[] bytes, Charset charset) {
    Attempt attempt = attempt(bytes, 0, charset);
    String text =
        attempt.text().startsWith("\uFEFF") ? attempt.text().substring(1) : attempt.text();
    return attempt.wrongAt() < 0
        ? new Decoded(text, charset.name(), null)
        : faulty(
            notEncoded(charset, bytes, attempt.wrongAt())
                + ": format.encoding names another encoding",
            bytes);
  }

  private static Decoded detected(byte[] bytes) {
    Map.Entry<byte[], Charset> mark = mark(bytes);
    if (mark != null) {
      Charset charset = mark.getValue();
      Attempt attempt = attempt(bytes, mark.getKey().length, charset);
      return attempt.wrongAt() < 0
          ? new Decoded(attempt.text(), charset.name(), null)
          : faulty(
              notEncoded(charset, bytes, attempt.wrongAt())
                  + ", which the byte order mark promises",
              bytes);
    }
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        return faulty(
            String.format(
                Locale.ROOT,
                "byte %,d is 0: the file is not text, or is UTF-16 or UTF-32 without a byte order"
                    + " mark, which format.encoding can name",
                i + 1),
            bytes);
      }
    }
    Attempt utf8 = attempt(bytes, 0, StandardCharsets.UTF_8);
    if (utf8.wrongAt() < 0) {
      return new Decoded(utf8.text(), StandardCharsets.UTF_8.name(), null);
    }
    if (attempt(withoutHalfPairs(bytes), 0, StandardCharsets.UTF_8).wrongAt() < 0) {
      return faulty(
          notEncoded(StandardCharsets.UTF_8, bytes, utf8.wrongAt())
              + ": half of a surrogate pair, which is no character",
          bytes);
    }
    for (Charset charset : EncodingGuess.of(bytes)) {
      Attempt attempt = attempt(bytes, 0, charset);
      if (attempt.wrongAt() < 0) {
        return new Decoded(attempt.text(), charset.name(), null);
      }
    }
    return faulty(
        notEncoded(StandardCharsets.UTF_8, bytes, utf8.wrongAt())
            + ", nor of an encoding that is detected: format.encoding can name one",
        bytes);
  }

  /**
   * The same with U+FFFD for halves of surrogate pairs: what is UTF-8 then was meant to be, and is
   * of no other encoding.
   */
  private static byte[] withoutHalfPairs(byte[] bytes) {
    byte[] without = bytes.clone();
    for (int i = 0; i + 2 < bytes.length; i++) {
      if (bytes[i] == (byte) 0xED
          && (bytes[i + 1] & 0xE0) == 0xA0
          && (bytes[i + 2] & 0xC0) == 0x80) {
        without[i] = (byte) 0xEF;
        without[i + 1] = (byte) 0xBF;
        without[i + 2] = (byte) 0xBD;
      }
    }
    return without;
  }

  private static Map.@Nullable Entry<byte[], Charset> mark(byte[] bytes) {
    for (Map.Entry<byte[], Charset> mark : MARKS) {
      byte[] begin = mark.getKey();
      if (bytes.length >= begin.length
          && Arrays.equals(bytes, 0, begin.length, begin, 0, begin.length)) {
        return mark;
      }
    }
    return null;
  }

  private static CharsetDecoder strict(Charset charset) {
    return charset
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT);
  }

  private static Attempt attempt(byte[] bytes, int from, Charset charset) {
    CharsetDecoder decoder = strict(charset);
    ByteBuffer in = ByteBuffer.wrap(bytes, from, bytes.length - from);
    CharBuffer out =
        CharBuffer.allocate((int) Math.ceil(in.remaining() * (double) decoder.maxCharsPerByte()));
    CoderResult result = decoder.decode(in, out, true);
    if (!result.isError()) {
      result = decoder.flush(out);
    }
    int wrongAt = result.isError() ? in.position() : -1;
    return new Attempt(out.flip().toString(), wrongAt);
  }

  private static String notEncoded(Charset charset, byte[] bytes, int at) {
    int line = 1;
    for (int i = 0; i < at; i++) {
      line += bytes[i] == '\n' ? 1 : 0;
    }
    return String.format(
        Locale.ROOT, "bytes that are not %s at byte %,d, line %,d", charset.name(), at + 1, line);
  }

  /**
   * Why characters are none of a text; null if they are.
   *
   * @param what has them, as in {@code file}
   */
  public static @Nullable String noText(String text, String what) {
    int controls = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        return String.format(
            Locale.ROOT, "character %,d is U+0000: the %s is not text", i + 1, what);
      }
      boolean ofLines = (c >= '\t' && c <= '\r') || c == '\u0085';
      controls += Character.isISOControl(c) && !ofLines ? 1 : 0;
    }
    return (long) controls * CHARACTERS_OF_CONTROL > text.length()
        ? String.format(
            Locale.ROOT,
            "%,d of %,d characters are control characters: the %s is not text",
            controls,
            text.length(),
            what)
        : null;
  }

  /**
   * Of bytes that are no text their beginning is shown, if it is not UTF-8 each byte as a
   * character.
   */
  private static Decoded faulty(String fault, byte[] bytes) {
    int shown = Math.min(bytes.length, SHOWN_BYTES);
    boolean cut = shown < bytes.length;
    Attempt attempt = attempt(Arrays.copyOf(bytes, shown), 0, StandardCharsets.UTF_8);
    String text =
        attempt.wrongAt() < 0 || (cut && attempt.wrongAt() > shown - BYTES_OF_CHARACTER)
            ? attempt.text()
            : new String(bytes, 0, shown, StandardCharsets.ISO_8859_1);
    return new Decoded(text, "", fault);
  }
}
