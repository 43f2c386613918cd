package sluice.normalise;

import sluice.text.CharacterTokeniser;

/**
 * What {@link Characters} learned.
 *
 * @param tokeniser what cuts a text into characters
 * @param vocabulary the characters that have an index of their own
 */
record CharacterSeries(CharacterTokeniser tokeniser, Vocabulary vocabulary) implements TokenSeries {
  private static final long serialVersionUID = 1L;
}
