package sluice.normalise;

import java.util.List;
import sluice.features.Element;

/**
 * A fitted step that ends in a category's index, or in a series of such indices, with weights or
 * without.
 */
public interface Categorical extends FittedStep {

  /**
   * How a network takes the index: {@code ONE_HOT} or {@code INDEX}; of a series {@code INDEX},
   * with weights {@code WEIGHTED_INDEX}.
   */
  Element encoding();

  /** How many indices there are: they run from 0 to one less. */
  int cardinality();

  /** The categories by index; empty if the indices have no names. */
  List<String> categories();

  @Override
  default Kind gives() {
    return Kind.INDEX;
  }
}
