package sluice.normalise;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import sluice.text.Tokeniser;

/** A text as the series of the indices of its tokens; a text without any has no index. */
interface TokenSeries extends IndexSeries {

  /** What cuts the text. */
  Tokeniser tokeniser();

  /** The tokens that have an index of their own. */
  Vocabulary vocabulary();

  @Override
  default Integer unknown() {
    return 0;
  }

  @Override
  default int cardinality() {
    return vocabulary().cardinality();
  }

  @Override
  default List<String> categories() {
    return vocabulary().categories();
  }

  @Override
  default int @Nullable [] value(@Nullable Object input) {
    if (!(input instanceof String text)) {
      return null;
    }
    IntStream.Builder indices = IntStream.builder();
    tokeniser().tokenise(text, token -> indices.add(vocabulary().index(token)));
    return indices.build().toArray();
  }
}
