package sluice.clean;

import sluice.data.RawRecord;

/** What became of one record. */
public sealed interface Outcome {

  /** The record goes on, with the columns of {@link Cleaning#outputContract}. */
  record Kept(RawRecord record) implements Outcome {}

  /**
   * The record does not go on.
   *
   * @param rule the place and type of the rule, as in {@code rules[3] reject-outside}
   * @param reason what it found
   */
  record Rejected(String rule, String reason) implements Outcome {}
}
