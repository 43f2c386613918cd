package sluice.network.layers;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.api.Trainable;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import sluice.network.layers.LowRank.Adapter;

/**
 * {@link LowRank} in Deeplearning4j's networks: the layer within, whose parameters are formed once
 * a pass of its own and of the adapters. The gradients of A and B are products with that of W.
 */
public final class LowRankLayer extends RuntimeLayer<LowRank> {
  private static final long serialVersionUID = 1L;

  private final Layer inner;

  /** The parameters that the layer within has. */
  private final INDArray effective;

  private @Nullable INDArray effectiveGradients;

  LowRankLayer(NeuralNetConfiguration configuration, DataType type) {
    super(configuration, type);
    org.deeplearning4j.nn.conf.layers.Layer within = requireNonNull(layerConf().getLayer());
    NeuralNetConfiguration own = configuration.clone();
    own.setLayer(within);
    own.clearVariables();
    effective = Nd4j.create(type, 1, within.initializer().numParams(own));
    inner = within.instantiate(own, List.of(), 0, effective, false, type);
  }

  /** Whether these are the parameters of a layer within, which do not learn. */
  public static boolean isBase(Trainable layer, String parameter) {
    return layer instanceof LowRankLayer && parameter.equals(LowRank.BASE);
  }

  /** The layer within, over {@link #effective}. */
  public Layer inner() {
    return inner;
  }

  /** The parameters of the layer within as {@link #form} left them. */
  public INDArray effective() {
    return effective;
  }

  /** Where the gradient by them goes; null if the layer only predicts. */
  public @Nullable INDArray effectiveGradients() {
    return effectiveGradients;
  }

  /** Forms the parameters of the layer within. */
  public void form() {
    effective.assign(requireNonNull(params.get(LowRank.BASE)).reshape(1, effective.length()));
    for (int i = 0; i < layerConf().adapters().size(); i++) {
      INDArray product = down(i).mmul(up(i)).muli(layerConf().getScale());
      columns(matrix(layerConf().adapters().get(i)), i).addi(product);
    }
  }

  /** The matrix of the layer within that is adapted, [in, out]. */
  public INDArray matrix(Adapter adapter) {
    return requireNonNull(inner.paramTable(false).get(adapter.matrix()));
  }

  private INDArray down(int adapter) {
    return requireNonNull(params.get(LowRank.down(adapter)));
  }

  private INDArray up(int adapter) {
    return requireNonNull(params.get(LowRank.up(adapter)));
  }

  private INDArray columns(INDArray matrix, int index) {
    Adapter adapter = layerConf().adapters().get(index);
    int first = adapter.firstColumn();
    return matrix.get(NDArrayIndex.all(), NDArrayIndex.interval(first, first + adapter.columns()));
  }

  @Override
  INDArray forward(INDArray in, boolean training, LayerWorkspaceMgr workspaces) {
    form();
    inner.setInput(in, workspaces);
    return inner.activate(training, workspaces);
  }

  @Override
  INDArray backward(INDArray in, INDArray epsilon, LayerWorkspaceMgr workspaces) {
    Pair<Gradient, INDArray> found = inner.backpropGradient(epsilon, workspaces);
    gradient(LowRank.BASE).assign(0);
    double scale = layerConf().getScale();
    for (int i = 0; i < layerConf().adapters().size(); i++) {
      String matrix = layerConf().adapters().get(i).matrix();
      INDArray byColumns = columns(found.getFirst().getGradientFor(matrix), i);
      gradient(LowRank.down(i)).assign(byColumns.mmul(up(i).transpose()).muli(scale));
      gradient(LowRank.up(i)).assign(down(i).transpose().mmul(byColumns).muli(scale));
    }
    return found.getSecond();
  }

  @Override
  public void setBackpropGradientsViewArray(INDArray gradients) {
    super.setBackpropGradientsViewArray(gradients);
    INDArray own = Nd4j.create(effective.dataType(), effective.shape());
    effectiveGradients = own;
    inner.setBackpropGradientsViewArray(own);
  }

  /** Masks are the business of the layer within. */
  @Override
  public void setMaskArray(@Nullable INDArray mask) {
    inner.setMaskArray(mask);
  }

  @Override
  public Pair<INDArray, MaskState> feedForwardMaskArray(
      @Nullable INDArray mask, @Nullable MaskState state, int examples) {
    return inner.feedForwardMaskArray(mask, state, examples);
  }

  @Override
  public void setIterationCount(int iteration) {
    super.setIterationCount(iteration);
    inner.setIterationCount(iteration);
  }

  @Override
  public void setEpochCount(int epoch) {
    super.setEpochCount(epoch);
    inner.setEpochCount(epoch);
  }

  @Override
  public void clear() {
    super.clear();
    inner.clear();
  }
}
