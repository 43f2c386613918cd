package sluice.clean;

import java.io.Serializable;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import sluice.data.InvalidInput;

/**
 * A regular expression that anybody may have written, on texts that anybody may have written. One
 * such as {@code (.*a){20}} takes twice as long for each further character of a text that does not
 * match. So a match takes a limited number of looks at the text, the same number everywhere, and
 * one that takes more counts as undecided.
 */
final class BoundedPattern implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Longer ones are none that a person wrote. */
  private static final int MOST_CHARACTERS = 10_000;

  /** Looks at a text of no length; some milliseconds. */
  private static final int LOOKS = 1_000_000;

  /** Further looks for each character, many times what an honest pattern takes. */
  private static final int LOOKS_A_CHARACTER = 100;

  private final Pattern pattern;

  /** How a match ended. */
  enum Verdict {
    MATCHES,
    DIFFERS,
    /** It took too many looks at the text. */
    UNDECIDED
  }

  /**
   * @throws InvalidInput (configuration) if it is no regular expression, too long or too deep
   */
  BoundedPattern(String pattern) {
    if (pattern.length() > MOST_CHARACTERS) {
      throw InvalidInput.configuration(
          String.format(
              Locale.ROOT,
              "pattern must have at most %,d characters, got %,d",
              MOST_CHARACTERS,
              pattern.length()));
    }
    try {
      this.pattern = Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw InvalidInput.configuration(
          "pattern must be a regular expression, got %s: %s"
              .formatted(pattern, e.getDescription()));
    } catch (StackOverflowError e) {
      // The compiler of patterns calls itself for each group within a group.
      throw InvalidInput.configuration("pattern must not be nested so deeply, got " + pattern);
    }
  }

  /**
   * Whether a text matches from its first to its last character.
   *
   * @throws InvalidInput (data) if the matcher's stack is too small for so long a text
   */
  Verdict of(String text) {
    try {
      boolean matches = pattern.matcher(new Counted(text)).matches();
      return matches ? Verdict.MATCHES : Verdict.DIFFERS;
    } catch (TooManyLooks e) {
      return Verdict.UNDECIDED;
    } catch (StackOverflowError e) {
      // How deep a stack may be differs from thread to thread: no verdict that lasts.
      throw InvalidInput.data(
          String.format(
              Locale.ROOT,
              "pattern %s must match with the stack there is, got a text of %,d characters",
              pattern,
              text.length()));
    }
  }

  /** The expression. */
  @Override
  public String toString() {
    return pattern.pattern();
  }

  private static final class TooManyLooks extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManyLooks() {
      super(null, null, false, false);
    }
  }

  /** Counts how often a character is looked at. */
  private static final class Counted implements CharSequence {
    private final String text;
    private long left;

    Counted(String text) {
      this.text = text;
      this.left = LOOKS + (long) LOOKS_A_CHARACTER * text.length();
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (--left < 0) {
        throw new TooManyLooks();
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
