package sluice.network.lean;

import static java.util.Objects.requireNonNull;

import java.nio.FloatBuffer;
import java.util.Map;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.AdamUpdater;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.Adam;

/**
 * Adam (Kingma and Ba 2015, the form with the correction in the step size) in a loop that the
 * compiler vectorises. The native one computes each number through its index, and the step size in
 * single precision, of which the first steps lose some digits.
 */
public final class LeanAdam extends Adam {
  private static final long serialVersionUID = 1L;

  /** The learning rate of an iteration, counted from 0, with both corrections. */
  public static double stepSize(Adam adam, int iteration, int epoch) {
    double step =
        adam.getLearningRate(iteration, epoch)
            * Math.sqrt(1 - Math.pow(adam.getBeta2(), iteration + 1))
            / (1 - Math.pow(adam.getBeta1(), iteration + 1));
    // As the native one does.
    return step > 0 ? step : adam.getEpsilon();
  }

  @Override
  public Adam clone() {
    LeanAdam copy = new LeanAdam();
    copy.setLrAndSchedule(getLearningRate(), getLearningRateSchedule());
    copy.setBeta1(getBeta1());
    copy.setBeta2(getBeta2());
    copy.setEpsilon(getEpsilon());
    return copy;
  }

  @Override
  public GradientUpdater<Adam> instantiate(INDArray state, boolean initialise) {
    INDArray row = state.reshape(state.length());
    InTraining updater = new InTraining(this);
    updater.setStateViewArray(row, new long[] {row.length() / 2}, 'c', initialise);
    return updater;
  }

  @Override
  public GradientUpdater<Adam> instantiate(Map<String, INDArray> state, boolean initialise) {
    InTraining updater = new InTraining(this);
    updater.setState(state, initialise);
    return updater;
  }

  /** The updater at work. */
  private static final class InTraining extends AdamUpdater {
    private static final long serialVersionUID = 1L;

    /** Three pieces of this many numbers fit into the first cache. */
    private static final int PIECE = 2048;

    private final LeanAdam settings;
    private final float[] gradients = new float[PIECE];
    private final float[] means = new float[PIECE];
    private final float[] squares = new float[PIECE];

    InTraining(LeanAdam settings) {
      super(settings);
      this.settings = settings;
    }

    @Override
    public void applyUpdater(INDArray gradient, int iteration, int epoch) {
      FloatBuffer g = numbers(gradient);
      FloatBuffer m = numbers(requireNonNull(getState().get(M_STATE)));
      FloatBuffer v = numbers(requireNonNull(getState().get(V_STATE)));
      double beta1 = settings.getBeta1();
      double beta2 = settings.getBeta2();
      double step = stepSize(settings, iteration, epoch);
      int length = Math.toIntExact(gradient.length());
      for (int from = 0; from < length; from += PIECE) {
        int size = Math.min(PIECE, length - from);
        g.get(from, gradients, 0, size);
        m.get(from, means, 0, size);
        v.get(from, squares, 0, size);
        update(size, (float) beta1, (float) beta2, (float) step, (float) settings.getEpsilon());
        g.put(from, gradients, 0, size);
        m.put(from, means, 0, size);
        v.put(from, squares, 0, size);
      }
    }

    private void update(int size, float beta1, float beta2, float step, float epsilon) {
      float rest1 = 1 - beta1;
      float rest2 = 1 - beta2;
      for (int i = 0; i < size; i++) {
        float gradient = gradients[i];
        float mean = beta1 * means[i] + rest1 * gradient;
        float square = beta2 * squares[i] + rest2 * gradient * gradient;
        means[i] = mean;
        squares[i] = square;
        gradients[i] = step * mean / ((float) Math.sqrt(square) + epsilon);
      }
    }

    /** The numbers of a view whose numbers lie one behind the other. */
    private static FloatBuffer numbers(INDArray view) {
      Nd4j.getAffinityManager().ensureLocation(view, AffinityManager.Location.HOST);
      Nd4j.getAffinityManager().tagLocation(view, AffinityManager.Location.HOST);
      return view.data().asNioFloat().slice();
    }
  }
}
