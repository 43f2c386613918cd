package sluice.clean.text;

import java.lang.Character.UnicodeScript;
import java.util.EnumSet;
import java.util.Set;
import sluice.text.CodePoints;

/**
 * Characters that nobody sees and that make equal texts differ, hide text or reorder it:
 *
 * <ul>
 *   <li>the controls of C0 and C1, but for tabs and ends of lines;
 *   <li>the soft hyphen, zero-width spaces and joiners, marks and overrides of direction, invisible
 *       operators, deprecated format characters, the byte order mark;
 *   <li>tags (U+E0000 to U+E007F), in which whole sentences can be hidden.
 * </ul>
 *
 * <p>Some of them mean something in some places, and stay there:
 *
 * <ul>
 *   <li>a zero-width joiner or non-joiner between letters of the same script, in scripts whose
 *       letters join or form conjuncts, and behind a virama (after RFC 5892, appendices A.1 and
 *       A.2, and UAX 31, section 2.3);
 *   <li>a joiner between two emoji, with a variation selector or a skin tone between (UTS 51, emoji
 *       ZWJ sequences);
 *   <li>tags from a black flag to a cancel tag (UTS 51, emoji tag sequences).
 * </ul>
 */
final class InvisibleCharacters {
  private static final int NOTHING = -1;
  private static final int BLACK_FLAG = 0x1f3f4;
  private static final int FIRST_TAG = 0xe0000;
  private static final int CANCEL_TAG = 0xe007f;

  /** Flags of regions have five tags; longer ones are no flags. */
  private static final int MOST_TAGS = 16;

  /** Scripts that join letters, and those of India and around, which form conjuncts of them. */
  private static final Set<UnicodeScript> JOINING =
      EnumSet.of(
          UnicodeScript.ARABIC,
          UnicodeScript.SYRIAC,
          UnicodeScript.MANDAIC,
          UnicodeScript.NKO,
          UnicodeScript.MONGOLIAN,
          UnicodeScript.PHAGS_PA,
          UnicodeScript.ADLAM,
          UnicodeScript.HANIFI_ROHINGYA,
          UnicodeScript.MANICHAEAN,
          UnicodeScript.SOGDIAN,
          UnicodeScript.DEVANAGARI,
          UnicodeScript.BENGALI,
          UnicodeScript.GURMUKHI,
          UnicodeScript.GUJARATI,
          UnicodeScript.ORIYA,
          UnicodeScript.TAMIL,
          UnicodeScript.TELUGU,
          UnicodeScript.KANNADA,
          UnicodeScript.MALAYALAM,
          UnicodeScript.SINHALA,
          UnicodeScript.KHMER,
          UnicodeScript.MYANMAR,
          UnicodeScript.TIBETAN,
          UnicodeScript.BALINESE,
          UnicodeScript.JAVANESE);

  /** The viramas of these scripts. */
  private static final String VIRAMAS =
      "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca\u1039\u17d2\u0f84\u1b44\ua9c0";

  /** What is kept so far. */
  private final StringBuilder kept;

  /** The last character that is kept, marks and skin tones aside. */
  private int base = NOTHING;

  /** Whether a virama is among the marks behind it. */
  private boolean virama;

  private InvisibleCharacters(int length) {
    kept = new StringBuilder(length);
  }

  /** The text without them. */
  static String removed(String text) {
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      if (isSuspect(text.codePointAt(i))) {
        return new InvisibleCharacters(text.length()).of(text);
      }
    }
    return text;
  }

  private String of(String text) {
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      int next = i + Character.charCount(c);
      if (isSuspect(c)) {
        i = keepJoiner(text, i);
      } else {
        int end = c == BLACK_FLAG ? tagSequence(text, next) : next;
        kept.append(text, i, end);
        follow(c);
        i = end;
      }
    }
    return kept.toString();
  }

  /**
   * Keeps the first joiner of a run of invisible characters that means something; the run's end.
   */
  private int keepJoiner(String text, int start) {
    int end = start;
    while (end < text.length() && isSuspect(text.codePointAt(end))) {
      end += Character.charCount(text.codePointAt(end));
    }
    int follower = end < text.length() ? text.codePointAt(end) : NOTHING;
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (CodePoints.isJoiner(c) && joins(c, follower)) {
        kept.append(c);
        follow(c);
        break;
      }
    }
    return end;
  }

  private void follow(int c) {
    if (CodePoints.isMark(c)) {
      virama |= VIRAMAS.indexOf(c) >= 0;
    } else if (!CodePoints.isSkinTone(c)) {
      base = c;
      virama = false;
    }
  }

  /**
   * Whether a joiner or non-joiner means something between what is kept and what follows. That
   * marks around it may be in any order, and a letter and its mark one character or two, makes no
   * difference.
   */
  private boolean joins(char joiner, int follower) {
    if (virama) {
      return true;
    }
    if (base == NOTHING || follower == NOTHING) {
      return false;
    }
    UnicodeScript script = UnicodeScript.of(base);
    boolean letters =
        Character.isLetter(base)
            && JOINING.contains(script)
            && (CodePoints.isMark(follower)
                || (Character.isLetter(follower) && script == UnicodeScript.of(follower)));
    return letters
        || (joiner == CodePoints.ZERO_WIDTH_JOINER
            && Emoji.isPictograph(base)
            && Emoji.isPictograph(follower));
  }

  private static boolean isSuspect(int c) {
    if (c < 0xa0) {
      return (c < 0x20 || c >= 0x7f) && !WhiteSpace.is(c);
    }
    return c == 0xad
        || c == 0x61c
        || (c >= 0x200b && c <= 0x200f)
        || (c >= 0x202a && c <= 0x202e)
        || (c >= 0x2060 && c <= 0x206f)
        || c == 0xfeff
        || (c >= FIRST_TAG && c <= CANCEL_TAG);
  }

  /** Where the tags behind a flag end, behind their cancel tag; the start if they are no flag. */
  private static int tagSequence(String text, int start) {
    int at = start;
    for (int tags = 0; at < text.length() && tags <= MOST_TAGS; tags++) {
      int c = text.codePointAt(at);
      at += Character.charCount(c);
      if (c == CANCEL_TAG) {
        return tags == 0 ? start : at;
      }
      boolean letterOrDigit = (c >= 0xe0030 && c <= 0xe0039) || (c >= 0xe0061 && c <= 0xe007a);
      if (!letterOrDigit) {
        return start;
      }
    }
    return start;
  }
}
