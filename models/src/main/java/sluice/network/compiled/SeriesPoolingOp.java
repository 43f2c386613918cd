package sluice.network.compiled;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.jspecify.annotations.Nullable;
import sluice.network.layers.SeriesPooling;
import sluice.network.layers.SeriesPooling.Kind;

/**
 * {@link SeriesPooling}, but for the last step, example by example. It looks at no step behind the
 * last that is there, so that its sums do not depend on the padding.
 */
final class SeriesPoolingOp implements Op {
  private final Tensor in;
  private final Tensor out;
  private final Kind kind;
  private final int features;
  private final int time;

  /** Null but for attention. */
  private final @Nullable Weights query;

  private final float[] vector;
  private final float[] series;
  private final float[] scratch;
  private final float[] row;
  private final float[] delta;
  private final float[] shares;

  /** Of each feature the step that has its greatest number. */
  private final int[] greatest;

  private SeriesPoolingOp(Tensor in, Tensor out, Kind kind, @Nullable Weights query) {
    this.in = in;
    this.out = out;
    this.kind = kind;
    this.query = query;
    features = in.shape()[0];
    time = in.shape()[1];
    vector = new float[features];
    series = new float[in.size()];
    scratch = new float[in.size()];
    row = new float[features];
    delta = new float[features];
    shares = new float[time];
    greatest = new int[features];
  }

  static Optional<Tensor> compile(
      Layer layer, org.deeplearning4j.nn.conf.layers.Layer settings, Tensor in, Compilation c) {
    Kind kind = ((SeriesPooling) settings).getKind();
    if (kind == Kind.LAST) {
      return Optional.of(LastStepOp.of(in, c));
    }
    Weights query = c.weights(layer, SeriesPooling.QUERY);
    Tensor out = query == null ? c.passing(List.of(in), in.shape()[0]) : c.learning(in.shape()[0]);
    c.add(new SeriesPoolingOp(in, out, kind, query));
    return Optional.of(out);
  }

  @Override
  public void forward(Step step) {
    if (query != null) {
      query.read(vector);
    }
    for (int example = 0; example < step.examples(); example++) {
      in.data().read(example * series.length, series, series.length);
      if (share(example) == 0) {
        Arrays.fill(row, 0);
      } else if (kind == Kind.MAX) {
        findGreatest(example);
        for (int j = 0; j < features; j++) {
          row[j] = series[j * time + greatest[j]];
        }
      } else {
        for (int j = 0; j < features; j++) {
          row[j] = Loops.dot(series, j * time, shares, 0, in.mask().length(example));
        }
      }
      out.data().write(example * features, row, features);
    }
  }

  /** What each step counts for, but for the greatest; gives how many steps are there. */
  private int share(int example) {
    StepMask mask = in.mask();
    int length = mask.length(example);
    int count = 0;
    Arrays.fill(shares, 0);
    for (int t = 0; t < length; t++) {
      if (mask.at(example, t) != 0) {
        shares[t] = kind == Kind.FIRST && count > 0 ? 0 : 1;
        count++;
      }
    }
    if (kind == Kind.MEAN && count > 0) {
      Loops.scale(shares, length, 1f / count);
    } else if (kind == Kind.ATTENTION && count > 0) {
      attend(example, length);
    }
    return count;
  }

  private void attend(int example, int length) {
    float root = (float) (1 / Math.sqrt((double) features));
    Arrays.fill(scratch, 0, length, 0);
    for (int j = 0; j < features; j++) {
      addTo(scratch, vector[j] * root, series, j * time, length);
    }
    float most = Float.NEGATIVE_INFINITY;
    for (int t = 0; t < length; t++) {
      most = in.mask().at(example, t) == 0 ? most : Math.max(most, scratch[t]);
    }
    float sum = 0;
    for (int t = 0; t < length; t++) {
      shares[t] = in.mask().at(example, t) == 0 ? 0 : Exponentials.exp(scratch[t] - most);
      sum += shares[t];
    }
    Loops.scale(shares, length, 1 / sum);
  }

  private static void addTo(float[] sums, float factor, float[] from, int at, int count) {
    for (int i = 0; i < count; i++) {
      sums[i] += factor * from[at + i];
    }
  }

  private void findGreatest(int example) {
    StepMask mask = in.mask();
    int length = mask.length(example);
    for (int j = 0; j < features; j++) {
      int best = -1;
      for (int t = 0; t < length; t++) {
        if (mask.at(example, t) != 0
            && (best < 0 || series[j * time + t] > series[j * time + best])) {
          best = t;
        }
      }
      greatest[j] = best;
    }
  }

  @Override
  public void backward(Step step) {
    Block gradient = out.gradient();
    if (gradient == null) {
      return;
    }
    Block below = in.gradient();
    float beta = below == null ? 0 : below.beta();
    float[] byQuery = new float[features];
    for (int example = 0; example < step.examples(); example++) {
      gradient.read(example * features, delta, features);
      in.data().read(example * series.length, series, series.length);
      int count = share(example);
      int length = in.mask().length(example);
      if (count == 0) {
        Arrays.fill(series, 0);
      } else if (kind == Kind.MAX) {
        findGreatest(example);
        Arrays.fill(series, 0);
        for (int j = 0; j < features; j++) {
          series[j * time + greatest[j]] = delta[j];
        }
      } else if (kind == Kind.ATTENTION) {
        attentionBack(length, byQuery);
      } else {
        Arrays.fill(series, 0);
        for (int j = 0; j < features; j++) {
          addTo(series, j * time, delta[j], shares, length);
        }
      }
      if (below != null) {
        below.add(beta, example * series.length, series, series.length, scratch);
      }
    }
    if (query != null) {
      query.writeGradient(byQuery);
    }
  }

  private static void addTo(float[] to, int at, float factor, float[] from, int count) {
    for (int i = 0; i < count; i++) {
      to[at + i] += factor * from[i];
    }
  }

  /** Leaves the gradient by the series in its place, and adds to that by the query. */
  private void attentionBack(int length, float[] byQuery) {
    float root = (float) (1 / Math.sqrt((double) features));
    float[] byScore = new float[length];
    for (int j = 0; j < features; j++) {
      addTo(byScore, delta[j], series, j * time, length);
    }
    float along = Loops.dot(byScore, 0, shares, 0, length);
    for (int t = 0; t < length; t++) {
      byScore[t] = (byScore[t] - along) * shares[t] * root;
    }
    for (int j = 0; j < features; j++) {
      byQuery[j] += Loops.dot(series, j * time, byScore, 0, length);
    }
    Arrays.fill(series, 0);
    for (int j = 0; j < features; j++) {
      addTo(series, j * time, delta[j], shares, length);
      addTo(series, j * time, vector[j], byScore, length);
    }
  }
}
