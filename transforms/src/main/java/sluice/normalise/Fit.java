package sluice.normalise;

import java.io.Serializable;

/**
 * The statistics of one step over one column, under way. Copies see parts of the rows in any order
 * and are merged in any order; the result is the same to the bit. Not thread-safe.
 */
public interface Fit extends Serializable {

  /** Adds a value as it reaches the step; a missing one is left out. */
  void add(Object value);

  /** Adds what another copy of the same fit saw in the same scan. */
  void merge(Fit other);

  /**
   * Ends a scan in which at least one value was added.
   *
   * @return whether the fit needs to see every value once more
   */
  boolean endScan();

  /** Whether the fit needs to see any value at all; a constant needs none. */
  default boolean scans() {
    return true;
  }

  /**
   * What was learned.
   *
   * @param where the column and the step, for messages
   * @throws sluice.data.InvalidInput (data) if the values do not allow a fit
   */
  FittedStep finish(String where);
}
