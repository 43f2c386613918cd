package sluice.ingest.text;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import org.apache.james.mime4j.codec.QuotedPrintableInputStream;
import org.jspecify.annotations.Nullable;
import sluice.data.InvalidInput;

/**
 * The bytes of a part of a mail, by its {@code Content-Transfer-Encoding} (RFC 2045, section 6).
 * Nothing is left out: what is no such encoding is refused, where its end is not clear.
 *
 * <ul>
 *   <li>{@code base64}: characters that are none of its alphabet do not count, as the RFC says,
 *       unless they are more than one in {@value #CHARACTERS_OF_OTHER}; its end need not be padded.
 *       What follows the padding is base64 again, or text, such as mailing lists append.
 *   <li>{@code quoted-printable}, as lenient as the parser is.
 *   <li>{@code uuencode}, {@code x-uuencode}, {@code uue} and {@code x-uue}: POSIX's uuencode, with
 *       the text before and behind it.
 *   <li>Others of private use ({@code x-...}) are refused. The rest is none, as {@code 8bit} is.
 * </ul>
 */
final class TransferEncoding {
  private static final int CHARACTERS_OF_OTHER = 10;
  private static final byte[] BEGIN = {'b', 'e', 'g', 'i', 'n', ' '};
  private static final byte[] END = {'e', 'n', 'd'};

  private TransferEncoding() {}

  /**
   * Decodes a part.
   *
   * @param name as the header says it; null for none
   * @throws InvalidInput (data) if the bytes are none of the encoding, or nobody here knows it
   */
  static byte[] decode(InputStream encoded, @Nullable String name) throws IOException {
    String said = name == null ? "" : name.toLowerCase(Locale.ROOT).strip();
    // Written as base-64 and quoted printable, too.
    return switch (said.replaceAll("[^a-z0-9]", "")) {
      case "base64", "xbase64" -> base64(encoded.readAllBytes());
      case "quotedprintable", "xquotedprintable" ->
          new QuotedPrintableInputStream(encoded).readAllBytes();
      case "uuencode", "xuuencode", "uue", "xuue" -> uuencoded(encoded.readAllBytes());
      default -> {
        if (said.startsWith("x-")) {
          throw InvalidInput.data(
              "its transfer encoding is %s, which is not read; base64, quoted-printable and uuencode are"
                  .formatted(said));
        }
        yield encoded.readAllBytes();
      }
    };
  }

  private static byte[] base64(byte[] encoded) {
    ByteArrayOutputStream decoded = new ByteArrayOutputStream();
    byte[] digits = new byte[encoded.length];
    int lastOther = lastOther(encoded);
    int at = 0;
    while (at < encoded.length) {
      int count = 0;
      int others = 0;
      while (at < encoded.length && encoded[at] != '=') {
        if (isBase64(encoded[at])) {
          digits[count++] = encoded[at];
        } else if (!isSpace(encoded[at])) {
          others++;
        }
        at++;
      }
      if ((long) others * CHARACTERS_OF_OTHER > count) {
        throw InvalidInput.data(
            String.format(
                Locale.ROOT,
                "its base64 has %,d characters of another alphabet beside %,d: it is none",
                others,
                count));
      }
      if (count % 4 == 1) {
        throw InvalidInput.data(
            String.format(
                Locale.ROOT,
                "its base64 ends within a byte, at character %,d: the mail is cut or damaged",
                at));
      }
      decoded.writeBytes(Base64.getDecoder().decode(Arrays.copyOf(digits, count)));
      while (at < encoded.length && (encoded[at] == '=' || isSpace(encoded[at]))) {
        at++;
      }
      if (at <= lastOther) {
        decoded.write('\n');
        decoded.write(encoded, at, encoded.length - at);
        break;
      }
    }
    return decoded.toByteArray();
  }

  private static boolean isBase64(byte b) {
    return (b >= 'A' && b <= 'Z')
        || (b >= 'a' && b <= 'z')
        || (b >= '0' && b <= '9')
        || b == '+'
        || b == '/';
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || (b >= '\t' && b <= '\r');
  }

  /** The last byte that is neither base64 nor space; -1 for none. */
  private static int lastOther(byte[] bytes) {
    int at = bytes.length - 1;
    while (at >= 0 && (isBase64(bytes[at]) || bytes[at] == '=' || isSpace(bytes[at]))) {
      at--;
    }
    return at;
  }

  private static byte[] uuencoded(byte[] encoded) {
    ByteArrayOutputStream decoded = new ByteArrayOutputStream();
    boolean within = false;
    boolean any = false;
    int number = 0;
    for (int at = 0; at < encoded.length; ) {
      int next = lineEnd(encoded, at);
      byte[] line = Arrays.copyOfRange(encoded, at, withoutEnd(encoded, at, next));
      number++;
      if (!within && startsWith(line, BEGIN)) {
        within = true;
        any = true;
      } else if (within && Arrays.equals(line, END)) {
        within = false;
      } else if (within) {
        decoded.writeBytes(uuLine(line, number));
      } else {
        decoded.write(encoded, at, next - at);
      }
      at = next;
    }
    if (!any) {
      throw InvalidInput.data("its uuencode has no line that begins with \"begin \"");
    }
    if (within) {
      throw InvalidInput.data("its uuencode has no line \"end\": the mail is cut");
    }
    return decoded.toByteArray();
  }

  /** A first character says how many bytes there are; four characters are three. */
  private static byte[] uuLine(byte[] line, int number) {
    int bytes = line.length == 0 ? 0 : uuDigit(line[0]);
    if (bytes < 0) {
      throw InvalidInput.data("line %s of its uuencode is none".formatted(number));
    }
    byte[] decoded = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      int bit = 8 * i;
      int high = uuDigit(line, 1 + bit / 6);
      int low = uuDigit(line, 2 + bit / 6);
      if (high < 0 || low < 0) {
        throw InvalidInput.data("line %s of its uuencode is none".formatted(number));
      }
      int shift = 4 - bit % 6;
      decoded[i] = (byte) ((high << 6 | low) >> shift);
    }
    return decoded;
  }

  /** Blanks at the end of a line are lost on the way. */
  private static int uuDigit(byte[] line, int at) {
    return at < line.length ? uuDigit(line[at]) : 0;
  }

  private static int uuDigit(byte b) {
    return b >= ' ' && b <= '`' ? (b - ' ') & 0x3f : -1;
  }

  private static boolean startsWith(byte[] line, byte[] begin) {
    return line.length > begin.length
        && Arrays.equals(line, 0, begin.length, begin, 0, begin.length);
  }

  /** Where the next line begins. */
  private static int lineEnd(byte[] bytes, int from) {
    int at = from;
    while (at < bytes.length && bytes[at] != '\n') {
      at++;
    }
    return Math.min(bytes.length, at + 1);
  }

  private static int withoutEnd(byte[] bytes, int from, int to) {
    int end = to;
    while (end > from && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r')) {
      end--;
    }
    return end;
  }
}
