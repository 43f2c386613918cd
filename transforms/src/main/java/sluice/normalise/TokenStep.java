package sluice.normalise;

import sluice.text.Tokeniser;

/** A step to a series that has a step for each token of the text, which a label may tag. */
public interface TokenStep extends Step {
  /** What cuts the text. */
  Tokeniser tokeniser();
}
