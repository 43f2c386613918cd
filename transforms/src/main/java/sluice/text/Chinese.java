package sluice.text;

/** Where words end among Chinese characters, which no space tells. */
public enum Chinese {
  /** Where a dictionary and the frequencies of words side by side say so. */
  WORDS,
  /** Behind each character. */
  CHARACTERS
}
