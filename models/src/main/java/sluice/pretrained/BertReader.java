package sluice.pretrained;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import sluice.data.InvalidInput;
import sluice.pretrained.BertWeights.Connected;
import sluice.pretrained.BertWeights.Layer;
import sluice.pretrained.BertWeights.Norm;

/**
 * Finds the weights of a BERT encoder in an ONNX graph, as PyTorch exports it. Embeddings, biases
 * and norms have the names that the library transformers gives them. Matrices may have none: each
 * is found by the node that multiplies by it and whose product the named bias is added to.
 */
final class BertReader {
  private static final String WORDS = "embeddings.word_embeddings.weight";
  private static final String POSITIONS = "embeddings.position_embeddings.weight";
  private static final String SEGMENTS = "embeddings.token_type_embeddings.weight";
  private static final String TOKENS_NORM = "embeddings.LayerNorm";
  private static final String QUERIES = "attention.self.query";
  private static final String ATTENDED_NORM = "attention.output.LayerNorm";
  private static final String HIDDEN = "intermediate.dense";
  private static final String BACK_NORM = "output.LayerNorm";

  /** What becomes of a float32 network that is stored in 8 bits. */
  private static final List<String> OF_INTEGERS =
      List.of("MatMulInteger", "DynamicQuantizeLinear", "QLinearMatMul", "DequantizeLinear");

  /** More problems are not listed. */
  private static final int MOST_PROBLEMS = 10;

  private final OnnxGraph graph;
  private final BertNodes nodes;
  private final BertConfig config;
  private final String where;

  /** What stands before all names. */
  private String prefix = "";

  private final List<String> problems = new ArrayList<>();
  private final Set<String> used = new TreeSet<>();

  /**
   * @param config what is said beside the graph
   * @param where the file, for messages
   */
  BertReader(OnnxGraph graph, BertConfig config, String where) {
    this.graph = graph;
    nodes = new BertNodes(graph);
    this.config = config;
    this.where = where;
  }

  /**
   * The encoder of the graph.
   *
   * @throws InvalidInput (data) if it is none, with all that is missing
   */
  BertEncoder encoder() {
    requireFloats();
    OnnxTensor words = words();
    int width = length(words, 1);
    int layers = layers();
    int hidden = length(of(layer(0) + HIDDEN + ".bias"), 0);
    OnnxTensor positions = of(POSITIONS);
    OnnxTensor segments = of(SEGMENTS);
    matrixOf(POSITIONS, positions, width);
    matrixOf(SEGMENTS, segments, width);
    Norm tokensNorm = norm(TOKENS_NORM, width);
    List<Layer> found = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      found.add(layerOf(layer(i), width, hidden));
    }
    int heads = heads(width);
    double epsilon = epsilon(layers);
    requireActivation(layers);
    requireAllUsed();
    requireFinite();
    stopIfWrong();
    BertEncoder encoder =
        new BertEncoder(
            new BertSizes(
                layers,
                width,
                heads,
                hidden,
                length(words, 0),
                length(positions, 0),
                length(segments, 0),
                epsilon),
            new BertWeights(
                words.floats(), positions.floats(), segments.floats(), tokensNorm, found));
    requireBuildable(encoder);
    return encoder;
  }

  /** That a network can be asked for with these sizes. */
  private void requireBuildable(BertEncoder encoder) {
    try {
      encoder.encoder(Pooling.MEAN.kind(), 0);
    } catch (InvalidInput e) {
      problems.addAll(e.problems());
      stopIfWrong();
    }
  }

  private void stopIfWrong() {
    if (!problems.isEmpty()) {
      int more = problems.size() - MOST_PROBLEMS;
      throw InvalidInput.data(
          "%s: is no encoder as BERT is: %s%s"
              .formatted(
                  where,
                  String.join("; ", problems.subList(0, Math.min(MOST_PROBLEMS, problems.size()))),
                  more > 0 ? "; and %,d more".formatted(more) : ""));
    }
  }

  private void requireFloats() {
    for (String operator : OF_INTEGERS) {
      if (!graph.nodes(operator).isEmpty()) {
        problems.add(
            "it is quantised (%s), so that a text's vector depends on the texts beside it; take the model in float32"
                .formatted(operator));
      }
    }
    if (!graph.nodes("CumSum").isEmpty()) {
      problems.add("positions must be 0, 1, 2 and so on, but it counts them (CumSum)");
    }
    stopIfWrong();
  }

  /** The vectors of tokens, whose name tells what stands before all names. */
  private OnnxTensor words() {
    List<String> names =
        graph.tensors().keySet().stream().filter(name -> name.endsWith(WORDS)).sorted().toList();
    if (names.size() != 1) {
      problems.add(
          names.isEmpty()
              ? "it lacks " + WORDS
              : "it must have one %s, has %s".formatted(WORDS, names));
      stopIfWrong();
    }
    prefix = names.get(0).substring(0, names.get(0).length() - WORDS.length());
    OnnxTensor words = of(WORDS);
    if (words.shape().length != 2 || words.floats().length == 0) {
      problems.add(
          "%s must be FLOAT of [vocabulary, width], is %s".formatted(prefix + WORDS, words));
      stopIfWrong();
    }
    return words;
  }

  private static String layer(int index) {
    return "encoder.layer.%d.".formatted(index);
  }

  private int layers() {
    int layers = 0;
    while (graph.tensor(prefix + layer(layers) + QUERIES + ".bias").isPresent()) {
      layers++;
    }
    return Math.max(1, layers);
  }

  /** A tensor by its name behind the prefix; an empty one if it is missing, which is noted. */
  private OnnxTensor of(String name) {
    used.add(prefix + name);
    return graph
        .tensor(prefix + name)
        .orElseGet(
            () -> {
              problems.add("it lacks " + prefix + name);
              return new OnnxTensor(0, new long[0], new float[0], new long[0]);
            });
  }

  private static int length(OnnxTensor tensor, int axis) {
    return axis < tensor.shape().length ? (int) tensor.shape()[axis] : 0;
  }

  private void matrixOf(String name, OnnxTensor tensor, int width) {
    if (!tensor.has(Math.max(1, length(tensor, 0)), width)) {
      misshapen(name, "[n, %d]".formatted(width), tensor);
    }
  }

  /** Notes a tensor of another shape, unless it is missing, which was noted. */
  private void misshapen(String name, String shape, OnnxTensor tensor) {
    if (graph.tensor(prefix + name).isPresent()) {
      problems.add("%s must be FLOAT of %s, is %s".formatted(prefix + name, shape, tensor));
    }
  }

  private float[] vector(String name, int length) {
    OnnxTensor tensor = of(name);
    if (!tensor.has(length)) {
      misshapen(name, "[%d]".formatted(length), tensor);
    }
    return tensor.floats();
  }

  private Norm norm(String name, int width) {
    return new Norm(vector(name + ".weight", width), vector(name + ".bias", width));
  }

  private Layer layerOf(String name, int width, int hidden) {
    return new Layer(
        connected(name + QUERIES, width, width),
        connected(name + "attention.self.key", width, width),
        connected(name + "attention.self.value", width, width),
        connected(name + "attention.output.dense", width, width),
        norm(name + ATTENDED_NORM, width),
        connected(name + HIDDEN, width, hidden),
        connected(name + "output.dense", hidden, width),
        norm(name + BACK_NORM, width));
  }

  private Connected connected(String name, int in, int out) {
    float[] biases = vector(name + ".bias", out);
    String bias = prefix + name + ".bias";
    Optional<float[]> matrix =
        nodes.matrices(bias).stream().flatMap(value -> matrix(value, in, out).stream()).findFirst();
    if (matrix.isEmpty() && graph.tensor(bias).isPresent()) {
      problems.add(
          "it lacks the matrix of FLOAT of [%d, %d] whose product %s is added to"
              .formatted(in, out, bias));
    }
    return new Connected(matrix.orElse(new float[0]), biases);
  }

  /** A matrix [in, out] of the file, or the transpose of one. */
  private Optional<float[]> matrix(String value, int in, int out) {
    Optional<OnnxTensor> plain = graph.tensor(value);
    if (plain.isPresent()) {
      used.add(value);
      return plain.filter(tensor -> tensor.has(in, out)).map(OnnxTensor::floats);
    }
    return graph
        .producer(value, "Transpose")
        .flatMap(node -> node.getInputList().stream().findFirst())
        .flatMap(
            name -> {
              used.add(name);
              return graph.tensor(name);
            })
        .filter(tensor -> tensor.has(out, in))
        .map(tensor -> transposed(tensor.floats(), out, in));
  }

  private static float[] transposed(float[] numbers, int rows, int columns) {
    float[] turned = new float[numbers.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        turned[column * rows + row] = numbers[row * columns + column];
      }
    }
    return turned;
  }

  /** As the graph says, or else the config. */
  private int heads(int width) {
    Optional<Integer> shaped = nodes.heads(prefix + layer(0) + QUERIES + ".bias");
    @Nullable Integer said = config.heads();
    if (shaped.isPresent() && said != null && !shaped.get().equals(said)) {
      problems.add(
          "%s says that there are %d heads, the graph has %d"
              .formatted(BertConfig.FILE, said, shaped.get()));
    }
    int heads = shaped.orElse(said == null ? 0 : said);
    if (heads < 1) {
      problems.add(
          "the number of heads is neither in the graph nor in %s (num_attention_heads)"
              .formatted(BertConfig.FILE));
    } else if (width % heads != 0) {
      problems.add("%d heads must divide the width, %d".formatted(heads, width));
    }
    return heads;
  }

  /** What all norms add to variances, as the graph says, or else the config. */
  private double epsilon(int layers) {
    Set<Double> found = new TreeSet<>();
    nodes.epsilon(prefix + TOKENS_NORM).ifPresent(found::add);
    for (int i = 0; i < layers; i++) {
      nodes.epsilon(prefix + layer(i) + ATTENDED_NORM).ifPresent(found::add);
      nodes.epsilon(prefix + layer(i) + BACK_NORM).ifPresent(found::add);
    }
    if (found.isEmpty() && config.epsilon() != null) {
      found.add(config.epsilon());
    }
    if (found.size() != 1) {
      problems.add(
          found.isEmpty()
              ? "what norms add to variances is neither in the graph nor in %s (layer_norm_eps)"
                  .formatted(BertConfig.FILE)
              : "all norms must add the same to variances, they add " + found);
      return 0;
    }
    return found.iterator().next();
  }

  private void requireActivation(int layers) {
    long exact = nodes.exactGelus();
    if (exact != layers) {
      problems.add(
          "the function between the connected layers must be GELU by the error function, one in each of %d layers, there are %d"
              .formatted(layers, exact));
    }
  }

  /** That the encoder has no weights besides. */
  private void requireAllUsed() {
    for (Map.Entry<String, OnnxTensor> entry : graph.tensors().entrySet()) {
      String name = entry.getKey();
      boolean ofEncoder =
          name.startsWith(prefix + "embeddings.") || name.startsWith(prefix + "encoder.");
      if (ofEncoder && entry.getValue().isFloat() && !used.contains(name)) {
        problems.add("it has %s, which BERT has not".formatted(name));
      }
    }
  }

  /** Of the weights only: masks beside them may well be infinite. */
  private void requireFinite() {
    for (String name : used) {
      float[] numbers = graph.tensor(name).map(OnnxTensor::floats).orElse(new float[0]);
      for (int i = 0; i < numbers.length; i++) {
        if (!Float.isFinite(numbers[i])) {
          problems.add(
              "%s must have finite numbers, has %s as number %,d of %,d"
                  .formatted(name, numbers[i], i + 1, numbers.length));
          break;
        }
      }
    }
  }
}
