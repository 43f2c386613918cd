package sluice.network;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import sluice.data.Require;

/**
 * An output layer that learns how uncertain its target is: Kendall, Gal and Cipolla 2018, equations
 * 7 and 10. With s, the logarithm of a variance, the loss of an example becomes factor exp(-s) loss
 * + s / 2, times the weight of the example, for which a mask of [examples, 1] over the labels
 * stands. Of several targets, those that are learnt less well then count for less. s begins as 0,
 * has the updater of weights, and no penalty.
 */
public final class UncertaintyOutputLayer extends OutputLayer {
  /** The name of s among the layer's parameters. */
  public static final String LOG_VARIANCE = "s";

  /** The factor of classes, whose probabilities' logits s scales. */
  public static final double OF_CLASSES = 1;

  /** The factor of numbers, of whose normal distribution s is the logarithm of the variance. */
  public static final double OF_NUMBERS = 0.5;

  private static final long serialVersionUID = 1L;

  private double factor = OF_CLASSES;

  /** For Jackson. */
  public UncertaintyOutputLayer() {}

  /**
   * @param layer the output layer that it would be otherwise
   * @param factor of the loss, above 0
   */
  public UncertaintyOutputLayer(OutputLayer.Builder layer, double factor) {
    super(layer);
    new Require().above("factor", factor, 0).hold();
    this.factor = factor;
  }

  @Override
  public ParamInitializer initializer() {
    return UncertaintyParameters.INSTANCE;
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration configuration,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initialise,
      DataType type) {
    Layer layer = new InTraining(configuration, type);
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(parameters);
    layer.setParamTable(initializer().init(configuration, parameters, initialise));
    return layer;
  }

  /** The factor of the loss. */
  public double getFactor() {
    return factor;
  }

  /** For Jackson. */
  public void setFactor(double factor) {
    this.factor = factor;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof UncertaintyOutputLayer layer
        && super.equals(other)
        && factor == layer.factor;
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), factor);
  }

  /** The layer at work. */
  private static final class InTraining extends ExampleWeightedOutputLayer.InTraining {
    private static final long serialVersionUID = 1L;

    InTraining(NeuralNetConfiguration configuration, DataType type) {
      super(configuration, type);
    }

    private double logVariance() {
      return getParam(LOG_VARIANCE).getDouble(0);
    }

    private double scale() {
      return ((UncertaintyOutputLayer) layerConf()).getFactor() * Math.exp(-logVariance());
    }

    private INDArray weights(INDArray losses) {
      @Nullable INDArray mask = maskArray;
      if (mask == null) {
        return losses.like().assign(1);
      }
      if (mask.length() != losses.length()) {
        throw new IllegalArgumentException(
            "layer %s: a mask over the labels must have a weight for each of %s examples, got %s"
                .formatted(layerConf().getLayerName(), losses.length(), mask.length()));
      }
      return mask.castTo(losses.dataType()).reshape(losses.shape());
    }

    /** The losses of the examples as they would be without s and weights, [examples, 1]. */
    private INDArray plainLosses(INDArray preOutput, LayerWorkspaceMgr workspaces) {
      INDArray own = getLabels2d(workspaces, ArrayType.FF_WORKING_MEM);
      return layerConf()
          .getLossFn()
          .computeScoreArray(own, preOutput, layerConf().getActivationFn(), null)
          .reshape(own.size(0), 1);
    }

    private INDArray losses(boolean training, LayerWorkspaceMgr workspaces) {
      INDArray plain = plainLosses(preOutput2d(training, workspaces), workspaces);
      return plain.muli(scale()).addi(logVariance() / 2).muli(weights(plain));
    }

    @Override
    public double computeScore(double penalties, boolean training, LayerWorkspaceMgr workspaces) {
      INDArray losses = losses(training, workspaces);
      score = losses.sumNumber().doubleValue() / losses.length() + penalties;
      return score;
    }

    @Override
    public INDArray computeScoreForExamples(double penalties, LayerWorkspaceMgr workspaces) {
      return workspaces.leverageTo(
          ArrayType.ACTIVATIONS, losses(false, workspaces).addi(penalties));
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(
        @Nullable INDArray epsilon, LayerWorkspaceMgr workspaces) {
      assertInputSet(true);
      INDArray preOutput = preOutput2d(true, workspaces);
      INDArray plain = plainLosses(preOutput, workspaces);
      INDArray weights = weights(plain);
      INDArray delta =
          layerConf()
              .getLossFn()
              .computeGradient(
                  getLabels2d(workspaces, ArrayType.BP_WORKING_MEM),
                  preOutput,
                  layerConf().getActivationFn(),
                  null)
              .mulColumnVector(weights)
              .muli(scale());
      Gradient gradients = new DefaultGradient();
      set(
          gradients,
          DefaultParamInitializer.WEIGHT_KEY,
          input.castTo(dataType).transpose().mmul(delta));
      if (hasBias()) {
        set(gradients, DefaultParamInitializer.BIAS_KEY, delta.sum(0));
      }
      set(gradients, LOG_VARIANCE, plain.muli(-scale()).addi(0.5).muli(weights).sum());
      INDArray below =
          delta.mmul(
              getParamWithNoise(DefaultParamInitializer.WEIGHT_KEY, true, workspaces).transpose());
      weightNoiseParams.clear();
      below = workspaces.leverageTo(ArrayType.ACTIVATION_GRAD, below);
      return new Pair<>(gradients, backpropDropOutIfPresent(below));
    }

    private void set(Gradient gradients, String name, INDArray value) {
      INDArray view = requireNonNull(gradientViews.get(name));
      view.assign(value.reshape(view.shape()));
      gradients.setGradientFor(name, view);
    }
  }
}
