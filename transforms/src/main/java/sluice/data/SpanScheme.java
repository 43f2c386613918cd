package sluice.data;

import java.io.Serializable;
import java.util.Locale;
import java.util.Optional;

/** How the tags of tokens tell spans, which are stretches of tokens that belong together. */
public enum SpanScheme {
  /** They tell none. */
  NONE(""),
  /**
   * {@code b} begins a span of several tokens, {@code m} goes on, {@code e} ends it, {@code s} is
   * one of its own, {@code o} is outside: the words of a text whose tokens are characters.
   */
  BMES("BMESO"),
  /** {@code B-type} begins a span, {@code I-type} goes on, {@code O} is outside (IOB2). */
  BIO("BIO");

  private final String letters;

  SpanScheme(String letters) {
    this.letters = letters;
  }

  /** What a tag says of its token. */
  public enum Role {
    BEGINS,
    GOES_ON,
    ENDS,
    ALONE,
    OUTSIDE
  }

  /**
   * What a tag says of its token and, where it is part of a span, the span's type.
   *
   * @param type empty if it has none
   */
  public record Part(Role role, String type) implements Serializable {}

  /** The name in a configuration. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * What a tag says: its first letter, large or small, the role, and what stands behind a hyphen or
   * a low line, the type; nothing if it is no tag of the scheme.
   */
  public Optional<Part> part(String tag) {
    char letter = tag.isEmpty() ? 0 : Character.toUpperCase(tag.charAt(0));
    if (letters.indexOf(letter) < 0) {
      return Optional.empty();
    }
    Role role =
        switch (letter) {
          case 'B' -> Role.BEGINS;
          case 'E' -> Role.ENDS;
          case 'S' -> Role.ALONE;
          case 'O' -> Role.OUTSIDE;
          default -> Role.GOES_ON;
        };
    if (tag.length() == 1) {
      return Optional.of(new Part(role, ""));
    }
    boolean typed = tag.length() > 2 && (tag.charAt(1) == '-' || tag.charAt(1) == '_');
    return typed && role != Role.OUTSIDE
        ? Optional.of(new Part(role, tag.substring(2)))
        : Optional.empty();
  }
}
