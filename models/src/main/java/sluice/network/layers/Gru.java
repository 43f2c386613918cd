package sluice.network.layers;

import java.util.Collection;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import sluice.data.InvalidInput;

/**
 * Gated recurrent units (Cho et al. 2014), in the form that cuDNN and PyTorch compute, where the
 * reset gate stands behind the product with the state: of what is read, x, and the state before, h,
 *
 * <pre>
 * r = sigmoid(x Wr + br + h Rr + cr)        reset gate
 * u = sigmoid(x Wu + bu + h Ru + cu)        update gate
 * n = tanh(x Wn + bn + r (h Rn + cn))       candidate
 * h' = (1 - u) n + u h
 * </pre>
 *
 * <p>Reads [examples, features, time] and gives the states, [examples, nOut, time]. In steps that a
 * mask leaves out the state is zero. Deeplearning4j's {@code Bidirectional} takes it as any other
 * recurrent layer, {@code LastTimeStep} too. The activation function of the configuration is for
 * other layers.
 */
public final class Gru extends BaseRecurrentLayer {
  /** The name of [features, 3 nOut] for reset gate, update gate and candidate, by columns. */
  public static final String WEIGHTS = "W";

  /** The name of [nOut, 3 nOut], over the state before, by columns. */
  public static final String RECURRENT_WEIGHTS = "RW";

  /** The name of the biases of the sums over what is read. */
  public static final String BIASES = "b";

  /** The name of the biases of the sums over the state before. */
  public static final String RECURRENT_BIASES = "Rb";

  private static final long serialVersionUID = 1L;

  /** For Jackson. */
  public Gru() {}

  private Gru(Builder builder) {
    super(builder);
    if (getNOut() < 1) {
      throw invalid("nOut must be at least 1", getNOut());
    }
    if (getRnnDataFormat() == RNNFormat.NWC) {
      throw invalid("reads series of [examples, features, time]", RNNFormat.NWC);
    }
  }

  private InvalidInput invalid(String rule, Object got) {
    String name = getLayerName();
    return InvalidInput.configuration(
        "layer %s: %s, got %s"
            .formatted(name == null ? getClass().getSimpleName() : name, rule, got));
  }

  List<ParameterArray> parameters() {
    long in = getNIn();
    long out = getNOut();
    return List.of(
        ParameterArray.weights(WEIGHTS, new long[] {in, 3 * out}, 'f', in, out),
        ParameterArray.weights(RECURRENT_WEIGHTS, new long[] {out, 3 * out}, 'f', out, out),
        ParameterArray.bias(BIASES, 3 * out),
        ParameterArray.bias(RECURRENT_BIASES, 3 * out));
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration configuration,
      Collection<TrainingListener> listeners,
      int index,
      @Nullable INDArray parameters,
      boolean initialise,
      DataType type) {
    return new GruLayer(configuration, type).with(listeners, index, parameters, initialise);
  }

  @Override
  public ParamInitializer initializer() {
    return ParameterArrays.INSTANCE;
  }

  @Override
  public LayerMemoryReport getMemoryReport(InputType input) {
    return ParametricLayer.memory(this, input);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Gru && super.equals(other);
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }

  /** Makes the layer, which needs {@code nOut}. */
  @SuppressWarnings("unchecked") // Deeplearning4j leaves the type of what is built to the caller.
  public static final class Builder extends BaseRecurrentLayer.Builder<Builder> {
    @Override
    public Gru build() {
      return new Gru(this);
    }
  }
}
