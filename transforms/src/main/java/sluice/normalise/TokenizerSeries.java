package sluice.normalise;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.data.Require;
import sluice.text.BertTokeniser;

/**
 * What {@link TokenizerFile} read: all that the indices of a text need, so that the file is not
 * needed again.
 *
 * @param maxLength how many indices there are at most
 * @param tokeniser what the file says
 */
record TokenizerSeries(int maxLength, BertTokeniser tokeniser) implements IndexSeries {
  private static final long serialVersionUID = 1L;

  TokenizerSeries {
    new Require().atLeast("max-length", maxLength, tokeniser.specials() + 1L).hold();
  }

  @Override
  public Integer unknown() {
    return tokeniser.unknown();
  }

  @Override
  public Integer most() {
    return maxLength;
  }

  @Override
  public int cardinality() {
    return tokeniser.size();
  }

  @Override
  public List<String> categories() {
    return tokeniser.tokens();
  }

  @Override
  public int @Nullable [] value(@Nullable Object input) {
    return input instanceof String text ? tokeniser.encode(text, maxLength) : null;
  }
}
