package sluice.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import sluice.network.compiled.CompiledNetwork;
import sluice.network.compiled.MatrixProducts;
import sluice.network.compiled.Products;
import sluice.network.compiled.SharedParameters;
import sluice.network.compiled.SparseReplica;

/** Layers one behind the other. */
record SequentialNetwork(MultiLayerNetwork model) implements Network {
  /** Makes the weights when they are first needed: there may be many. */
  @Override
  public MultiLayerNetwork model() {
    model.init();
    return model;
  }

  /** {@link #model} as it is trained here. */
  private MultiLayerNetwork trained() {
    MultiLayerNetwork trained = model();
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
    model().setIterationCount(iteration);
    model().setEpochCount(epoch);
    LayerCounters.set(layers(), iteration, epoch);
  }

  @Override
  public void setUpdaterStart(int iteration) {
    RestartedUpdater.set((BaseMultiLayerUpdater<?>) trained().getUpdater(), iteration);
  }

  @Override
  public Layer[] layers() {
    return model().getLayers();
  }

  @Override
  public List<NamedLayer> namedLayers() {
    List<NamedLayer> named = new ArrayList<>();
    for (Layer layer : layers()) {
      List<String> below =
          named.isEmpty() ? List.of() : List.of(named.get(named.size() - 1).name());
      named.add(new NamedLayer(nameOf(named.size(), layer.conf().getLayer()), below, layer));
    }
    return named;
  }

  @Override
  public Optional<String> frozenAboveVertex() {
    return Optional.empty();
  }

  /** The name of a layer among layers that lie one behind the other. */
  private static String nameOf(int index, org.deeplearning4j.nn.conf.layers.Layer settings) {
    String name = settings.getLayerName();
    return name == null ? "layer" + index : name;
  }

  @Override
  public Network changed(LayerChange change) {
    MultiLayerConfiguration copy = model.getLayerWiseConfigurations().clone();
    for (int i = 0; i < copy.getConfs().size(); i++) {
      NeuralNetConfiguration conf = copy.getConf(i);
      conf.setLayer(change.of(nameOf(i, conf.getLayer()), conf.getLayer()));
      conf.clearVariables();
    }
    return Network.of(copy);
  }

  @Override
  public double fit(MultiDataSet batch) {
    ProcessMemory.check();
    double penalty = penalty();
    // Its own fit(MultiDataSet) forgets the labels' mask where the features have none.
    trained()
        .fit(
            batch.getFeatures(0),
            batch.getLabels(0),
            batch.getFeaturesMaskArray(0),
            batch.getLabelsMaskArray(0));
    return model().score() - penalty;
  }

  @Override
  public void setScore(double score) {
    model().setScore(score);
  }

  @Override
  public INDArray[] outputs(INDArray[] inputs, @Nullable INDArray[] masks) {
    ProcessMemory.check();
    return new INDArray[] {model().output(inputs[0], false, masks[0], null)};
  }

  @Override
  public Judged judge(MultiDataSet examples) {
    ProcessMemory.check();
    INDArray mask = examples.getFeaturesMaskArray(0);
    DataSet set = new DataSet(examples.getFeatures(0), examples.getLabels(0), mask, null);
    return new Judged(
        new float[][] {FloatArrays.copy(model().scoreExamples(set, false))},
        copies(outputs(new INDArray[] {set.getFeatures()}, new INDArray[] {mask})));
  }

  @Override
  public Network weighted() {
    return Network.of(ExampleWeightedOutputLayer.in(model.getLayerWiseConfigurations()));
  }

  @Override
  public Replicas replicas() {
    return Replicas.of(model.getLayerWiseConfigurations(), frozen());
  }

  @Override
  public Optional<? extends Inference> compiled(float[] parameters) {
    Products products = MatrixProducts.ofThisProcess();
    Optional<SparseReplica> sparse =
        SparseReplica.predicting(model.getLayerWiseConfigurations(), products, parameters);
    return sparse.isPresent() ? sparse : compiled(SharedParameters.of(parameters));
  }

  @Override
  public Optional<CompiledNetwork> compiled(SharedParameters parameters) {
    return CompiledNetwork.predicting(
        model.getLayerWiseConfigurations(), MatrixProducts.ofThisProcess(), parameters);
  }

  private static float[][] copies(INDArray[] arrays) {
    float[][] copies = new float[arrays.length][];
    Arrays.setAll(copies, i -> FloatArrays.copy(arrays[i]));
    return copies;
  }
}
