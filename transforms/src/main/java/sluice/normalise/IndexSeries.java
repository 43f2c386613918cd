package sluice.normalise;

import java.util.List;
import sluice.features.Axis;
import sluice.features.Element;

/** A fitted step that ends in a series of indices, as many as a text has tokens. */
interface IndexSeries extends Categorical {
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
