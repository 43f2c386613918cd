package sluice.normalise;

import java.util.List;
import sluice.features.Axis;
import sluice.features.Element;

/** A fitted step that ends in weighted indices. */
interface WeightedStep extends Categorical {

  @Override
  default Kind gives() {
    return Kind.WEIGHTED_SERIES;
  }

  @Override
  default Element encoding() {
    return Element.WEIGHTED_INDEX;
  }

  @Override
  default List<Integer> shape(List<Integer> input) {
    return List.of(Axis.VARYING);
  }
}
