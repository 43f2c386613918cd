package sluice.clean.text;

import org.jspecify.annotations.Nullable;

/**
 * The language of a text for those who count texts: as {@link RejectLanguage} tells it, unless that
 * is not sure.
 */
public final class TextLanguage {
  /** The least confidence with which a text is said to be in a language. */
  public static final double SURE = 0.6;

  private static final String NOT_SURE = "not sure";
  private static final String NO_LETTERS = "no letters";

  private TextLanguage() {}

  /**
   * The code of ISO 639-3, {@code not sure} below {@link #SURE}, or {@code no letters} of a text
   * with none that tell; null of no text.
   */
  public static @Nullable String of(@Nullable String text) {
    return text == null
        ? null
        : LanguageDetector.guess(text)
            .map(guess -> guess.confidence() < SURE ? NOT_SURE : guess.language())
            .orElse(NO_LETTERS);
  }
}
