package sluice.network;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.impl.LayerVertex;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import sluice.network.compiled.CompiledNetwork;
import sluice.network.compiled.MatrixProducts;
import sluice.network.compiled.Products;
import sluice.network.compiled.SharedParameters;
import sluice.network.compiled.SparseReplica;

/** Layers in a graph. */
record GraphNetwork(ComputationGraph model) implements Network {
  /** Makes the weights when they are first needed: there may be many. */
  @Override
  public ComputationGraph model() {
    model.init();
    return model;
  }

  /** {@link #model} as it is trained here. */
  private ComputationGraph trained() {
    ComputationGraph trained = model();
    RunningStatistics.spare(trained);
    return trained;
  }

  @Override
  public @Nullable INDArray updaterView() {
    return trained().getUpdater().getStateViewArray();
  }

  @Override
  public int iteration() {
    return model().getIterationCount();
  }

  @Override
  public int epoch() {
    return model().getEpochCount();
  }

  @Override
  public void setCounters(int iteration, int epoch) {
    model.getConfiguration().setIterationCount(iteration);
    model.getConfiguration().setEpochCount(epoch);
    LayerCounters.set(layers(), iteration, epoch);
  }

  @Override
  public void setUpdaterStart(int iteration) {
    RestartedUpdater.set(trained().getUpdater(), iteration);
  }

  @Override
  public Layer[] layers() {
    return model().getLayers();
  }

  @Override
  public List<NamedLayer> namedLayers() {
    ComputationGraph graph = model();
    Map<String, List<String>> reads = graph.getConfiguration().getVertexInputs();
    // By each vertex the layers that it gives the values of: itself, or those that it reads.
    Map<String, Set<String>> given = new HashMap<>();
    List<NamedLayer> named = new ArrayList<>();
    for (int i : graph.topologicalSortOrder()) {
      GraphVertex vertex = graph.getVertices()[i];
      String name = vertex.getVertexName();
      Set<String> below = new LinkedHashSet<>();
      reads.getOrDefault(name, List.of()).forEach(read -> below.addAll(given.get(read)));
      if (vertex instanceof LayerVertex layer) {
        named.add(new NamedLayer(name, List.copyOf(below), layer.getLayer()));
        given.put(name, Set.of(name));
      } else {
        given.put(name, below);
      }
    }
    return named;
  }

  @Override
  public Optional<String> frozenAboveVertex() {
    ComputationGraph graph = model();
    return namedLayers().stream()
        .filter(layer -> layer.layer() instanceof FrozenLayer)
        .map(NamedLayer::name)
        .filter(
            name ->
                requireNonNull(graph.getConfiguration().getVertexInputs().get(name)).stream()
                    .map(graph::getVertex)
                    .anyMatch(read -> !read.isInputVertex() && !(read instanceof LayerVertex)))
        .findFirst();
  }

  @Override
  public Network changed(LayerChange change) {
    ComputationGraphConfiguration copy = model.getConfiguration().clone();
    copy.getVertices()
        .forEach(
            (name, vertex) -> {
              if (vertex instanceof org.deeplearning4j.nn.conf.graph.LayerVertex of) {
                NeuralNetConfiguration conf = of.getLayerConf();
                conf.setLayer(change.of(name, conf.getLayer()));
                conf.clearVariables();
              }
            });
    return Network.of(copy);
  }

  @Override
  public double fit(MultiDataSet batch) {
    ProcessMemory.check();
    double penalty = penalty();
    trained().fit(batch);
    return model().score() - penalty;
  }

  @Override
  public void setScore(double score) {
    model().setScore(score);
  }

  @Override
  public INDArray[] outputs(INDArray[] inputs, @Nullable INDArray[] masks) {
    ProcessMemory.check();
    return model().output(false, inputs, given(masks));
  }

  private static @Nullable INDArray @Nullable [] given(@Nullable INDArray @Nullable [] masks) {
    return masks == null || Arrays.stream(masks).allMatch(mask -> mask == null) ? null : masks;
  }

  @Override
  public Judged judge(MultiDataSet examples) {
    ProcessMemory.check();
    model().setLayerMaskArrays(given(examples.getFeaturesMaskArrays()), null);
    Map<String, INDArray> values = model().feedForward(examples.getFeatures(), false);
    List<String> names = model.getConfiguration().getNetworkOutputs();
    float[][] losses = new float[names.size()][];
    float[][] outputs = new float[names.size()][];
    for (int i = 0; i < losses.length; i++) {
      losses[i] =
          losses(names.get(i), values, examples.getLabels(i), examples.getLabelsMaskArray(i));
      outputs[i] = FloatArrays.copy(requireNonNull(values.get(names.get(i))));
    }
    model.clearLayerMaskArrays();
    return new Judged(losses, outputs);
  }

  /** The losses of one output, of which Deeplearning4j gives the sum over all outputs only. */
  private float[] losses(
      String output, Map<String, INDArray> values, INDArray labels, @Nullable INDArray mask) {
    LayerVertex vertex = (LayerVertex) model().getVertex(output);
    INDArray input =
        values.get(requireNonNull(model.getConfiguration().getVertexInputs().get(output)).get(0));
    LayerWorkspaceMgr none = LayerWorkspaceMgr.noWorkspaces();
    if (vertex.getLayerPreProcessor() != null) {
      input = vertex.getLayerPreProcessor().preProcess(input, (int) labels.size(0), none);
    }
    IOutputLayer layer = (IOutputLayer) vertex.getLayer();
    layer.setInput(input, none);
    layer.setLabels(labels);
    if (labels.rank() == 3) {
      vertex.getLayer().setMaskArray(mask);
    }
    float[] losses = FloatArrays.copy(layer.computeScoreForExamples(0, none));
    layer.clear();
    return losses;
  }

  @Override
  public Network weighted() {
    return Network.of(ExampleWeightedOutputLayer.in(model.getConfiguration()));
  }

  @Override
  public Replicas replicas() {
    return Replicas.of(model.getConfiguration(), frozen());
  }

  @Override
  public Optional<? extends Inference> compiled(float[] parameters) {
    Products products = MatrixProducts.ofThisProcess();
    Optional<SparseReplica> sparse =
        SparseReplica.predicting(model.getConfiguration(), products, parameters);
    return sparse.isPresent() ? sparse : compiled(SharedParameters.of(parameters));
  }

  @Override
  public Optional<CompiledNetwork> compiled(SharedParameters parameters) {
    return CompiledNetwork.predicting(
        model.getConfiguration(), MatrixProducts.ofThisProcess(), parameters);
  }
}
