package sluice.network.lean;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.util.ConvolutionUtils;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import sluice.network.FloatArrays;

/**
 * A convolutional layer that does not compute on its way back what it computed on its way forward.
 * Where it reads the network's input, its gradient is that of the weights alone: the native
 * operation computes both, and takes three times as long.
 */
public final class LeanConvolution extends ConvolutionLayer {
  private static final long serialVersionUID = 1L;

  /** Whether it reads the network's input, whose gradient nobody asks for. */
  @JsonProperty private boolean readsInput;

  @Override
  public Layer instantiate(
      NeuralNetConfiguration configuration,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initialise,
      DataType type) {
    return Lean.layer(
        new InTraining(configuration, type), this, listeners, index, parameters, initialise);
  }

  private boolean isPlain() {
    return getCnn2dDataFormat() == CNN2DFormat.NCHW
        && Arrays.stream(getDilation()).allMatch(dilation -> dilation == 1);
  }

  /** The layer at work. */
  private static final class InTraining
      extends org.deeplearning4j.nn.layers.convolution.ConvolutionLayer {
    private static final long serialVersionUID = 1L;

    private transient @Nullable Pair<INDArray, INDArray> forward;
    private transient @Nullable WeightGradient weights;

    InTraining(NeuralNetConfiguration configuration, DataType type) {
      super(configuration, type);
    }

    @Override
    protected Pair<INDArray, INDArray> preOutput(
        boolean training, boolean forBackprop, LayerWorkspaceMgr workspaces) {
      Pair<INDArray, INDArray> kept = forward;
      forward = null;
      if (forBackprop && kept != null) {
        return kept;
      }
      Pair<INDArray, INDArray> computed = super.preOutput(training, forBackprop, workspaces);
      if (training && !forBackprop) {
        forward = new Pair<>(PreOutput.keep(computed.getFirst(), layerConf(), workspaces), null);
      }
      return computed;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(
        INDArray epsilon, LayerWorkspaceMgr workspaces) {
      LeanConvolution layer = (LeanConvolution) layerConf();
      if (!layer.readsInput || !layer.isPlain() || dataType != DataType.FLOAT) {
        return super.backpropGradient(epsilon, workspaces);
      }
      INDArray z = preOutput4d(true, true, workspaces).getFirst();
      INDArray delta = layer.getActivationFn().backprop(z, epsilon).getFirst();
      if (weights == null) {
        weights = new WeightGradient(layer.getKernelSize(), layer.getStride(), layer.hasBias());
      }
      float[] found =
          weights.of(
              FloatArrays.copy(input),
              input.shape(),
              FloatArrays.copy(delta),
              delta.shape(),
              padding(delta));
      INDArray weightGradient =
          requireNonNull(gradientViews.get(ConvolutionParamInitializer.WEIGHT_KEY));
      int outputs = (int) delta.size(1);
      int each = (int) weightGradient.length() / outputs;
      Gradient gradient = new DefaultGradient();
      if (layer.hasBias()) {
        INDArray bias = requireNonNull(gradientViews.get(ConvolutionParamInitializer.BIAS_KEY));
        float[] biases = new float[outputs];
        float[] rest = new float[outputs * each];
        for (int o = 0; o < outputs; o++) {
          System.arraycopy(found, o * (each + 1), rest, o * each, each);
          biases[o] = found[o * (each + 1) + each];
        }
        bias.assign(FloatArrays.create(biases, bias.shape()));
        gradient.gradientForVariable().put(ConvolutionParamInitializer.BIAS_KEY, bias);
        found = rest;
      }
      weightGradient.assign(FloatArrays.create(found, weightGradient.shape()));
      gradient.gradientForVariable().put(ConvolutionParamInitializer.WEIGHT_KEY, weightGradient);
      weightNoiseParams.clear();
      if (layer.getIDropout() != null) {
        layer.getIDropout().clear();
      }
      // What lies before the first layer reshapes its gradient, but does not look into it.
      return new Pair<>(
          gradient,
          workspaces.create(ArrayType.ACTIVATION_GRAD, DataType.FLOAT, input.shape(), 'c'));
    }

    /** Rows above and columns left of the picture. */
    private int[] padding(INDArray delta) {
      LeanConvolution layer = (LeanConvolution) layerConf();
      return layer.getConvolutionMode() == ConvolutionMode.Same
          ? ConvolutionUtils.getSameModeTopLeftPadding(
              new int[] {(int) delta.size(2), (int) delta.size(3)},
              new int[] {(int) input.size(2), (int) input.size(3)},
              layer.getKernelSize(),
              layer.getStride(),
              layer.getDilation())
          : layer.getPadding();
    }

    @Override
    public void clear() {
      super.clear();
      forward = null;
    }
  }
}
