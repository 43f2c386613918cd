package sluice.text;

/** What the n-grams of a text are made of. */
public enum Terms {
  /** Its words, see {@link WordTokeniser}. */
  WORDS,
  /** Its characters, see {@link CharacterTokeniser}. */
  CHARACTERS
}
