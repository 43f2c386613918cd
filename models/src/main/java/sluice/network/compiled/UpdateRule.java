package sluice.network.compiled;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.Sgd;

/** An updater: what it makes of gradients, which is then subtracted from the parameters. */
abstract class UpdateRule {
  private final IUpdater updater;
  private double learningRate;

  private UpdateRule(IUpdater updater) {
    this.updater = updater;
  }

  /** The kernel of an updater; null if it has none. */
  static @Nullable UpdateRule of(IUpdater updater) {
    if (updater instanceof Adam adam && updater.getClass() == Adam.class) {
      return new AdamRule(adam);
    }
    if (updater instanceof Nesterovs nesterovs) {
      return new NesterovRule(nesterovs);
    }
    if (updater instanceof Sgd) {
      return new SgdRule(updater);
    }
    return updater instanceof NoOp ? new NoRule(updater) : null;
  }

  /**
   * Asks the schedules.
   *
   * @param steps that the updater's state has seen
   */
  void begin(int iteration, int epoch, int steps) {
    learningRate = updater.hasLearningRate() ? updater.getLearningRate(iteration, epoch) : 1;
  }

  double learningRate() {
    return learningRate;
  }

  /**
   * Overwrites gradients by what is to be subtracted.
   *
   * @param state of the whole network; null if no updater has one
   * @param at where the first part of these parameters' state is
   * @param size parameters of the block, and so the distance between the parts of the state
   */
  abstract void apply(float[] g, int count, @Nullable Block state, int at, int size);

  /** Kingma and Ba 2015, in the form with the correction in the step size. */
  private static final class AdamRule extends UpdateRule {
    private final Adam adam;
    private final float[] m = new float[Loops.CHUNK];
    private final float[] v = new float[Loops.CHUNK];
    private double step;

    AdamRule(Adam adam) {
      super(adam);
      this.adam = adam;
    }

    @Override
    void begin(int iteration, int epoch, int steps) {
      super.begin(iteration, epoch, steps);
      double size =
          learningRate()
              * Math.sqrt(1 - Math.pow(adam.getBeta2(), steps + 1))
              / (1 - Math.pow(adam.getBeta1(), steps + 1));
      // As ND4J does.
      step = size > 0 ? size : adam.getEpsilon();
    }

    @Override
    void apply(float[] g, int count, @Nullable Block state, int at, int size) {
      Block moments = requireNonNull(state);
      moments.read(at, m, count);
      moments.read(at + size, v, count);
      move(
          g,
          m,
          v,
          count,
          (float) adam.getBeta1(),
          (float) adam.getBeta2(),
          (float) step,
          (float) adam.getEpsilon());
      moments.write(at, m, count);
      moments.write(at + size, v, count);
    }

    private static void move(
        float[] g,
        float[] m,
        float[] v,
        int count,
        float beta1,
        float beta2,
        float step,
        float epsilon) {
      float rest1 = 1 - beta1;
      float rest2 = 1 - beta2;
      for (int i = 0; i < count; i++) {
        float gradient = g[i];
        float mean = beta1 * m[i] + rest1 * gradient;
        float square = beta2 * v[i] + rest2 * gradient * gradient;
        m[i] = mean;
        v[i] = square;
        g[i] = step * mean / ((float) Math.sqrt(square) + epsilon);
      }
    }
  }

  /** Nesterov's accelerated gradient, as in Sutskever et al. 2013. */
  private static final class NesterovRule extends UpdateRule {
    private final Nesterovs nesterovs;
    private final float[] v = new float[Loops.CHUNK];
    private double momentum;

    NesterovRule(Nesterovs nesterovs) {
      super(nesterovs);
      this.nesterovs = nesterovs;
    }

    @Override
    void begin(int iteration, int epoch, int steps) {
      super.begin(iteration, epoch, steps);
      momentum = nesterovs.currentMomentum(iteration, epoch);
    }

    @Override
    void apply(float[] g, int count, @Nullable Block state, int at, int size) {
      Block velocities = requireNonNull(state);
      velocities.read(at, v, count);
      move(g, v, count, (float) momentum, (float) learningRate());
      velocities.write(at, v, count);
    }

    private static void move(float[] g, float[] v, int count, float momentum, float rate) {
      for (int i = 0; i < count; i++) {
        float before = v[i];
        float velocity = momentum * before - rate * g[i];
        v[i] = velocity;
        g[i] = momentum * before - (1 + momentum) * velocity;
      }
    }
  }

  private static final class SgdRule extends UpdateRule {
    SgdRule(IUpdater updater) {
      super(updater);
    }

    @Override
    void apply(float[] g, int count, @Nullable Block state, int at, int size) {
      Loops.scale(g, count, (float) learningRate());
    }
  }

  /**
   * Gradients are changes already: those of running statistics, zeros of frozen layers, and any
   * other that NoOp has, which Deeplearning4j subtracts as it is.
   */
  private static final class NoRule extends UpdateRule {
    NoRule(IUpdater updater) {
      super(updater);
    }

    @Override
    void apply(float[] g, int count, @Nullable Block state, int at, int size) {
      // It stays as it is.
    }
  }
}
