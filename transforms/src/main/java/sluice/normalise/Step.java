package sluice.normalise;

import java.util.Set;

/**
 * What is asked of a column: a record of parameters, validated in its constructor and named by its
 * type in {@link Steps}. It starts a {@link Fit}, which sees the train rows and ends in a {@link
 * FittedStep}.
 */
public interface Step {

  /** The kinds that the step can follow. */
  Set<Kind> accepts();

  /** The kind that the step hands on. */
  Kind gives();

  /** A fit that has seen nothing yet. */
  Fit fit();
}
