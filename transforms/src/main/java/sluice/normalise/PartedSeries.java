package sluice.normalise;

import sluice.text.WhiteSpaceTokeniser;

/**
 * What {@link Tokens} learned.
 *
 * @param tokeniser what cuts a text into tokens
 * @param vocabulary the tokens that have an index of their own
 */
record PartedSeries(WhiteSpaceTokeniser tokeniser, Vocabulary vocabulary) implements TokenSeries {
  private static final long serialVersionUID = 1L;
}
