package sluice.network.compiled;

import java.util.Arrays;
import java.util.List;
import sluice.network.layers.SeriesPooling;

/**
 * {@link SeriesPooling.Kind#LAST}, and Deeplearning4j's wrapper that takes the last step of a
 * layer. The step that counts is the last that the mask leaves.
 */
final class LastStepOp implements Op {
  private final Tensor in;
  private final Tensor out;
  private final StepMask mask;
  private final int time;
  private final float[] series;
  private final float[] scratch;
  private final float[] row;

  private LastStepOp(Tensor in, Tensor out, StepMask mask) {
    this.in = in;
    this.out = out;
    this.mask = mask;
    time = in.shape()[1];
    series = new float[in.size()];
    scratch = new float[in.size()];
    row = new float[out.size()];
  }

  /** The last step of a series. */
  static Tensor of(Tensor in, Compilation c) {
    return of(in, in.mask(), c);
  }

  /** The last step of a series that a mask leaves, which may be another than its own. */
  static Tensor of(Tensor in, StepMask mask, Compilation c) {
    Tensor out = c.passing(List.of(in), in.shape()[0]);
    c.add(new LastStepOp(in, out, mask));
    return out;
  }

  @Override
  public void forward(Step step) {
    for (int i = 0; i < step.examples(); i++) {
      in.data().read(i * series.length, series, series.length);
      int last = mask.length(i) - 1;
      for (int j = 0; j < row.length; j++) {
        row[j] = last < 0 ? 0 : series[j * time + last];
      }
      out.data().write(i * row.length, row, row.length);
    }
  }

  @Override
  public void backward(Step step) {
    Block gradient = out.gradient();
    Block below = in.gradient();
    if (gradient == null || below == null) {
      return;
    }
    float beta = below.beta();
    for (int i = 0; i < step.examples(); i++) {
      gradient.read(i * row.length, row, row.length);
      Arrays.fill(series, 0);
      int last = mask.length(i) - 1;
      for (int j = 0; last >= 0 && j < row.length; j++) {
        series[j * time + last] = row[j];
      }
      below.add(beta, i * series.length, series, series.length, scratch);
    }
  }
}
