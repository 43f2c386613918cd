package sluice.network.compiled;

import java.util.List;
import org.deeplearning4j.nn.api.MaskState;

/**
 * The mask of a value that is made of several series, as Deeplearning4j has it: a step is there if
 * it is in any of them, and all are if one of them has no mask.
 */
record MaskUnion(List<StepMask> in, StepMask out) implements Op {
  MaskUnion {
    in = List.copyOf(in);
  }

  @Override
  public void forward(Step step) {
    float[] union = null;
    MaskState state = MaskState.Passthrough;
    for (StepMask mask : in) {
      float[] numbers = mask.numbers();
      if (numbers == null) {
        out.clear();
        return;
      }
      union = union == null ? new float[numbers.length] : union;
      for (int i = 0; i < union.length; i++) {
        union[i] = union[i] != 0 || numbers[i] != 0 ? 1 : 0;
      }
      state = mask.state() == MaskState.Active ? MaskState.Active : state;
    }
    if (union != null) {
      out.set(union, state);
    }
  }

  @Override
  public void backward(Step step) {
    // A mask has no gradient.
  }
}
