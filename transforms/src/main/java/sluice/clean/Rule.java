package sluice.clean;

import sluice.data.DatasetContract;

/**
 * A cleaning step: an immutable record of its parameters, which are validated in its constructor.
 * The configuration names it by its type in {@link Rules}.
 */
public sealed interface Rule permits RowRule, DropDuplicates {

  /** When a rule applies. */
  enum At {
    /** Only while a training set is made: duplicates, balance. */
    TRAINING,
    /** There, and on every record that is scored later. */
    ALWAYS
  }

  At at();

  /**
   * The contract of the rows that this rule hands on.
   *
   * @throws sluice.data.InvalidInput (data) if the rule does not fit the columns; the message names
   *     the rule's type, the column and the columns there are
   */
  DatasetContract outputOf(DatasetContract input);
}
