package sluice.network.compiled;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.javacpp.FloatPointer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.network.ExampleBlocks;
import sluice.network.ExampleWeightedOutputLayer;
import sluice.network.Inference;
import sluice.network.Network;
import sluice.network.ProcessMemory;
import sluice.network.Replica;

/**
 * A network that is compiled into a list of operations over one arena off the heap. A step comes to
 * what Deeplearning4j's comes to, but for rounding; a mask over the labels may be of any weights.
 * Layers without a kernel are computed by Deeplearning4j. A network that takes steps of series for
 * examples, or the like, has no plan: Deeplearning4j trains it as a whole, on the same parameters,
 * and {@link #outputs} throws {@link NoPlanException}. The log says either once in a process.
 *
 * <p>Not thread-safe.
 */
public final class CompiledNetwork implements Replica, Inference {
  private static final Logger LOG = LoggerFactory.getLogger(CompiledNetwork.class);

  /** What this process has logged: every replica of a network finds the same. */
  private static final Set<String> LOGGED = ConcurrentHashMap.newKeySet();

  /** Series of all lengths that there are need fewer. */
  private static final int MOST_PLANS = 64;

  private final ReferenceNetwork network;
  private final Products products;

  /** Null if the parameters may change. */
  private final @Nullable SharedParameters shared;

  /** Null if it only predicts. */
  private final @Nullable Updates updates;

  /** By the shapes of the inputs; of those longest out of use none are kept. */
  private final Map<String, Plan> plans =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Plan> eldest) {
          return size() > MOST_PLANS;
        }
      };

  private final Arena.Memory memory = new Arena.Memory();
  private final ExampleBlocks blocks;
  private List<String> fallbacks = List.of();

  /** Whether the network has plans, which only its first minibatch tells. */
  private boolean isPlanned = true;

  /** What the plan reads, held here since its blocks only point there. */
  private List<INDArray> features = List.of();

  private int iteration;
  private int epoch;

  private CompiledNetwork(ReferenceNetwork network, Products products) {
    this(network, products, null);
  }

  private CompiledNetwork(
      ReferenceNetwork network, Products products, @Nullable SharedParameters shared) {
    this.network = network;
    this.products = products;
    this.shared = shared;
    // In each product of a prediction: so an example's bits do not depend on the others.
    blocks = new ExampleBlocks(products.blockOfRows(), this::block);
    updates = network.gradients() == null ? null : new Updates(network);
  }

  /**
   * A network for training, whose parameters are zeros; none if it is trained by truncated
   * backpropagation through time, in another precision than single, or by another optimisation than
   * gradient descent.
   */
  public static Optional<CompiledNetwork> training(
      MultiLayerConfiguration configuration, Products products) {
    return trains(configuration)
        ? Optional.of(
            new CompiledNetwork(
                new ReferenceNetwork(
                    ExampleWeightedOutputLayer.in(configuration), true, HeldTables.none()),
                products))
        : Optional.empty();
  }

  /**
   * {@link #training(MultiLayerConfiguration, Products)} of a graph; none also if an output is no
   * layer, or if another vertex reads it.
   */
  public static Optional<CompiledNetwork> training(
      ComputationGraphConfiguration configuration, Products products) {
    return trains(configuration)
        ? Optional.of(
            new CompiledNetwork(
                new ReferenceNetwork(
                    ExampleWeightedOutputLayer.in(configuration), true, HeldTables.none()),
                products))
        : Optional.empty();
  }

  /** A network for training that holds as many rows of its large tables as it has slots. */
  static CompiledNetwork training(
      MultiLayerConfiguration configuration,
      Products products,
      HeldTables tables,
      HeldTables.Slots slots) {
    MultiLayerConfiguration small = tables.shrunk(configuration, slots);
    return new CompiledNetwork(
        new ReferenceNetwork(ExampleWeightedOutputLayer.in(small), true, tables), products);
  }

  /** {@link #training(MultiLayerConfiguration, Products, HeldTables, HeldTables.Slots)}. */
  static CompiledNetwork training(
      ComputationGraphConfiguration configuration,
      Products products,
      HeldTables tables,
      HeldTables.Slots slots) {
    ComputationGraphConfiguration small = tables.shrunk(configuration, slots);
    return new CompiledNetwork(
        new ReferenceNetwork(ExampleWeightedOutputLayer.in(small), true, tables), products);
  }

  /** A network that only predicts, and holds as many rows of its large tables as it has slots. */
  static CompiledNetwork predicting(
      MultiLayerConfiguration configuration,
      Products products,
      HeldTables tables,
      HeldTables.Slots slots) {
    return new CompiledNetwork(
        new ReferenceNetwork(tables.shrunk(configuration, slots), false, tables), products);
  }

  /** {@link #predicting(MultiLayerConfiguration, Products, HeldTables, HeldTables.Slots)}. */
  static CompiledNetwork predicting(
      ComputationGraphConfiguration configuration,
      Products products,
      HeldTables tables,
      HeldTables.Slots slots) {
    return new CompiledNetwork(
        new ReferenceNetwork(tables.shrunk(configuration, slots), false, tables), products);
  }

  /** A network that only predicts; none if {@link #training} gives none. */
  public static Optional<CompiledNetwork> predicting(
      MultiLayerConfiguration configuration, Products products, SharedParameters parameters) {
    return compiles(configuration)
        ? Optional.of(
            new CompiledNetwork(
                new ReferenceNetwork(configuration, parameters.numbers()), products, parameters))
        : Optional.empty();
  }

  /** {@link #predicting(MultiLayerConfiguration, Products, SharedParameters)} of a graph. */
  public static Optional<CompiledNetwork> predicting(
      ComputationGraphConfiguration configuration, Products products, SharedParameters parameters) {
    return compiles(configuration)
        ? Optional.of(
            new CompiledNetwork(
                new ReferenceNetwork(configuration, parameters.numbers()), products, parameters))
        : Optional.empty();
  }

  static boolean trains(MultiLayerConfiguration configuration) {
    return compiles(configuration) && descends(configuration.getConf(0));
  }

  static boolean trains(ComputationGraphConfiguration configuration) {
    return compiles(configuration) && descends(configuration.getDefaultConfiguration());
  }

  /** Whether a step goes down the gradient, whatever the loss comes to behind it. */
  private static boolean descends(NeuralNetConfiguration training) {
    return training.getOptimizationAlgo() == OptimizationAlgorithm.STOCHASTIC_GRADIENT_DESCENT
        && training.getStepFunction() == null
        && training.isMinimize();
  }

  static boolean compiles(MultiLayerConfiguration configuration) {
    return compiles(configuration.getBackpropType(), configuration.getDataType());
  }

  static boolean compiles(ComputationGraphConfiguration configuration) {
    return compiles(configuration.getBackpropType(), configuration.getDataType())
        && configuration.getNetworkOutputs().stream()
            .allMatch(output -> ends(configuration, output));
  }

  private static boolean ends(ComputationGraphConfiguration configuration, String output) {
    return configuration.getVertices().get(output) instanceof LayerVertex
        && configuration.getVertexInputs().values().stream()
            .noneMatch(read -> read.contains(output));
  }

  private static boolean compiles(BackpropType backpropagation, DataType type) {
    return backpropagation == BackpropType.Standard && type == DataType.FLOAT;
  }

  /** The layers that Deeplearning4j computes, once a minibatch was seen. */
  public List<String> fallbacks() {
    return fallbacks;
  }

  /** Whether of a large table steps change the rows alone that they read. */
  boolean changesOnlyRowsRead(int table) {
    return updates == null || updates.changesOnlyRowsRead(table);
  }

  @Override
  public float[] parameters() {
    Block block = network.parameters();
    float[] parameters = new float[block.size()];
    block.read(0, parameters, parameters.length);
    return parameters;
  }

  @Override
  public void setParameters(float[] parameters) {
    if (shared != null) {
      throw new IllegalStateException("parameters that networks share must not change");
    }
    ReferenceNetwork.require(network.parameters().size(), "parameters", parameters.length);
    network.parameters().write(0, parameters, parameters.length);
  }

  @Override
  public float[] updaterState() {
    INDArray state = updates == null ? null : updates.state();
    return state == null ? new float[0] : Numbers.of(state);
  }

  @Override
  public void setUpdaterState(float[] state) {
    INDArray own = updates == null ? null : updates.state();
    if (own != null) {
      ReferenceNetwork.require(own.length(), "updater values", state.length);
      ReferenceNetwork.block(own).write(0, state, state.length);
    }
  }

  @Override
  public void setCounters(int newIteration, int newEpoch) {
    iteration = newIteration;
    epoch = newEpoch;
  }

  @Override
  public void setUpdaterStart(int start) {
    if (updates != null) {
      updates.setStart(start);
    }
  }

  @Override
  public double fit(MultiDataSet batch) {
    ProcessMemory.check();
    Plan plan = planned(batch);
    double loss = plan == null ? fitWhole(batch) : fit(plan, batch);
    iteration++;
    return loss;
  }

  private double fitWhole(MultiDataSet batch) {
    Network whole = network.whole();
    whole.setCounters(iteration, epoch);
    return whole.fit(batch);
  }

  private double fit(Plan plan, MultiDataSet batch) {
    List<Labels> labels = new ArrayList<>();
    for (int i = 0; i < network.outputs().size(); i++) {
      labels.add(new Labels(batch.getLabels(i), batch.getLabelsMaskArray(i)));
    }
    int examples = Math.toIntExact(batch.getFeatures(0).size(0));
    bind(plan, batch, examples);
    network.setCounters(iteration, epoch);
    Step step = new Step(examples, true, iteration, epoch, labels);
    plan.forward(step);
    double sum = 0;
    for (OutputOp output : plan.outputs()) {
      for (float loss : output.losses()) {
        sum += loss;
      }
    }
    plan.backward(step);
    requireNonNull(updates, "it only predicts").apply(examples, iteration, epoch);
    return sum / examples;
  }

  @Override
  public Judged judge(MultiDataSet batch) {
    ProcessMemory.check();
    Plan plan = planned(batch);
    if (plan == null) {
      return network.whole().judge(batch);
    }
    int examples = Math.toIntExact(batch.getFeatures(0).size(0));
    bind(plan, batch, examples);
    List<Labels> labels = new ArrayList<>();
    for (int i = 0; i < network.outputs().size(); i++) {
      INDArray array = batch.getLabels(i);
      labels.add(new Labels(array, array.rank() == 3 ? batch.getLabelsMaskArray(i) : null));
    }
    plan.forward(new Step(examples, false, iteration, epoch, labels));
    List<OutputOp> outputs = plan.outputs();
    return new Judged(
        outputs.stream().map(output -> output.losses().clone()).toArray(float[][]::new),
        outputs.stream().map(OutputOp::outputs).toArray(float[][]::new));
  }

  @Override
  public float[][] outputs(float[][] inputs, float[][] masks, int examples) {
    return blocks.outputs(inputs, masks, examples);
  }

  private float[][] block(float[][] inputs, float[][] masks, List<Integer> steps) {
    int size = products.blockOfRows();
    List<int[]> shapes = new ArrayList<>();
    for (int i = 0; i < inputs.length; i++) {
      int width = inputs[i].length / size;
      int each = steps.get(i);
      shapes.add(each == 0 ? new int[] {width} : new int[] {width / each, each});
    }
    Plan plan = plan(shapes);
    plan.makeRoom(size);
    for (int i = 0; i < inputs.length; i++) {
      Tensor input = plan.inputs().get(i);
      input.data().write(0, inputs[i], inputs[i].length);
      if (steps.get(i) > 0) {
        input.mask().set(masks[i], MaskState.Active);
      }
    }
    tellMasks(plan);
    plan.forward(new Step(size, false, iteration, epoch, List.of()));
    return plan.outputs().stream().map(OutputOp::outputs).toArray(float[][]::new);
  }

  /** The plan for a minibatch; null if Deeplearning4j computes the network as a whole. */
  private @Nullable Plan planned(MultiDataSet batch) {
    if (!isPlanned) {
      return null;
    }
    try {
      return plan(Arrays.stream(batch.getFeatures()).map(CompiledNetwork::shape).toList());
    } catch (NoPlanException e) {
      if (!network.held().isEmpty()) {
        throw new IllegalStateException(
            "a network with large tables must compile, this one has "
                + e.getMessage()
                + ": train it by Deeplearning4j (engine = dl4j)",
            e);
      }
      inform("a network that Deeplearning4j computes as a whole: it has " + e.getMessage());
      isPlanned = false;
      return null;
    }
  }

  private static void inform(String message) {
    if (LOGGED.add(message)) {
      LOG.info(message);
    }
  }

  /** Has a plan read the arrays of a minibatch, themselves where they lie by rows. */
  private void bind(Plan plan, MultiDataSet batch, int examples) {
    features = Arrays.stream(batch.getFeatures()).map(Numbers::rows).toList();
    plan.makeRoom(examples);
    for (int i = 0; i < features.size(); i++) {
      INDArray array = features.get(i);
      FloatPointer place = new FloatPointer(array.data().addressPointer());
      Tensor input = plan.inputs().get(i);
      input.data().bind(place.capacity(array.length()));
      INDArray mask = batch.getFeaturesMaskArray(i);
      if (mask == null) {
        input.mask().clear();
      } else {
        requireSteps(i, input, mask, examples);
        input.mask().set(Numbers.of(mask), MaskState.Active);
      }
    }
    tellMasks(plan);
  }

  private void tellMasks(Plan plan) {
    if (!plan.fallbacks().isEmpty()) {
      network.setInputMasks(plan.inputs().stream().map(Tensor::mask).toList());
    }
  }

  private static void requireSteps(int index, Tensor input, INDArray mask, int examples) {
    int[] shape = input.shape();
    if (!input.isSeries()
        || mask.rank() != 2
        || mask.size(0) != examples
        || mask.size(1) != shape[1]) {
      throw new IllegalArgumentException(
          "a mask of input %d must be over the steps of series, got one of %s over examples of %s"
              .formatted(index, Arrays.toString(mask.shape()), Arrays.toString(shape)));
    }
  }

  private static int[] shape(INDArray array) {
    int[] shape = new int[array.rank() - 1];
    Arrays.setAll(shape, i -> (int) array.size(i + 1));
    return shape;
  }

  private Plan plan(List<int[]> shapes) {
    String key = shapes.stream().map(Arrays::toString).toList().toString();
    Plan known = plans.get(key);
    if (known != null) {
      return known;
    }
    Plan plan = Compiler.compile(network, products, shared, memory, shapes);
    if (plans.isEmpty() && !plan.fallbacks().isEmpty()) {
      inform("layers without a kernel, which Deeplearning4j computes: " + plan.fallbacks());
    }
    fallbacks = plan.fallbacks();
    plans.put(key, plan);
    return plan;
  }
}
