package sluice.normalise;

import java.io.Serializable;
import java.util.Set;
import sluice.features.Element;

/**
 * What is asked of a column: a record of parameters, validated in its constructor and named by its
 * type in {@link Steps}. It starts a {@link Fit}, which sees the train rows and ends in a {@link
 * FittedStep}. A step that learns nothing is its own fitted step.
 */
public interface Step extends Serializable {

  /**
   * The kinds that the step can follow. One that takes {@link Kind#VECTOR} takes {@link
   * Kind#NUMBER} too, and is fitted for each position of the vector by itself.
   */
  Set<Kind> accepts();

  /** The kind that the step hands on after one that it accepts. */
  Kind gives(Kind input);

  /** How a network takes the values, if the step is the last. */
  default Element encoding() {
    return Element.FLOAT32;
  }

  /**
   * A fit that has seen nothing yet.
   *
   * @param input the kind of its values, never {@link Kind#VECTOR}
   */
  Fit fit(Kind input);
}
