package sluice.normalise;

import sluice.text.WordTokeniser;

/**
 * What {@link Words} learned.
 *
 * @param tokeniser what cuts a text into words
 * @param vocabulary the words that have an index of their own
 */
record WordSeries(WordTokeniser tokeniser, Vocabulary vocabulary) implements TokenSeries {
  private static final long serialVersionUID = 1L;
}
