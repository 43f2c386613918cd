package sluice.augment;

import java.io.Serializable;
import java.util.List;
import sluice.data.FieldType;

/**
 * An augmenter that makes new examples from raw values of the train rows, as texts, before these
 * become features: it says what a value becomes, and of which rows there are how many copies; the
 * copies go through the fitted preprocessing as every row does, see {@link AddedRows}.
 */
public non-sealed interface RowAugmenter extends Augmenter, Serializable {
  /** The columns whose values it changes, at least one. */
  List<String> columns();

  /** The type that these columns must have. */
  FieldType type();

  /** How many copies are made of which rows. */
  RowCopies rowCopies();

  /**
   * Another value in the place of one that is there. It depends on these arguments alone.
   *
   * @param value of {@link #type}, as a row of Spark's has it
   * @param random of the copy alone; its columns draw one after the other
   */
  Object changed(Object value, SeededRandom random);

  @Override
  default boolean needsClasses() {
    return rowCopies().needsClasses();
  }
}
