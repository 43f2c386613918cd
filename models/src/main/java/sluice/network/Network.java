package sluice.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import sluice.data.InvalidInput;
import sluice.network.lean.Lean;

/**
 * One face for the two kinds of networks that Deeplearning4j has, with what training and prediction
 * need of them; nothing else asks which kind it is. Not thread-safe.
 */
public sealed interface Network extends Replica {

  /**
   * A network of layers one behind the other, with initial weights.
   *
   * @throws InvalidInput (configuration) if it has more parameters than there is memory for
   */
  static Network of(MultiLayerConfiguration configuration) {
    ProcessMemory.check();
    ProcessMemory.requireRoom(
        configuration.getConfs().stream()
            .mapToDouble(layer -> layer.getLayer().initializer().numParams(layer))
            .sum());
    MultiLayerNetwork network = new MultiLayerNetwork(configuration);
    network.init();
    return new Layers(network);
  }

  /**
   * A network whose layers form a graph, with initial weights.
   *
   * @throws InvalidInput (configuration) if it has more parameters than there is memory for
   */
  static Network of(ComputationGraphConfiguration configuration) {
    ProcessMemory.check();
    ProcessMemory.requireRoom(
        configuration.getVertices().values().stream()
            .mapToDouble(vertex -> vertex.numParams(false))
            .sum());
    ComputationGraph network = new ComputationGraph(configuration);
    network.init();
    return new Graph(network);
  }

  /**
   * A network of either kind, as it is.
   *
   * @throws InvalidInput (configuration) if it is neither kind
   */
  static Network of(Model model) {
    if (model instanceof MultiLayerNetwork layers) {
      return new Layers(layers);
    }
    if (model instanceof ComputationGraph graph) {
      return new Graph(graph);
    }
    throw InvalidInput.configuration(
        "a network must be a MultiLayerNetwork or a ComputationGraph, got " + model.getClass());
  }

  /** What is adapted; changes to it are changes to this. */
  Model model();

  @Override
  default float[] parameters() {
    return FloatArrays.copy(model().params());
  }

  @Override
  default void setParameters(float[] parameters) {
    FloatArrays.assign(model().params(), parameters, "parameters");
  }

  @Override
  default float[] updaterState() {
    INDArray state = updaterView();
    return state == null ? new float[0] : FloatArrays.copy(state);
  }

  @Override
  default void setUpdaterState(float[] state) {
    INDArray view = updaterView();
    if (view != null) {
      FloatArrays.assign(view, state, "updater values");
    }
  }

  /** The updater's state itself; null if it has none. */
  @Nullable INDArray updaterView();

  /** How many minibatches it was fitted to, which schedules and Adam's correction go by. */
  int iteration();

  /** How many epochs it went through. */
  int epoch();

  /** What the penalties add to Deeplearning4j's score at these parameters and counters. */
  default double penalty() {
    double sum = 0;
    for (Layer layer : layers()) {
      sum += layer.calcRegularizationScore(true);
    }
    return sum;
  }

  /**
   * Some parameters that lie one behind the other.
   *
   * @param from the first
   * @param to behind the last
   * @param rate their learning rate; 1 if their updater has none, 0 if no gradient moves them
   */
  record Span(int from, int to, double rate) {}

  /** All parameters in their order, by their learning rates at these counters. */
  default List<Span> spans(int iteration, int epoch) {
    SortedMap<Integer, Span> found = new TreeMap<>();
    for (Layer layer : layers()) {
      layer
          .paramTable(false)
          .forEach(
              (name, view) -> {
                int from = Math.toIntExact(view.offset());
                int to = Math.toIntExact(from + view.length());
                IUpdater updater = layer.getConfig().getUpdaterByParam(name);
                found.put(from, new Span(from, to, rate(updater, iteration, epoch)));
              });
    }
    return List.copyOf(found.values());
  }

  /**
   * Each layer in the order of the parameters: its type, its activation where it has one, and the
   * shapes of its parameters. Networks of which this is equal can have each other's parameters.
   */
  default List<String> architecture() {
    List<String> architecture = new ArrayList<>();
    for (Layer layer : layers()) {
      org.deeplearning4j.nn.conf.layers.Layer configuration = layer.conf().getLayer();
      StringBuilder text = new StringBuilder(configuration.getClass().getSimpleName());
      if (configuration instanceof BaseLayer base && base.getActivationFn() != null) {
        text.append(' ').append(base.getActivationFn());
      }
      layer
          .paramTable(false)
          .forEach(
              (name, view) -> text.append(' ').append(name).append(Arrays.toString(view.shape())));
      architecture.add(text.toString());
    }
    return architecture;
  }

  /** The layers, in no particular order. */
  Layer[] layers();

  /** Sets the loss that the network says it has, for those who listen. */
  void setScore(double score);

  /** The first output for these inputs, examples first in both. */
  INDArray output(INDArray features);

  @Override
  default Judged judge(DataSet examples) {
    return new Judged(
        FloatArrays.copy(scoreExamples(examples)),
        FloatArrays.copy(output(examples.getFeatures())));
  }

  /** The loss of each example, without penalties: [examples, 1]. */
  INDArray scoreExamples(DataSet examples);

  /**
   * A network of the same configuration for training, with initial weights, whose steps come to the
   * same as those of this one and, on a CPU, take less time. Other than in this one, a mask over
   * the labels may be of any weights.
   */
  Network lean();

  /** What takes the least time to predict with the parameters that this network has now. */
  default Inference inference() {
    return (rows, examples) -> {
      try (INDArray matrix = FloatArrays.create(rows, examples, rows.length / examples)) {
        return FloatArrays.copy(output(matrix));
      }
    };
  }

  /**
   * What takes the least time to train this network on examples without masks over their features;
   * its weights do not matter.
   */
  default Replica replica() {
    return lean();
  }

  /** Layers one behind the other. */
  record Layers(MultiLayerNetwork model) implements Network {
    @Override
    public @Nullable INDArray updaterView() {
      return model.getUpdater().getStateViewArray();
    }

    @Override
    public int iteration() {
      return model.getIterationCount();
    }

    @Override
    public int epoch() {
      return model.getEpochCount();
    }

    @Override
    public void setCounters(int iteration, int epoch) {
      model.setIterationCount(iteration);
      model.setEpochCount(epoch);
      count(layers(), iteration, epoch);
    }

    @Override
    public Layer[] layers() {
      return model.getLayers();
    }

    @Override
    public double fit(MultiDataSet batch) {
      ProcessMemory.check();
      double penalty = penalty();
      // Its own fit(MultiDataSet) forgets the labels' mask where the features have none.
      model.fit(
          batch.getFeatures(0),
          batch.getLabels(0),
          batch.getFeaturesMaskArray(0),
          batch.getLabelsMaskArray(0));
      return model.score() - penalty;
    }

    @Override
    public void setScore(double score) {
      model.setScore(score);
    }

    @Override
    public INDArray output(INDArray features) {
      ProcessMemory.check();
      return model.output(features, false);
    }

    @Override
    public INDArray scoreExamples(DataSet examples) {
      ProcessMemory.check();
      return model.scoreExamples(examples, false);
    }

    @Override
    public Network lean() {
      MultiLayerConfiguration configuration = model.getLayerWiseConfigurations();
      return Network.of(
          Natives.load().cpu() ? Lean.of(configuration) : Lean.weighing(configuration));
    }

    @Override
    public Inference inference() {
      Optional<Inference> plain =
          Natives.load().cpu()
              ? PlainReplica.predicting(model.getLayerWiseConfigurations(), parameters())
              : Optional.empty();
      return plain.orElseGet(Network.super::inference);
    }

    @Override
    public Replica replica() {
      return Natives.load().cpu()
          ? PlainReplica.of(model.getLayerWiseConfigurations())
              .map(plain -> (Replica) plain)
              .orElseGet(this::lean)
          : lean();
    }
  }

  /** Layers in a graph. */
  record Graph(ComputationGraph model) implements Network {
    @Override
    public @Nullable INDArray updaterView() {
      return model.getUpdater().getStateViewArray();
    }

    @Override
    public int iteration() {
      return model.getIterationCount();
    }

    @Override
    public int epoch() {
      return model.getEpochCount();
    }

    @Override
    public void setCounters(int iteration, int epoch) {
      model.getConfiguration().setIterationCount(iteration);
      model.getConfiguration().setEpochCount(epoch);
      count(layers(), iteration, epoch);
    }

    @Override
    public Layer[] layers() {
      return model.getLayers();
    }

    @Override
    public double fit(MultiDataSet batch) {
      ProcessMemory.check();
      double penalty = penalty();
      model.fit(batch);
      return model.score() - penalty;
    }

    @Override
    public void setScore(double score) {
      model.setScore(score);
    }

    @Override
    public INDArray output(INDArray features) {
      ProcessMemory.check();
      return model.output(false, features)[0];
    }

    @Override
    public INDArray scoreExamples(DataSet examples) {
      ProcessMemory.check();
      return model.scoreExamples(examples, false);
    }

    @Override
    public Network lean() {
      ComputationGraphConfiguration configuration = model.getConfiguration();
      return Network.of(
          Natives.load().cpu() ? Lean.of(configuration) : Lean.weighing(configuration));
    }
  }

  private static double rate(@Nullable IUpdater updater, int iteration, int epoch) {
    if (updater == null || updater instanceof NoOp) {
      return 0;
    }
    double rate = updater.hasLearningRate() ? updater.getLearningRate(iteration, epoch) : 1;
    return Double.isNaN(rate) ? 1 : rate;
  }

  /** Deeplearning4j hands its counters to the layers after a step only, too late for the first. */
  private static void count(Layer[] layers, int iteration, int epoch) {
    for (Layer layer : layers) {
      layer.setIterationCount(iteration);
      layer.setEpochCount(epoch);
    }
  }
}
