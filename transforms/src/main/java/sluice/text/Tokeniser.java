package sluice.text;

import java.io.Serializable;
import java.util.function.Consumer;

/**
 * Cuts a text into tokens: an immutable record, the same tokens in any thread, locale and process
 * of one version of Java. Whatever the text holds, it gives tokens and throws nothing, in time and
 * memory in proportion to the text's length.
 */
public interface Tokeniser extends Serializable {

  /**
   * Hands on the tokens of a text in their order.
   *
   * @param text of any length; one without tokens is no error
   * @param tokens takes each, never empty, without a surrogate that stands alone
   */
  void tokenise(String text, Consumer<String> tokens);

  /** How many tokens a text has. */
  default int count(String text) {
    int[] count = new int[1];
    tokenise(text, token -> count[0]++);
    return count[0];
  }
}
