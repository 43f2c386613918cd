package sluice.pretrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataLocation;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.data.InvalidInput;

/** ONNX files that anybody may have written: each is an encoder, or refused with the reason. */
class HostileOnnxTest {
  private static final String WORDS = "embeddings.word_embeddings.weight";
  private static final String FIRST = "encoder.layer.0.";

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  private Path dir;

  private void assertRefused(byte[] model, String message) {
    Path folder = Onnx.folder(dir, model);
    assertThatThrownBy(() -> BertEncoder.read(folder))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(folder.resolve(BertEncoder.MODEL) + ": " + message);
  }

  private void assertRefused(Consumer<GraphProto.Builder> change, String message) {
    assertRefused(Onnx.changed(change), message);
  }

  /** Reads a file that is an encoder, or not. */
  private boolean isRefused(byte[] model) throws IOException {
    Path file = Files.write(dir.resolve(BertEncoder.MODEL), model);
    try {
      BertEncoder.read(file.resolveSibling(""));
      return false;
    } catch (InvalidInput e) {
      assertThat(e.kind()).isEqualTo(InvalidInput.Kind.DATA);
      return true;
    }
  }

  @Test
  void whatIsCutShortIsRefused() throws IOException {
    byte[] model = Onnx.bytes("old.onnx");
    assertThat(isRefused(model)).isFalse();
    // The graph, but for its end, is what fills the file.
    for (int length = 0; length < model.length - 200; length += 211) {
      assertThat(isRefused(Arrays.copyOf(model, length))).as("%s bytes", length).isTrue();
    }
  }

  @Test
  void whatIsDamagedIsReadOrRefused() throws IOException {
    Random random = new Random(8);
    int refused = 0;
    for (int i = 0; i < 600; i++) {
      byte[] model = Onnx.bytes("old.onnx");
      for (int j = random.nextInt(4); j >= 0; j--) {
        model[random.nextInt(model.length)] = (byte) random.nextInt();
      }
      refused += isRefused(model) ? 1 : 0;
    }
    assertThat(refused).isBetween(50, 599);
  }

  /** Each node in turn without what it reads, what it gives, or its settings. */
  @Test
  void nodesMayLackEverything() throws IOException {
    int nodes = ModelProto.parseFrom(Onnx.bytes("old.onnx")).getGraph().getNodeCount();
    int refused = 0;
    for (int i = 0; i < nodes; i++) {
      int node = i;
      List<Consumer<NodeProto.Builder>> changes =
          List.of(
              NodeProto.Builder::clearInput,
              NodeProto.Builder::clearOutput,
              NodeProto.Builder::clearAttribute);
      for (Consumer<NodeProto.Builder> change : changes) {
        byte[] model = Onnx.changed(graph -> change.accept(graph.getNodeBuilder(node)));
        refused += isRefused(model) ? 1 : 0;
      }
    }
    assertThat(refused).isBetween(20, 2 * nodes);
  }

  @Test
  void whatIsNoOnnxIsRefused() throws IOException {
    assertRefused(new byte[0], "is no ONNX file: it has no graph");
    assertRefused(
        ModelProto.newBuilder().setIrVersion(7).build().toByteArray(),
        "is no ONNX file: it has no graph");
    assertThat(isRefused("PK\3\4 a zip".getBytes(StandardCharsets.UTF_8))).isTrue();
    Path folder = dir.resolve("nothing");
    assertThatThrownBy(() -> BertEncoder.read(folder))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("cannot be read: java.nio.file.NoSuchFileException");
    byte[] model = Onnx.bytes("old.onnx");
    byte[] twice = Arrays.copyOf(model, 2 * model.length);
    System.arraycopy(model, 0, twice, model.length, model.length);
    assertRefused(twice, "must have one graph, has several");
  }

  @Test
  void sizesAreBounded() throws IOException {
    Path file = dir.resolve(BertEncoder.MODEL);
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(3L << 30);
    }
    assertThatThrownBy(() -> BertEncoder.read(dir))
        .hasMessageStartingWith(file + ": must have at most ")
        .hasMessageEndingWith("got 3,221,225,472");
    assertRefused(
        graph -> {
          for (int i = 0; i <= OnnxReader.MOST_TENSORS; i++) {
            graph.addInitializer(TensorProto.newBuilder().setName("t" + i).addDims(0));
          }
        },
        "must have at most 10,000 tensors, has more");
    assertRefused(
        graph -> {
          for (int i = 0; i <= OnnxReader.MOST_NODES; i++) {
            graph.addNode(NodeProto.getDefaultInstance());
          }
        },
        "must have at most 100,000 nodes of 8,388,608 bytes in all, has more");
    assertRefused(
        graph ->
            graph.addNode(
                NodeProto.newBuilder()
                    .addAttribute(
                        AttributeProto.newBuilder()
                            .setS(ByteString.copyFrom(new byte[OnnxReader.MOST_NODE_BYTES])))),
        "must have at most 100,000 nodes of 8,388,608 bytes in all, has more");
  }

  /** Bytes that the file has not, and arrays that are larger than the file. */
  @Test
  void lengthsAreNotBelieved() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeTag(ModelProto.GRAPH_FIELD_NUMBER, 2);
    out.writeUInt32NoTag(1 << 29);
    out.writeTag(GraphProto.INITIALIZER_FIELD_NUMBER, 2);
    out.writeUInt32NoTag(1 << 28);
    out.writeTag(TensorProto.RAW_DATA_FIELD_NUMBER, 2);
    out.writeUInt32NoTag(1 << 27);
    out.flush();
    assertThat(isRefused(bytes.toByteArray())).isTrue();
    assertRefused(
        graph -> words(graph).clearDims().addDims(1 << 30).addDims(1 << 30),
        "tensor %s must have as many numbers as its shape says, as FLOAT of [1073741824, 1073741824], has 480"
            .formatted(WORDS));
    assertRefused(
        graph -> words(graph).clearDims().addDims(-1),
        "a tensor must have at most 8 axes, none of them longer than 2,147,483,647, has one of -1");
    assertRefused(
        graph -> words(graph).addAllDims(Collections.nCopies(9, 1L)),
        "a tensor must have at most 8 axes, none of them longer than 2,147,483,647, has one of 1");
  }

  /** Messages within messages, without end. */
  @Test
  void depthIsBounded() throws IOException {
    byte[] groups = new byte[100_000];
    Arrays.fill(groups, (byte) (13 << 3 | 3));
    assertThat(isRefused(groups)).isTrue();
    NodeProto node = NodeProto.getDefaultInstance();
    for (int i = 0; i < 60; i++) {
      node =
          NodeProto.newBuilder()
              .addAttribute(AttributeProto.newBuilder().setG(GraphProto.newBuilder().addNode(node)))
              .build();
    }
    NodeProto deep = node;
    assertThat(isRefused(Onnx.changed(graph -> graph.addNode(deep)))).isTrue();
  }

  @Test
  void otherFilesAreNotRead() throws IOException {
    assertRefused(
        graph -> words(graph).setDataLocation(DataLocation.EXTERNAL),
        "must hold its tensors itself, has tensor %s in another file".formatted(WORDS));
    Path elsewhere = Onnx.folder(dir, Onnx.bytes("old.onnx")).resolve(BertEncoder.MODEL);
    Path folder = Files.createTempDirectory(dir, "links");
    Files.createSymbolicLink(folder.resolve(BertEncoder.MODEL), elsewhere);
    assertThatThrownBy(() -> BertEncoder.read(folder))
        .hasMessageContaining(": must lie in its folder, is a link that leads to ");
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void weightsThatAreNotFiniteAreRefused(float number) {
    String rule =
        "is no encoder as BERT is: %s must have finite numbers, has %s as number 85 of 480"
            .formatted(WORDS, number);
    assertRefused(graph -> put(words(graph), 7 * 12, number), rule);
    assertRefused(
        graph -> {
          put(words(graph), 7 * 12, number);
          asFloatData(words(graph));
        },
        rule);
  }

  /** An infinite number elsewhere is how some files mask what is not attended to. */
  @Test
  void whatIsNoWeightMayBeInfinite() {
    byte[] model =
        Onnx.changed(
            graph ->
                graph.addInitializer(
                    TensorProto.newBuilder()
                        .setName("mask")
                        .setDataType(DataType.FLOAT_VALUE)
                        .setRawData(raw(Float.NEGATIVE_INFINITY))));
    assertThat(BertEncoder.read(Onnx.folder(dir, model)).sizes().width()).isEqualTo(12);
  }

  /** Finite weights whose sum is not. */
  @Test
  void vectorsThatAreNotFiniteAreAnErrorOfTheirTexts() {
    Path folder =
        Onnx.folder(
            dir,
            Onnx.changed(
                graph -> {
                  for (int i = 0; i < 12; i++) {
                    put(words(graph), 7 * 12 + i, Float.MAX_VALUE);
                  }
                }));
    SentenceEncoder encoder = SentenceEncoder.load(folder);
    assertThat(encoder.encode(List.of(new int[] {2, 6, 3}))).hasNumberOfRows(1);
    assertThatThrownBy(() -> encoder.encode(List.of(new int[] {2, 6, 3}, new int[] {2, 7, 3})))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            folder.resolve(BertEncoder.MODEL)
                + ": must give finite numbers, gives others for text 2");
  }

  private static void put(TensorProto.Builder tensor, int index, float number) {
    byte[] numbers = tensor.getRawData().toByteArray();
    ByteBuffer.wrap(numbers).order(ByteOrder.LITTLE_ENDIAN).putFloat(index * Float.BYTES, number);
    tensor.setRawData(ByteString.copyFrom(numbers));
  }

  /** The other place that a tensor may have its numbers in. */
  private static void asFloatData(TensorProto.Builder tensor) {
    ByteBuffer numbers =
        ByteBuffer.wrap(tensor.getRawData().toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    tensor.clearRawData();
    while (numbers.hasRemaining()) {
      tensor.addFloatData(numbers.getFloat());
    }
  }

  private static TensorProto.Builder words(GraphProto.Builder graph) {
    return graph.getInitializerBuilder(Onnx.tensor(graph, WORDS));
  }

  /** A change, and what is then wrong with the encoder. */
  private record Wrong(Consumer<GraphProto.Builder> change, String problem) {}

  private static Stream<Wrong> noEncoders() {
    return Stream.of(
        new Wrong(graph -> Onnx.remove(graph, List.of(WORDS)), "it lacks " + WORDS),
        new Wrong(
            graph ->
                Onnx.remove(
                    graph,
                    List.of(
                        "embeddings.token_type_embeddings.weight",
                        FIRST + "output.LayerNorm.bias")),
            "it lacks embeddings.token_type_embeddings.weight; it lacks %soutput.LayerNorm.bias"
                .formatted(FIRST)),
        new Wrong(
            graph -> words(graph).setDataType(DataType.DOUBLE_VALUE),
            "%s must be FLOAT of [vocabulary, width], is DOUBLE of [40, 12]".formatted(WORDS)),
        new Wrong(
            graph ->
                graph
                    .getInitializerBuilder(Onnx.tensor(graph, FIRST + "output.LayerNorm.bias"))
                    .clearDims()
                    .addDims(3)
                    .addDims(4),
            FIRST + "output.LayerNorm.bias must be FLOAT of [12], is FLOAT of [3, 4]"),
        new Wrong(
            graph -> readers(graph, FIRST + "intermediate.dense.bias").setOpType("Sub"),
            "it lacks the matrix of FLOAT of [12, 20] whose product %sintermediate.dense.bias is added to"
                .formatted(FIRST)),
        new Wrong(
            graph -> operators(graph, "Erf", 1).forEach(node -> node.setOpType("Tanh")),
            "the function between the connected layers must be GELU by the error function, one in each of 2 layers, there are 1"),
        new Wrong(
            graph -> operators(graph, "Identity", 1).forEach(node -> node.setOpType("CumSum")),
            "positions must be 0, 1, 2 and so on, but it counts them (CumSum)"),
        new Wrong(
            graph ->
                operators(graph, "Identity", 1).forEach(node -> node.setOpType("MatMulInteger")),
            "it is quantised (MatMulInteger), so that a text's vector depends on the texts beside it; take the model in float32"),
        new Wrong(
            graph ->
                graph.addInitializer(
                    words(graph).build().toBuilder()
                        .setName(FIRST + "attention.self.distance_embedding.weight")),
            "it has %sattention.self.distance_embedding.weight, which BERT has not"
                .formatted(FIRST)),
        new Wrong(
            graph -> graph.addInitializer(words(graph).build().toBuilder().setName("x." + WORDS)),
            "it must have one %s, has [%s, x.%s]".formatted(WORDS, WORDS, WORDS)),
        new Wrong(
            graph -> operators(graph, "Reshape", 9).forEach(node -> node.setOpType("Resize")),
            "the number of heads is neither in the graph nor in config.json (num_attention_heads)"),
        new Wrong(
            graph -> operators(graph, "Constant", 99).forEach(HostileOnnxTest::enlarge),
            "epsilon must be above 0 and below 1, got 2.0"),
        new Wrong(
            graph -> operators(graph, "Sqrt", 9).forEach(node -> node.setOpType("Abs")),
            "what norms add to variances is neither in the graph nor in config.json (layer_norm_eps)"));
  }

  private static List<NodeProto.Builder> operators(
      GraphProto.Builder graph, String operator, int most) {
    return graph.getNodeBuilderList().stream()
        .filter(node -> node.getOpType().equals(operator))
        .limit(most)
        .toList();
  }

  /** Makes 2 of what norms add to variances. */
  private static void enlarge(NodeProto.Builder constant) {
    TensorProto.Builder value = constant.getAttributeBuilder(0).getTBuilder();
    ByteString epsilon = raw(1e-12f);
    if (value.getRawData().equals(epsilon)) {
      value.setRawData(raw(2));
    }
  }

  private static ByteString raw(float number) {
    byte[] bytes = new byte[Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat(number);
    return ByteString.copyFrom(bytes);
  }

  private static NodeProto.Builder readers(GraphProto.Builder graph, String tensor) {
    return graph.getNodeBuilderList().stream()
        .filter(node -> node.getInputList().contains(tensor))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("noEncoders")
  void whatIsNoEncoderSaysWhatItLacks(Wrong wrong) {
    assertRefused(wrong.change, "is no encoder as BERT is: " + wrong.problem);
  }

  /** What the graph does not tell, the file beside it does; they must not differ. */
  @Test
  void theConfigSaysWhatTheGraphDoesNot() throws IOException {
    Path folder =
        Onnx.folder(
            dir,
            Onnx.changed(
                graph -> {
                  operators(graph, "Reshape", 9).forEach(node -> node.setOpType("Resize"));
                  operators(graph, "Sqrt", 9).forEach(node -> node.setOpType("Abs"));
                }));
    Path config = folder.resolve(BertConfig.FILE);
    Files.writeString(config, "{\"num_attention_heads\": 3, \"layer_norm_eps\": 1e-12}");
    assertThat(BertEncoder.read(folder).sizes())
        .isEqualTo(new BertSizes(2, 12, 3, 20, 40, 14, 2, 1e-12));
    Files.writeString(config, "{\"num_attention_heads\": 5, \"layer_norm_eps\": 1e-12}");
    assertThatThrownBy(() -> BertEncoder.read(folder))
        .hasMessageEndingWith(": is no encoder as BERT is: 5 heads must divide the width, 12");
    Files.writeString(config, "{");
    assertThatThrownBy(() -> BertEncoder.read(folder))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("config.json");
    Path whole = Onnx.folder(dir, Onnx.bytes("old.onnx"));
    Files.writeString(whole.resolve(BertConfig.FILE), "{\"num_attention_heads\": 4}");
    assertThatThrownBy(() -> BertEncoder.read(whole))
        .hasMessageEndingWith("config.json says that there are 4 heads, the graph has 3");
  }
}
