package sluice.network.compiled;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;
import sluice.network.FloatArrays;

/** Operations that Deeplearning4j's own objects compute, on copies of the values. */
final class Fallback {
  private Fallback() {}

  private static INDArray copy(Block block, Tensor tensor, int examples) {
    float[] numbers = new float[examples * tensor.size()];
    block.read(0, numbers, numbers.length);
    return FloatArrays.create(numbers, tensor.shape(examples));
  }

  private static void put(INDArray array, Block block) {
    float[] numbers = Numbers.of(array);
    block.write(0, numbers, numbers.length);
  }

  /** What a layer, a vertex or a preprocessor makes of a mask; null if none comes out of it. */
  private static void pass(
      @Nullable Pair<@Nullable INDArray, @Nullable MaskState> made, Tensor out) {
    @Nullable INDArray mask = made == null ? null : made.getFirst();
    @Nullable MaskState state = made == null ? null : made.getSecond();
    if (mask == null || !out.isSeries()) {
      out.mask().clear();
    } else {
      out.mask().set(Numbers.of(mask), state == null ? MaskState.Active : state);
    }
  }

  /** Hands a layer the mask over the steps that it reads, and says what comes out of it. */
  private static @Nullable Pair<@Nullable INDArray, @Nullable MaskState> feed(
      Layer layer, Tensor in, int examples) {
    @Nullable INDArray mask = in.mask().array();
    if (mask == null) {
      layer.setMaskArray(null);
      return null;
    }
    return layer.feedForwardMaskArray(mask, in.mask().state(), examples);
  }

  private static void addGradient(@Nullable INDArray gradient, Tensor in) {
    Block below = in.gradient();
    if (below == null) {
      return;
    }
    float[] numbers = Numbers.of(requireNonNull(gradient));
    float beta = below.beta();
    below.add(beta, 0, numbers, numbers.length, new float[numbers.length]);
  }

  /** A layer, whose parameters and gradients are views of the network's. */
  static final class OfLayer implements Op {
    private final Layer layer;
    private final Tensor in;
    private final Tensor out;

    OfLayer(Layer layer, Tensor in, Tensor out) {
      this.layer = layer;
      this.in = in;
      this.out = out;
    }

    @Override
    public void forward(Step step) {
      layer.setInput(copy(in.data(), in, step.examples()), LayerWorkspaceMgr.noWorkspaces());
      pass(feed(layer, in, step.examples()), out);
      put(layer.activate(step.training(), LayerWorkspaceMgr.noWorkspaces()), out.data());
    }

    @Override
    public void backward(Step step) {
      if (out.gradient() != null) {
        INDArray delta = copy(out.gradient(), out, step.examples());
        addGradient(
            layer.backpropGradient(delta, LayerWorkspaceMgr.noWorkspaces()).getSecond(), in);
        layer.clear();
      }
    }
  }

  /** A vertex of a graph that is no layer; its parameters are views of the network's, too. */
  record OfVertex(GraphVertex vertex, List<Tensor> in, Tensor out) implements Op {
    @Override
    public void forward(Step step) {
      LayerWorkspaceMgr none = LayerWorkspaceMgr.noWorkspaces();
      for (int i = 0; i < in.size(); i++) {
        vertex.setInput(i, copy(in.get(i).data(), in.get(i), step.examples()), none);
      }
      passMasks(step.examples());
      put(vertex.doForward(step.training(), none), out.data());
    }

    private void passMasks(int examples) {
      @Nullable INDArray[] masks = new INDArray[in.size()];
      MaskState state = MaskState.Passthrough;
      boolean given = false;
      for (int i = 0; i < masks.length; i++) {
        StepMask mask = in.get(i).mask();
        masks[i] = mask.array();
        given |= mask.isGiven();
        state = mask.isGiven() && mask.state() == MaskState.Active ? MaskState.Active : state;
      }
      if (given) {
        pass(vertex.feedForwardMaskArrays(masks, state, examples), out);
      } else {
        out.mask().clear();
      }
    }

    @Override
    public void backward(Step step) {
      if (out.gradient() != null) {
        vertex.setEpsilon(copy(out.gradient(), out, step.examples()));
        INDArray[] gradients =
            vertex.doBackward(false, LayerWorkspaceMgr.noWorkspaces()).getSecond();
        for (int i = 0; i < in.size(); i++) {
          addGradient(gradients[i], in.get(i));
        }
        vertex.clear();
      }
    }
  }

  /** What stands before a layer. */
  record OfPreProcessor(InputPreProcessor preProcessor, Tensor in, Tensor out) implements Op {
    @Override
    public void forward(Step step) {
      INDArray mask = in.mask().array();
      pass(
          mask == null
              ? null
              : preProcessor.feedForwardMaskArray(mask, in.mask().state(), step.examples()),
          out);
      put(
          preProcessor.preProcess(
              copy(in.data(), in, step.examples()),
              step.examples(),
              LayerWorkspaceMgr.noWorkspaces()),
          out.data());
    }

    @Override
    public void backward(Step step) {
      if (out.gradient() != null) {
        INDArray delta = copy(out.gradient(), out, step.examples());
        addGradient(
            preProcessor.backprop(delta, step.examples(), LayerWorkspaceMgr.noWorkspaces()), in);
      }
    }
  }

  /** A layer with a loss. */
  static final class OfOutput implements OutputOp {
    private final Layer layer;
    private final IOutputLayer output;
    private final Tensor in;
    private final int index;
    private float[] losses = {};
    private float[] outputs = {};

    OfOutput(Layer layer, Tensor in, int index) {
      this.layer = layer;
      this.output = (IOutputLayer) layer;
      this.in = in;
      this.index = index;
    }

    @Override
    public void forward(Step step) {
      LayerWorkspaceMgr none = LayerWorkspaceMgr.noWorkspaces();
      layer.setInput(copy(in.data(), in, step.examples()), none);
      // Also where there is none: some keep the mask of the last minibatch apart.
      layer.feedForwardMaskArray(in.mask().array(), in.mask().state(), step.examples());
      if (!step.training()) {
        outputs = Numbers.of(layer.activate(false, none));
      }
      if (!step.targets().isEmpty()) {
        Labels labels = step.targets().get(index);
        output.setLabels(labels.array());
        layer.setMaskArray(labels.mask());
        losses = Numbers.of(output.computeScoreForExamples(0, none));
      }
    }

    @Override
    public void backward(Step step) {
      addGradient(layer.backpropGradient(null, LayerWorkspaceMgr.noWorkspaces()).getSecond(), in);
      layer.clear();
    }

    @Override
    public float[] losses() {
      return losses;
    }

    @Override
    public float[] outputs() {
      return outputs.clone();
    }
  }
}
