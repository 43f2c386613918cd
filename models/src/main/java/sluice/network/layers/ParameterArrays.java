package sluice.network.layers;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import sluice.network.layers.ParameterArray.Role;

/** Lays the arrays of a layer one behind the other, each a view of the network's parameters. */
final class ParameterArrays implements ParamInitializer {
  static final ParameterArrays INSTANCE = new ParameterArrays();

  private ParameterArrays() {}

  /** The arrays of a layer of this package, in the order in which they lie. */
  static List<ParameterArray> of(Layer layer) {
    return layer instanceof Gru gru ? gru.parameters() : ((ParametricLayer) layer).parameters();
  }

  @Override
  public long numParams(NeuralNetConfiguration configuration) {
    return numParams(configuration.getLayer());
  }

  @Override
  public long numParams(Layer layer) {
    return of(layer).stream().mapToLong(ParameterArray::length).sum();
  }

  @Override
  public List<String> paramKeys(Layer layer) {
    return of(layer).stream().map(ParameterArray::name).toList();
  }

  @Override
  public List<String> weightKeys(Layer layer) {
    return keys(layer, Role.WEIGHT);
  }

  @Override
  public List<String> biasKeys(Layer layer) {
    return keys(layer, Role.BIAS);
  }

  private static List<String> keys(Layer layer, Role role) {
    return of(layer).stream()
        .filter(array -> array.role() == role)
        .map(ParameterArray::name)
        .toList();
  }

  @Override
  public boolean isWeightParam(Layer layer, String key) {
    return weightKeys(layer).contains(key);
  }

  @Override
  public boolean isBiasParam(Layer layer, String key) {
    return biasKeys(layer).contains(key);
  }

  @Override
  public Map<String, INDArray> init(
      NeuralNetConfiguration configuration, INDArray parameters, boolean initialise) {
    BaseLayer layer = (BaseLayer) configuration.getLayer();
    if (initialise) {
      INDArray flat = parameters.reshape(parameters.length());
      long at = 0;
      for (ParameterArray array : of(layer)) {
        array.initial().fill(part(flat, at, array), layer);
        at += array.length();
      }
    }
    of(layer).forEach(array -> configuration.addVariable(array.name()));
    return Collections.synchronizedMap(views(layer, parameters));
  }

  @Override
  public Map<String, INDArray> getGradientsFromFlattened(
      NeuralNetConfiguration configuration, INDArray gradients) {
    return views(configuration.getLayer(), gradients);
  }

  private static Map<String, INDArray> views(Layer layer, INDArray all) {
    INDArray flat = all.reshape(all.length());
    Map<String, INDArray> views = new LinkedHashMap<>();
    long at = 0;
    for (ParameterArray array : of(layer)) {
      views.put(array.name(), part(flat, at, array).reshape(array.order(), array.shape()));
      at += array.length();
    }
    return views;
  }

  private static INDArray part(INDArray flat, long at, ParameterArray array) {
    return flat.get(NDArrayIndex.interval(at, at + array.length()));
  }
}
