package sluice.network.layers;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.random.impl.DropOutInverted;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What layers with attention have in common: connected layers over rows, attention, and dropout
 * within the layer, whose draws are kept from the way forward for the way back.
 */
abstract class AttentionRuntime<C extends ParametricLayer> extends RuntimeLayer<C> {
  private static final long serialVersionUID = 1L;

  /** In the order in which the way forward drew them. */
  private final ArrayList<INDArray> drawn = new ArrayList<>();

  AttentionRuntime(NeuralNetConfiguration configuration, DataType type) {
    super(configuration, type);
  }

  /** What dropout multiplies so many numbers by; null if it drops none. */
  private @Nullable INDArray draw(boolean training, double rate, long count) {
    if (!training || rate == 0) {
      return null;
    }
    INDArray draws = Nd4j.ones(dataType, count);
    Nd4j.getExecutioner().exec(new DropOutInverted(draws, draws, 1 - rate));
    // Workspaces end before the way back.
    draws = draws.detach();
    drawn.add(draws);
    return draws;
  }

  /** The dropout of one pass: draws on the way forward, and finds again what that drew. */
  final class Draws {
    private final boolean training;
    private final @Nullable Deque<INDArray> again;

    private Draws(boolean training, @Nullable Deque<INDArray> again) {
      this.training = training;
      this.again = again;
    }

    @Nullable INDArray next(double rate, long count) {
      if (again == null) {
        return draw(training, rate, count);
      }
      return rate == 0 ? null : again.remove();
    }

    /** The rows, some of which are dropped. */
    Dropped drop(INDArray rows, double rate) {
      INDArray factors = next(rate, rows.length());
      return factors == null
          ? new Dropped(rows, null)
          : new Dropped(rows.mul(shaped(factors, rows)), factors);
    }
  }

  /**
   * Rows behind dropout.
   *
   * @param factors null if none were dropped
   */
  record Dropped(INDArray rows, @Nullable INDArray factors) {
    INDArray backward(INDArray epsilon) {
      return factors == null ? epsilon : epsilon.mul(shaped(factors, epsilon));
    }
  }

  private static INDArray shaped(INDArray factors, INDArray rows) {
    return factors.reshape('c', rows.shape());
  }

  Draws drawing(boolean training) {
    drawn.clear();
    return new Draws(training, null);
  }

  Draws drawnBefore() {
    return new Draws(true, new ArrayDeque<>(drawn));
  }

  /** Queries, keys and values with their positions, where these are rotary. */
  static INDArray positioned(INDArray all, boolean rotary, Attention attention, int sign) {
    return rotary ? Rotation.turned(all, attention.heads(), (int) attention.time(), sign) : all;
  }

  INDArray connected(
      INDArray rows, String weights, String biases, boolean training, LayerWorkspaceMgr spaces) {
    return rows.mmul(parameter(weights, training, spaces))
        .addiRowVector(parameter(biases, training, spaces));
  }

  /** Writes the gradients of a connected layer, and gives that by its rows. */
  INDArray connectedBack(
      INDArray rows, INDArray epsilon, String weights, String biases, LayerWorkspaceMgr spaces) {
    gradient(weights).assign(rows.transpose().mmul(epsilon));
    gradient(biases).assign(epsilon.sum(0));
    return epsilon.mmul(parameter(weights, true, spaces).transpose());
  }

  @Override
  public void clear() {
    super.clear();
    drawn.clear();
  }
}
