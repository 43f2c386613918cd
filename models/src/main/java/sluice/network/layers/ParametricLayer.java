package sluice.network.layers;

import java.util.Collection;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeRecurrent;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import sluice.data.InvalidInput;

/**
 * The configuration of a layer that lists the arrays of its parameters. It has no activation
 * function: the one of the configuration is for other layers.
 */
public abstract class ParametricLayer extends FeedForwardLayer {
  /** Whole numbers up to it are exact in single precision. */
  static final int MOST_CATEGORIES = 1 << 24;

  private static final long serialVersionUID = 1L;

  /** For Jackson. */
  ParametricLayer() {}

  ParametricLayer(FeedForwardLayer.Builder<?> builder) {
    super(builder);
  }

  /** In the order in which they lie. */
  abstract List<ParameterArray> parameters();

  /**
   * What, beside the shapes of its arrays, decides what its parameters mean, for people and to
   * compare; empty for nothing.
   */
  public String form() {
    return "";
  }

  /** The layer at work, without parameters yet. */
  abstract RuntimeLayer<?> runtime(NeuralNetConfiguration configuration, DataType type);

  @Override
  public Layer instantiate(
      NeuralNetConfiguration configuration,
      Collection<TrainingListener> listeners,
      int index,
      @Nullable INDArray parameters,
      boolean initialise,
      DataType type) {
    return runtime(configuration, type).with(listeners, index, parameters, initialise);
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
    return memory(this, input);
  }

  static LayerMemoryReport memory(FeedForwardLayer layer, InputType input) {
    InputType output = layer.getOutputType(-1, input);
    long count = layer.initializer().numParams(layer);
    return new LayerMemoryReport.Builder(layer.getLayerName(), layer.getClass(), input, output)
        .standardMemory(count, layer.getIUpdater().stateSize(count))
        .workingMemory(0, 0, 0, output.arrayElementsPerExample())
        .cacheMemory(MemoryReport.CACHE_MODE_ALL_ZEROS, MemoryReport.CACHE_MODE_ALL_ZEROS)
        .build();
  }

  /** The features of each example, or of each step of a series in Deeplearning4j's layout. */
  long features(InputType input) {
    if (input.getType() == InputType.Type.FF) {
      return input.arrayElementsPerExample();
    }
    return series(input).getSize();
  }

  /** A series of [examples, features, time]. */
  InputTypeRecurrent series(InputType input) {
    if (input instanceof InputTypeRecurrent series && series.getFormat() == RNNFormat.NCW) {
      return series;
    }
    throw invalid("reads series of [examples, features, time]", input);
  }

  /** The row of a column's table that the index of a category means. */
  int row(String column, int cardinality, double index) {
    int row = (int) index;
    if (row != index || row < 0 || row >= cardinality) {
      throw InvalidInput.data(
          "%s: column %s: the index of a category must be a whole number from 0 to %s, got %s"
              .formatted(named(), column, cardinality - 1, index));
    }
    return row;
  }

  void requireRate(String what, double rate) {
    if (!(rate >= 0 && rate < 1)) {
      throw invalid("%s must be from 0 to below 1".formatted(what), rate);
    }
  }

  static void requireCardinality(String column, int categories) {
    if (categories < 1 || categories > MOST_CATEGORIES) {
      throw InvalidInput.configuration(
          "column %s: the number of categories must be from 1 to %s, got %s"
              .formatted(column, MOST_CATEGORIES, categories));
    }
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
