package sluice.normalise;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.features.Axis;
import sluice.features.Element;

/** A fitted step that ends in a series of indices, as many as a text has tokens. */
interface IndexSeries extends Categorical {
  /** The index that stands for every token that is not known; null if there is none. */
  default @Nullable Integer unknown() {
    return null;
  }

  /** How many indices a text has at most, and the rest of it none; null if it has all. */
  default @Nullable Integer most() {
    return null;
  }

  @Override
  default Kind gives() {
    return Kind.SERIES;
  }

  @Override
  default Element encoding() {
    return Element.INDEX;
  }

  @Override
  default List<Integer> shape(List<Integer> input) {
    return List.of(Axis.VARYING);
  }
}
