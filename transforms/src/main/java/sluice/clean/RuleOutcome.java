package sluice.clean;

import sluice.data.RawRecord;

/** What became of one record. */
public sealed interface RuleOutcome {

  /** The record goes on, with the columns of {@link Cleaning#outputContract}. */
  record Kept(RawRecord record) implements RuleOutcome {}

  /**
   * The record does not go on.
   *
   * @param rule the place and type of the rule, as in {@code rules[3] reject-outside}
   * @param reason what it found
   */
  record Rejected(String rule, String reason) implements RuleOutcome {}
}
