package sluice.network.compiled;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
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

/**
 * Operations that Deeplearning4j's own objects compute, on copies of the values. They predict one
 * example at a time: how Deeplearning4j sums up may depend on the number of examples and on an
 * example's place among them, differently from layer to layer.
 */
final class Fallback {
  private Fallback() {}

  /**
   * Examples that are computed together.
   *
   * @param first the position of the first in the minibatch
   * @param count how many there are
   */
  private record Part(int first, int count) {
    static Part all(Step step) {
      return new Part(0, step.examples());
    }

    /** The parts of a minibatch: all at once, unless it is predicted. */
    static List<Part> parts(Step step) {
      return step.targets().isEmpty()
          ? IntStream.range(0, step.examples()).mapToObj(i -> new Part(i, 1)).toList()
          : List.of(all(step));
    }

    INDArray copy(Tensor tensor) {
      return copy(tensor, tensor.data());
    }

    INDArray copy(Tensor tensor, Block block) {
      float[] numbers = new float[count * tensor.size()];
      block.read(first * tensor.size(), numbers, numbers.length);
      return FloatArrays.create(numbers, tensor.shape(count));
    }

    StepMask mask(Tensor tensor) {
      return tensor.mask().of(first, count);
    }

    private void put(INDArray array, Block block) {
      float[] numbers = Numbers.of(array);
      block.write(first * block.size(), numbers, numbers.length);
    }
  }

  /**
   * What a layer, a vertex or a preprocessor makes of examples.
   *
   * @param mask over its steps; null if none comes out of it
   */
  private record Made(
      INDArray values, @Nullable Pair<@Nullable INDArray, @Nullable MaskState> mask) {}

  /** What makes values of examples. */
  @FunctionalInterface
  private interface Function {
    Made of(Part part);
  }

  private static void forward(Step step, Tensor out, Function function) {
    int steps = out.isSeries() ? out.shape()[1] : 0;
    float[] masks = new float[step.examples() * steps];
    @Nullable MaskState state = null;
    for (Part part : Part.parts(step)) {
      Made made = function.of(part);
      part.put(made.values, out.data());
      @Nullable INDArray mask = made.mask == null ? null : made.mask.getFirst();
      if (made.mask != null && mask != null && out.isSeries()) {
        System.arraycopy(Numbers.of(mask), 0, masks, part.first * steps, part.count * steps);
        state = Objects.requireNonNullElse(made.mask.getSecond(), MaskState.Active);
      }
    }
    if (state == null) {
      out.mask().clear();
    } else {
      out.mask().set(masks, state);
    }
  }

  /** Hands a layer the mask over the steps that it reads, and says what comes out of it. */
  private static @Nullable Pair<@Nullable INDArray, @Nullable MaskState> feed(
      Layer layer, StepMask given, int examples) {
    @Nullable INDArray mask = given.array();
    if (mask == null) {
      layer.setMaskArray(null);
      return null;
    }
    return layer.feedForwardMaskArray(mask, given.state(), examples);
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
      Fallback.forward(
          step,
          out,
          part -> {
            LayerWorkspaceMgr none = LayerWorkspaceMgr.noWorkspaces();
            layer.setInput(part.copy(in), none);
            var mask = feed(layer, part.mask(in), part.count);
            return new Made(layer.activate(step.training(), none), mask);
          });
    }

    @Override
    public void backward(Step step) {
      if (out.gradient() != null) {
        INDArray delta = Part.all(step).copy(out, out.gradient());
        addGradient(
            layer.backpropGradient(delta, LayerWorkspaceMgr.noWorkspaces()).getSecond(), in);
        layer.clear();
      }
    }
  }

  /**
   * A vertex of a graph that is no layer; its parameters are views of the network's, too.
   *
   * @param graph which vertices ask for the masks over the steps of its inputs
   * @param inputs of the graph
   */
  record OfVertex(
      GraphVertex vertex, List<Tensor> in, Tensor out, ReferenceNetwork graph, List<Tensor> inputs)
      implements Op {
    OfVertex {
      inputs = List.copyOf(inputs);
    }

    @Override
    public void forward(Step step) {
      LayerWorkspaceMgr none = LayerWorkspaceMgr.noWorkspaces();
      Fallback.forward(
          step,
          out,
          part -> {
            if (part.count < step.examples()) {
              graph.setInputMasks(inputs.stream().map(part::mask).toList());
            }
            for (int i = 0; i < in.size(); i++) {
              vertex.setInput(i, part.copy(in.get(i)), none);
            }
            var mask = passMasks(part);
            return new Made(vertex.doForward(step.training(), none), mask);
          });
    }

    private @Nullable Pair<@Nullable INDArray, @Nullable MaskState> passMasks(Part part) {
      @Nullable INDArray[] masks = new INDArray[in.size()];
      MaskState state = MaskState.Passthrough;
      boolean given = false;
      for (int i = 0; i < masks.length; i++) {
        StepMask mask = part.mask(in.get(i));
        masks[i] = mask.array();
        given |= mask.isGiven();
        state = mask.isGiven() && mask.state() == MaskState.Active ? MaskState.Active : state;
      }
      return given ? vertex.feedForwardMaskArrays(masks, state, part.count) : null;
    }

    @Override
    public void backward(Step step) {
      if (out.gradient() != null) {
        vertex.setEpsilon(Part.all(step).copy(out, out.gradient()));
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
      Fallback.forward(
          step,
          out,
          part -> {
            StepMask given = part.mask(in);
            INDArray mask = given.array();
            return new Made(
                preProcessor.preProcess(
                    part.copy(in), part.count, LayerWorkspaceMgr.noWorkspaces()),
                mask == null
                    ? null
                    : preProcessor.feedForwardMaskArray(mask, given.state(), part.count));
          });
    }

    @Override
    public void backward(Step step) {
      if (out.gradient() != null) {
        INDArray delta = Part.all(step).copy(out, out.gradient());
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
      Part.parts(step).forEach(part -> forward(step, part));
    }

    private void forward(Step step, Part part) {
      LayerWorkspaceMgr none = LayerWorkspaceMgr.noWorkspaces();
      layer.setInput(part.copy(in), none);
      // Also where there is none: some keep the masks of the last minibatch.
      layer.setMaskArray(null);
      StepMask mask = part.mask(in);
      layer.feedForwardMaskArray(mask.array(), mask.state(), part.count);
      if (!step.training()) {
        float[] some = Numbers.of(layer.activate(false, none));
        int each = some.length / part.count;
        if (outputs.length != each * step.examples()) {
          outputs = new float[each * step.examples()];
        }
        System.arraycopy(some, 0, outputs, each * part.first, some.length);
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
