package sluice.normalise;

import java.util.List;

/** A fitted step that ends in a category's index. */
public interface Categorical extends FittedStep {

  /** How a network takes the index: {@code ONE_HOT} or {@code INDEX}. */
  FeatureGroup.Encoding encoding();

  /** How many indices there are: they run from 0 to one less. */
  int cardinality();

  /** The categories by index; empty if the indices have no names. */
  List<String> categories();

  @Override
  default Kind gives() {
    return Kind.INDEX;
  }
}
