package sluice.network.compiled;

import org.jspecify.annotations.Nullable;

/** A recurrent layer in one direction, over rows {@link SeriesRows.Order#BY_STEP}. */
interface RecurrentCell {
  /** The numbers of its state that others see. */
  int width();

  /**
   * Computes the states of all steps from what they read.
   *
   * @param mask over the steps, whose states are zero where it is 0
   * @return [time, examples, width]
   */
  Block forward(Step step, StepMask mask, Block x);

  /**
   * Writes the gradients of the parameters.
   *
   * @param mask as {@link #forward} had it, and {@code x}
   * @param byStates the gradient by what {@link #forward} gave, which is overwritten
   * @param byX overwritten by the gradient by {@code x}, and may be the same block; null if nobody
   *     asks for it
   */
  void backward(Step step, StepMask mask, Block x, Block byStates, @Nullable Block byX);
}
