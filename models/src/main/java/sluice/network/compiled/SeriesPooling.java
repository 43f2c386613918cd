package sluice.network.compiled;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.layers.PoolingType;

/** The greatest, the mean, the sum or the p-norm of each feature over the steps of a series. */
final class SeriesPooling implements Op {
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

  /**
   * @param power of the norm, for that type
   */
  SeriesPooling(Tensor in, Tensor out, PoolingType type, int power) {
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
    for (int feature = 0; feature < all; feature += each) {
      int count = Math.min(each, all - feature);
      in.data().read(feature * time, series, count * time);
      for (int i = 0; i < count; i++) {
        if (type == PoolingType.MAX) {
          int greatest = greatest(i * time);
          from[feature + i] = greatest;
          pooled[i] = series[i * time + greatest];
        } else if (type == PoolingType.PNORM) {
          pooled[i] = norm(i * time);
        } else {
          pooled[i] = Loops.sum(series, i * time, time) * share();
        }
      }
      out.data().write(feature, pooled, count);
    }
  }

  /** By what to multiply the sum. */
  private float share() {
    return type == PoolingType.AVG ? 1f / time : 1;
  }

  /** What is not a number is the greatest. */
  private int greatest(int at) {
    int place = 0;
    float most = series[at];
    for (int i = 1; i < time; i++) {
      float number = series[at + i];
      place = number > most ? i : place;
      most = Math.max(number, most);
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
    double factor = delta / Math.pow(norm, power - 1);
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
        if (type == PoolingType.PNORM) {
          backThroughNorm(i * time, norms[i], pooled[i]);
        } else if (type == PoolingType.MAX) {
          series[i * time + from[feature + i]] = pooled[i];
        } else {
          Arrays.fill(series, i * time, (i + 1) * time, pooled[i] * share());
        }
      }
      below.add(beta, feature * time, series, count * time, scratch);
    }
  }
}
