package sluice.network;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The parameters of an output layer, and behind them the logarithm of a variance. */
final class UncertaintyParameters implements ParamInitializer {
  static final UncertaintyParameters INSTANCE = new UncertaintyParameters();

  private static final DefaultParamInitializer PLAIN = DefaultParamInitializer.getInstance();
  private static final String LOG_VARIANCE = UncertaintyOutputLayer.LOG_VARIANCE;

  private UncertaintyParameters() {}

  @Override
  public long numParams(NeuralNetConfiguration configuration) {
    return numParams(configuration.getLayer());
  }

  @Override
  public long numParams(Layer layer) {
    return PLAIN.numParams(layer) + 1;
  }

  @Override
  public List<String> paramKeys(Layer layer) {
    List<String> keys = new ArrayList<>(PLAIN.paramKeys(layer));
    keys.add(LOG_VARIANCE);
    return keys;
  }

  @Override
  public List<String> weightKeys(Layer layer) {
    return PLAIN.weightKeys(layer);
  }

  @Override
  public List<String> biasKeys(Layer layer) {
    return PLAIN.biasKeys(layer);
  }

  @Override
  public boolean isWeightParam(Layer layer, String key) {
    return PLAIN.isWeightParam(layer, key);
  }

  @Override
  public boolean isBiasParam(Layer layer, String key) {
    return PLAIN.isBiasParam(layer, key);
  }

  @Override
  public Map<String, INDArray> init(
      NeuralNetConfiguration configuration, INDArray parameters, boolean initialise) {
    Layer layer = configuration.getLayer();
    Map<String, INDArray> all =
        new LinkedHashMap<>(PLAIN.init(configuration, plain(layer, parameters), initialise));
    INDArray logVariance = logVariance(layer, parameters);
    if (initialise) {
      logVariance.assign(0);
    }
    all.put(LOG_VARIANCE, logVariance);
    configuration.addVariable(LOG_VARIANCE);
    return Collections.synchronizedMap(all);
  }

  @Override
  public Map<String, INDArray> getGradientsFromFlattened(
      NeuralNetConfiguration configuration, INDArray gradients) {
    Layer layer = configuration.getLayer();
    Map<String, INDArray> all =
        new LinkedHashMap<>(
            PLAIN.getGradientsFromFlattened(configuration, plain(layer, gradients)));
    all.put(LOG_VARIANCE, logVariance(layer, gradients));
    return all;
  }

  private static INDArray plain(Layer layer, INDArray all) {
    long count = PLAIN.numParams(layer);
    return all.reshape(all.length()).get(NDArrayIndex.interval(0, count)).reshape(1, count);
  }

  private static INDArray logVariance(Layer layer, INDArray all) {
    long count = PLAIN.numParams(layer);
    return all.reshape(all.length()).get(NDArrayIndex.interval(count, count + 1)).reshape(1, 1);
  }
}
