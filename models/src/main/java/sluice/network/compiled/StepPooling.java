package sluice.network.compiled;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.layers.PoolingType;

/**
 * The greatest, the mean, the sum or the p-norm of each feature over the steps of a series that are
 * there. Of a series without any it is zero, where Deeplearning4j has infinity or no number.
 */
final class StepPooling implements Op {
  private final Tensor in;
  private final Tensor out;
  private final PoolingType type;
  private final int power;
  private final int time;

  /** Features of a pass at a time. */
  private final int each;

  private final float[] series;
  private final float[] scratch;
  private final float[] pooled;
  private final float[] norms;

  /** The step that each of the greatest numbers is from; of equal ones the first. */
  private int[] from = {};

  private float[] shares = {};

  /**
   * @param power of the norm, for that type
   */
  StepPooling(Tensor in, Tensor out, PoolingType type, int power) {
    this.in = in;
    this.out = out;
    this.type = type;
    this.power = power;
    time = in.shape()[1];
    each = Math.min(out.size(), Loops.rows(time));
    series = new float[each * time];
    scratch = new float[series.length];
    pooled = new float[each];
    norms = new float[each];
  }

  @Override
  public void forward(Step step) {
    int all = step.examples() * out.size();
    if (type == PoolingType.MAX && from.length < all) {
      from = new int[all];
    }
    countSteps(step.examples());
    for (int feature = 0; feature < all; feature += each) {
      int count = Math.min(each, all - feature);
      in.data().read(feature * time, series, count * time);
      for (int i = 0; i < count; i++) {
        int example = (feature + i) / out.size();
        if (type == PoolingType.MAX) {
          int greatest = greatest(example, i * time);
          from[feature + i] = greatest;
          pooled[i] = greatest < 0 ? 0 : series[i * time + greatest];
          continue;
        }
        mask(example, i * time);
        if (type == PoolingType.PNORM) {
          pooled[i] = norm(i * time);
        } else {
          pooled[i] = Loops.sum(series, i * time, time) * shares[example];
        }
      }
      out.data().write(feature, pooled, count);
    }
  }

  /** Makes steps of a feature zero that are not there. */
  private void mask(int example, int at) {
    for (int i = 0; in.mask().isGiven() && i < time; i++) {
      series[at + i] = in.mask().at(example, i) == 0 ? 0 : series[at + i];
    }
  }

  /** Of each example by what to multiply the sum. */
  private void countSteps(int examples) {
    if (shares.length < examples) {
      shares = new float[examples];
    }
    for (int example = 0; example < examples; example++) {
      int count = 0;
      for (int i = 0; i < time; i++) {
        count += in.mask().at(example, i) == 0 ? 0 : 1;
      }
      shares[example] = type == PoolingType.AVG ? 1f / Math.max(1, count) : 1;
    }
  }

  /** What is not a number is the greatest; -1 of no steps. */
  private int greatest(int example, int at) {
    if (in.mask().isGiven()) {
      return greatestOfThose(example, at);
    }
    int place = 0;
    float most = series[at];
    for (int i = 1; i < time; i++) {
      float number = series[at + i];
      place = number > most ? i : place;
      most = Math.max(number, most);
    }
    return place;
  }

  private int greatestOfThose(int example, int at) {
    int place = -1;
    for (int i = 0; i < time; i++) {
      boolean there = in.mask().at(example, i) != 0;
      if (there && (place < 0 || !(series[at + i] <= series[at + place]))) {
        place = i;
      }
    }
    return place;
  }

  private float norm(int at) {
    double sum = 0;
    for (int i = at; i < at + time; i++) {
      sum += Math.pow(Math.abs(series[i]), power);
    }
    return (float) Math.pow(sum, 1.0 / power);
  }

  /** Overwrites a row of the series by x |x|^(p - 2) / norm^(p - 1) of the gradient. */
  private void backThroughNorm(int at, float norm, float delta) {
    double factor = norm == 0 ? 0 : delta / Math.pow(norm, power - 1);
    for (int i = at; i < at + time; i++) {
      series[i] = (float) (series[i] * Math.pow(Math.abs(series[i]), power - 2) * factor);
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
    int all = step.examples() * out.size();
    for (int feature = 0; feature < all; feature += each) {
      int count = Math.min(each, all - feature);
      gradient.read(feature, pooled, count);
      if (type == PoolingType.PNORM) {
        in.data().read(feature * time, series, count * time);
        out.data().read(feature, norms, count);
      } else {
        Arrays.fill(series, 0);
      }
      for (int i = 0; i < count; i++) {
        int example = (feature + i) / out.size();
        if (type == PoolingType.MAX) {
          if (from[feature + i] >= 0) {
            series[i * time + from[feature + i]] = pooled[i];
          }
          continue;
        }
        if (type == PoolingType.PNORM) {
          backThroughNorm(i * time, norms[i], pooled[i]);
        } else {
          Arrays.fill(series, i * time, (i + 1) * time, pooled[i] * shares[example]);
        }
        mask(example, i * time);
      }
      below.add(beta, feature * time, series, count * time, scratch);
    }
  }
}
