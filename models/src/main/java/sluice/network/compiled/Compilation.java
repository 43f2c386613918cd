package sluice.network.compiled;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import sluice.network.layers.TransformerBlock;

/** A plan in the making: what kernels are given to make their operations of. */
final class Compilation {
  private final ReferenceNetwork network;
  private final Products products;

  /** Null if parameters may change. */
  private final @Nullable SharedParameters shared;

  private final Arena arena;
  private final List<Op> ops = new ArrayList<>();
  private final SortedMap<Integer, OutputOp> outputs = new TreeMap<>();
  private final List<Block> gradients = new ArrayList<>();
  private final List<String> fallbacks = new ArrayList<>();
  private final Map<String, Tensor> values = new HashMap<>();

  /** Whether what is compiled now does not learn, nor anything below it. */
  private boolean frozen;

  /** Where the parameters of what is compiled now lie. */
  private Block parameters;

  /** Null if the network only predicts. */
  private @Nullable Block byParameters;

  /** The function that alone reads what is compiled now. */
  private Activation following = Activations.IDENTITY;

  private boolean fused;

  Compilation(
      ReferenceNetwork network,
      Products products,
      @Nullable SharedParameters shared,
      Arena.Memory memory) {
    this.network = network;
    this.products = products;
    this.shared = shared;
    arena = new Arena(memory);
    parameters = network.parameters();
    byParameters = network.gradients();
  }

  Products products() {
    return products;
  }

  /**
   * Room for the numbers of each example.
   *
   * @param shape of an example
   */
  Block block(int... shape) {
    return arena.block(size(shape));
  }

  /** Whether what is compiled now has a way back. */
  boolean learns() {
    return network.gradients() != null && !frozen;
  }

  /** Room that the way back alone needs: none where there is none. */
  Block backwardBlock(int... shape) {
    return learns() ? block(shape) : block(0);
  }

  /** Room for an operation while it runs; other operations use it, too. */
  Block scratch(int... shape) {
    return arena.scratch(size(shape));
  }

  /** The value of a vertex or an input of the network. */
  Tensor value(String name) {
    return requireNonNull(values.get(name));
  }

  void setValue(String name, Tensor value) {
    values.put(name, value);
  }

  /** An input of the network. */
  Tensor input(int... shape) {
    return new Tensor(shape, block(size(shape)), null);
  }

  /** A value whose operation has parameters. */
  Tensor learning(int... shape) {
    return tensor(learns(), shape);
  }

  /** A value whose operation has no parameters, and passes gradients on to what it reads. */
  Tensor passing(List<Tensor> read, int... shape) {
    return tensor(!frozen && read.stream().anyMatch(in -> in.gradient() != null), shape);
  }

  private Tensor tensor(boolean learns, int... shape) {
    int size = size(shape);
    if (!learns) {
      return new Tensor(shape, block(size), null);
    }
    Block gradient = block(size);
    gradients.add(gradient);
    return new Tensor(shape, block(size), gradient);
  }

  private static int size(int... shape) {
    long size = 1;
    for (int length : shape) {
      size *= length;
      Arena.requireRoom(size, 1);
    }
    return (int) size;
  }

  /** A parameter of a layer; null if the layer has none of that name. */
  @Nullable Weights weights(Layer layer, String name) {
    INDArray view = layer.paramTable(false).get(name);
    return view == null
        ? null
        : new Weights(
            Math.toIntExact(view.offset()),
            Math.toIntExact(view.length()),
            parameters,
            frozen ? null : byParameters);
  }

  /**
   * Compiles a layer whose parameters lie elsewhere than those of the network.
   *
   * @param gradients null if the network only predicts
   */
  <T> T within(Block elsewhere, @Nullable Block gradients, Supplier<T> compiled) {
    parameters = elsewhere;
    byParameters = gradients;
    try {
      return compiled.get();
    } finally {
      parameters = network.parameters();
      byParameters = network.gradients();
    }
  }

  private boolean isElsewhere() {
    return parameters != network.parameters();
  }

  /**
   * A matrix and biases for products of some rows; none where parameters may change, or if the
   * library of products has no kernels for it.
   *
   * @param gelu what is taken of the sums; null for the sums themselves
   */
  Optional<PackedMatrix> packed(
      int rows, Weights matrix, Weights biases, TransformerBlock.@Nullable Gelu gelu) {
    return shared == null || isElsewhere()
        ? Optional.empty()
        : shared.packed(products, rows, matrix, biases, gelu);
  }

  /** The rows of a table that the network holds; null if it holds all of them. */
  @Nullable HeldRows heldRows(Weights weights) {
    return isElsewhere() ? null : network.held().at(weights.at());
  }

  /**
   * What remembers the rows of a table that are read; null if it is not large or not learnt.
   *
   * @param rows how many the table has, held or not
   */
  @Nullable TouchedRows touchedRows(Weights weights, int rows, int width) {
    return weights.gradients() != null && !isElsewhere() && ParameterRanges.isLarge(rows, width)
        ? network.ranges().table(weights.at(), weights.count() / width, width)
        : null;
  }

  void add(Op op) {
    ops.add(frozen ? new Frozen(op) : op);
    arena.endOperation();
  }

  /** What a layer reads, behind its dropout, which is plain or none. */
  Tensor dropped(org.deeplearning4j.nn.conf.layers.Layer settings, Tensor in) {
    if (!(settings.getIDropout() instanceof Dropout dropout)) {
      return in;
    }
    Tensor out = passing(List.of(in), in.shape()).masked(in.mask());
    add(new DropoutOp(in, out, dropout.getP()));
    return out;
  }

  /** What an activation function makes of a value that only it reads. */
  Tensor activated(Tensor in, Activation activation) {
    if (activation == Activations.IDENTITY) {
      return in;
    }
    Tensor out = passing(List.of(in), in.shape()).masked(in.mask());
    add(new ActivationOp(in, out, activation));
    return out;
  }

  /** Sets the function that alone reads what is compiled next, which its kernel may fuse. */
  void setFollowing(Activation activation) {
    following = activation;
    fused = false;
  }

  /** Whether a kernel has fused the function that was set last. */
  boolean isFused() {
    return fused;
  }

  /**
   * Fuses the function that alone reads what is compiled now into its kernel, which saves a pass
   * over memory.
   *
   * @param able whether the kernel can compute a function
   * @return what the kernel computes; the identity if there is no function that it can
   */
  Activation fuse(Predicate<Activation> able) {
    if (following == Activations.IDENTITY || !able.test(following)) {
      return Activations.IDENTITY;
    }
    fused = true;
    return following;
  }

  /** How many operations there are. */
  int size() {
    return ops.size();
  }

  /** Takes back operations behind the first ones. */
  void shrink(int size) {
    ops.subList(size, ops.size()).clear();
  }

  /**
   * @param index among the outputs of the network
   */
  void addOutput(OutputOp op, int index) {
    ops.add(op);
    outputs.put(index, op);
    arena.endOperation();
  }

  void addFallback(String name) {
    fallbacks.add(name);
  }

  void setFrozen(boolean frozen) {
    this.frozen = frozen;
  }

  Plan plan(List<Tensor> inputs) {
    return new Plan(arena, inputs, ops, List.copyOf(outputs.values()), fallbacks, gradients);
  }

  /** An operation that predicts while the others train, and passes no gradient on. */
  private record Frozen(Op op) implements Op {
    @Override
    public void forward(Step step) {
      op.forward(step.predicting());
    }

    @Override
    public void backward(Step step) {
      // It has nothing to learn.
    }
  }
}
