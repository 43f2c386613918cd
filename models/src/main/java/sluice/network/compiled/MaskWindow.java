package sluice.network.compiled;

/**
 * The mask of what a window makes of series, as Deeplearning4j has it: a place is there if any of
 * the steps is that the window sees there.
 */
record MaskWindow(StepMask in, StepMask out, Window window) implements Op {
  @Override
  public void forward(Step step) {
    float[] numbers = in.numbers();
    if (numbers == null) {
      out.clear();
      return;
    }
    int time = window.picture().across();
    int places = window.places().across();
    float[] seen = new float[step.examples() * places];
    for (int example = 0; example < step.examples(); example++) {
      for (int column = 0; column < window.kernel().across(); column++) {
        int first = window.at(column) - window.padding().across();
        for (int i = window.firstInside(column); i < window.lastInside(column); i++) {
          float number = numbers[example * time + first + i * window.stride().across()];
          seen[example * places + i] = Math.max(seen[example * places + i], number);
        }
      }
    }
    out.set(seen, in.state());
  }

  /** The steps of a minibatch that a window gives, under their mask. */
  static Tensor over(Tensor in, Tensor out, Window window, Compilation c) {
    boolean each =
        window.stride().across() == 1 && window.places().across() == window.picture().across();
    if (each) {
      return out.masked(in.mask());
    }
    c.add(new MaskWindow(in.mask(), out.mask(), window));
    return out;
  }

  @Override
  public void backward(Step step) {
    // A mask has no gradient.
  }
}
