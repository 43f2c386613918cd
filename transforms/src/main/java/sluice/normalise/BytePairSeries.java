package sluice.normalise;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import sluice.text.BytePairs;
import sluice.text.PieceTokeniser;

/**
 * What {@link BytePairUnits} learned: a text as the series of its units.
 *
 * @param tokeniser what cuts a text into pieces within which pairs are merged
 * @param pairs the units
 */
record BytePairSeries(PieceTokeniser tokeniser, BytePairs pairs) implements IndexSeries {
  private static final long serialVersionUID = 1L;

  @Override
  public int cardinality() {
    return pairs.size();
  }

  @Override
  public List<String> categories() {
    return pairs.names();
  }

  @Override
  public int @Nullable [] value(@Nullable Object input) {
    if (!(input instanceof String text)) {
      return null;
    }
    IntStream.Builder units = IntStream.builder();
    tokeniser.tokenise(text, piece -> pairs.encode(piece, units::add));
    return units.build().toArray();
  }
}
