package sluice.text;

/** What becomes of what belongs to no word: punctuation marks, symbols, emoji. */
public enum Punctuation {
  /** Each is a token. */
  KEEP,
  /** It parts words, and is left out. */
  DROP
}
