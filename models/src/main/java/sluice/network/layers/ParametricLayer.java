package sluice.network.layers;

import java.util.Collection;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import sluice.data.InvalidInput;

/** The configuration of a layer that lists the arrays of its parameters. */
public abstract class ParametricLayer extends FeedForwardLayer {
  private static final long serialVersionUID = 1L;

  /** For Jackson. */
  ParametricLayer() {}

  ParametricLayer(FeedForwardLayer.Builder<?> builder) {
    super(builder);
  }

  /** In the order in which they lie. */
  abstract List<ParameterArray> parameters();

  /** The layer at work, without parameters yet. */
  abstract RuntimeLayer<?> runtime(NeuralNetConfiguration configuration, DataType type);

  @Override
  public Layer instantiate(
      NeuralNetConfiguration configuration,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initialise,
      DataType type) {
    RuntimeLayer<?> layer = runtime(configuration, type);
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(parameters);
    layer.setParamTable(initializer().init(configuration, parameters, initialise));
    return layer;
  }

  @Override
  public ParamInitializer initializer() {
    return ParameterArrays.INSTANCE;
  }

  /** It reads what it is given as it is. */
  @Override
  public @Nullable InputPreProcessor getPreProcessorForInputType(InputType input) {
    return null;
  }

  @Override
  public LayerMemoryReport getMemoryReport(InputType input) {
    InputType output = getOutputType(-1, input);
    long count = initializer().numParams(this);
    return new LayerMemoryReport.Builder(getLayerName(), getClass(), input, output)
        .standardMemory(count, getIUpdater().stateSize(count))
        .workingMemory(0, 0, 0, output.arrayElementsPerExample())
        .cacheMemory(MemoryReport.CACHE_MODE_ALL_ZEROS, MemoryReport.CACHE_MODE_ALL_ZEROS)
        .build();
  }

  /** How errors name this layer. */
  String named() {
    String name = getLayerName();
    return "layer %s".formatted(name == null ? getClass().getSimpleName() : name);
  }

  InvalidInput invalid(String rule, Object got) {
    return InvalidInput.configuration("%s: %s, got %s".formatted(named(), rule, got));
  }
}
