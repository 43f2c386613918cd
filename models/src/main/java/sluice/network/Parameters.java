package sluice.network;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sluice.data.InvalidInput;

/**
 * A network's parameters and updater state as plain arrays, the form in which they travel and are
 * kept: copying them in bulk is far cheaper than serialising an INDArray, and a broadcast INDArray
 * is closed behind the reader's back.
 */
public final class Parameters {
  private static final float[] NONE = new float[0];

  private Parameters() {}

  /** A copy of the parameters, in the order of the layers. */
  public static float[] of(MultiLayerNetwork network) {
    return copy(network.params());
  }

  /**
   * Overwrites the parameters.
   *
   * @throws InvalidInput (data) if their number is not the network's
   */
  public static void set(MultiLayerNetwork network, float[] parameters) {
    assign(network.params(), parameters, "parameters");
  }

  /** A copy of the updater's state; empty if it has none, as plain gradient descent. */
  public static float[] updaterStateOf(MultiLayerNetwork network) {
    INDArray state = network.getUpdater().getStateViewArray();
    return state == null ? NONE : copy(state);
  }

  /** Overwrites the updater's state; does nothing where it has none. */
  public static void setUpdaterState(MultiLayerNetwork network, float[] state) {
    INDArray view = network.getUpdater().getStateViewArray();
    if (view != null) {
      assign(view, state, "updater values");
    }
  }

  private static float[] copy(INDArray view) {
    return view.dup().data().asFloat();
  }

  private static void assign(INDArray view, float[] values, String what) {
    if (view.length() != values.length) {
      throw InvalidInput.data(
          "the network has %d %s, got %d".formatted(view.length(), what, values.length));
    }
    try (INDArray array = Nd4j.createFromArray(values)) {
      view.assign(array.reshape(view.ordering(), view.shape()));
    }
  }
}
