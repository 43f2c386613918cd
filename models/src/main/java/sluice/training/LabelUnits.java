package sluice.training;

import java.io.Serializable;

/**
 * What a network's number is in the units of the label, in which metrics are measured. The loss is
 * not: it is of the number as the network sees it.
 */
@FunctionalInterface
public interface LabelUnits extends Serializable {

  /** The number, or class index, as it was before it was scaled for the network. */
  double unscaled(double scaled);
}
