package sluice.clean.text;

import java.lang.Character.UnicodeScript;
import sluice.text.CodePoints;

/**
 * Finds addresses of mail by their form (RFC 5321, and 6531 for letters beyond ASCII), in steps in
 * proportion to a text's length.
 */
final class MailAddress {
  private static final String LOCAL_SIGNS = "._%+-&~'";

  /** Octets of a local part (RFC 5321, section 4.5.3.1.1). */
  private static final int MOST_QUOTED = 64;

  /** The characters of the longest literal of an IPv6 address. */
  private static final int MOST_LITERAL = 50;

  private MailAddress() {}

  /** Where the address that starts at a place ends, or -1. */
  static int end(String text, int start) {
    int at;
    if (text.charAt(start) == '"') {
      at = quoted(text, start);
    } else if (starts(text, start)) {
      at = start;
      while (at < text.length() && isLocal(text.charAt(at))) {
        at++;
      }
    } else {
      return -1;
    }
    return at > start && at < text.length() && isAt(text.charAt(at)) ? domain(text, at + 1) : -1;
  }

  /** Whether a local part may start here: where a run of its characters does, but for '. */
  private static boolean starts(String text, int at) {
    char c = text.charAt(at);
    if (!isLocal(c) || c == '\'') {
      return false;
    }
    int before = at;
    while (before > 0 && text.charAt(before - 1) == '\'') {
      before--;
    }
    return before == 0 || !isLocal(text.charAt(before - 1));
  }

  /** Where a quoted local part ends, or -1. */
  private static int quoted(String text, int start) {
    int last = Math.min(text.length(), start + MOST_QUOTED);
    for (int at = start + 1; at < last; at++) {
      char c = text.charAt(at);
      if (c == '"') {
        return at > start + 1 ? at + 1 : -1;
      }
      if (Character.isISOControl(c)) {
        return -1;
      }
      at += c == '\\' ? 1 : 0;
    }
    return -1;
  }

  private static boolean isAt(char c) {
    return c == '@' || c == '\uff20' || c == '\ufe6b';
  }

  /**
   * Letters of scripts that part words by spaces only: before an address in Chinese stands the
   * sentence.
   */
  private static boolean isLocal(char c) {
    if (c < 0x80) {
      return isAscii(c) || LOCAL_SIGNS.indexOf(c) >= 0;
    }
    if (CodePoints.isMark(c)) {
      return true;
    }
    if (!Character.isLetter(c)) {
      return false;
    }
    UnicodeScript script = UnicodeScript.of(c);
    return script == UnicodeScript.LATIN
        || script == UnicodeScript.CYRILLIC
        || script == UnicodeScript.GREEK;
  }

  private static boolean isAscii(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  private static int domain(String text, int start) {
    return start < text.length() && text.charAt(start) == '['
        ? literal(text, start)
        : name(text, start);
  }

  /** An address of IP in brackets. */
  private static int literal(String text, int start) {
    boolean parted = false;
    int last = Math.min(text.length(), start + MOST_LITERAL);
    for (int at = start + 1; at < last; at++) {
      char c = text.charAt(at);
      if (c == ']') {
        return parted ? at + 1 : -1;
      }
      parted |= c == '.' || c == ':';
      if (!isAscii(c) && c != '.' && c != ':') {
        return -1;
      }
    }
    return -1;
  }

  /** Labels with dots between; the last that may be a top-level domain is the end. */
  private static int name(String text, int start) {
    int end = -1;
    int at = start;
    for (int labels = 1; ; labels++) {
      int from = at;
      at = label(text, from);
      boolean top = at - from > 1 && Character.isLetter(text.codePointAt(from));
      end = labels > 1 && top ? at : end;
      if (at == from || at + 1 >= text.length() || !isDot(text.charAt(at))) {
        return end;
      }
      at++;
    }
  }

  private static boolean isDot(char c) {
    return c == '.' || c == '\uff0e';
  }

  /** Where a label ends: Latin letters, or letters of other scripts, with digits and hyphens. */
  private static int label(String text, int start) {
    boolean latin = start < text.length() && isLatin(text.codePointAt(start));
    int at = start;
    while (at < text.length()) {
      int c = text.codePointAt(at);
      boolean inner = c == '-' || (c >= '0' && c <= '9') || CodePoints.isMark(c);
      boolean letter = latin ? isLatin(c) : c > 0x7f && Character.isLetter(c);
      boolean fits = letter || (inner && at > start);
      if (!fits) {
        break;
      }
      at += Character.charCount(c);
    }
    return at;
  }

  /** A digit may begin a label of Latin letters. */
  private static boolean isLatin(int c) {
    return isAscii(c)
        || (c > 0x7f && Character.isLetter(c) && UnicodeScript.of(c) == UnicodeScript.LATIN);
  }
}
