package sluice.pretrained;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import sluice.data.Json;
import sluice.network.FloatArrays;
import sluice.network.compiled.CompiledNetwork;
import sluice.network.compiled.MatrixProducts;
import sluice.network.compiled.SharedParameters;

/** Against ONNX Runtime, whose vectors scripts/reference/bert.py has written down. */
class BertEncoderTest {
  private static final JsonNode REFERENCE =
      Json.tree(new String(Onnx.bytes("vectors.json"), StandardCharsets.UTF_8), "vectors.json");

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  private Path dir;

  private Path folder(String model) {
    return Onnx.folder(dir, Onnx.bytes(model));
  }

  private static List<int[]> tokens() {
    List<int[]> tokens = new ArrayList<>();
    for (JsonNode text : REFERENCE.get("tokens")) {
      tokens.add(IntStream.range(0, text.size()).map(i -> text.get(i).asInt()).toArray());
    }
    return tokens;
  }

  private static void assertReference(Pooling pooling, float[][] vectors) {
    JsonNode expected = REFERENCE.get(pooling == Pooling.MEAN ? "mean" : "first");
    assertThat(vectors).hasNumberOfRows(expected.size());
    for (int text = 0; text < vectors.length; text++) {
      for (int i = 0; i < vectors[text].length; i++) {
        assertThat((double) vectors[text][i])
            .as("number %s of text %s", i, text)
            .isCloseTo(expected.get(text).get(i).asDouble(), within(2e-6));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"old.onnx", "new.onnx"})
  void sizesComeFromTheFile(String model) {
    assertThat(BertEncoder.read(folder(model)).sizes())
        .isEqualTo(new BertSizes(2, 12, 3, 20, 40, 14, 2, 1e-12));
  }

  @ParameterizedTest
  @CsvSource({"old.onnx, MEAN", "old.onnx, FIRST", "new.onnx, MEAN", "new.onnx, FIRST"})
  void vectorsAreThoseOfOnnxRuntime(String model, Pooling pooling) {
    SentenceEncoder encoder = SentenceEncoder.load(folder(model), pooling);
    assertThat(encoder.dimension()).isEqualTo(12);
    assertThat(encoder.maxLength()).isEqualTo(14);
    assertThat(encoder.vocabulary()).isEqualTo(40);
    assertReference(pooling, encoder.encode(tokens()));
  }

  @Test
  void theFolderTellsThePooling() throws IOException {
    Path folder = folder("old.onnx");
    assertThat(SentenceEncoder.load(folder).pooling()).isEqualTo(Pooling.MEAN);
    Path file = folder.resolve(BertConfig.POOLING);
    Files.createDirectories(requireNonNull(file.getParent()));
    Files.writeString(file, "{\"pooling_mode_cls_token\": true}");
    assertThat(SentenceEncoder.load(folder).pooling()).isEqualTo(Pooling.FIRST);
    Files.writeString(file, "{\"pooling_mode_max_tokens\": true}");
    assertThatThrownBy(() -> SentenceEncoder.load(folder))
        .hasMessage(
            file
                + ": one of pooling_mode_cls_token and pooling_mode_mean_tokens must be true, got"
                + " false and false");
  }

  @Test
  void aVectorDoesNotDependOnItsNeighbours() {
    SentenceEncoder encoder = SentenceEncoder.load(folder("old.onnx"), Pooling.MEAN);
    Random random = new Random(3);
    List<int[]> texts = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      texts.add(random.ints(random.nextInt(15), 0, 40).toArray());
    }
    List<Integer> order = new ArrayList<>(IntStream.range(0, 300).boxed().toList());
    float[][] together = encoder.encode(texts);
    Collections.shuffle(order, random);
    float[][] shuffled = encoder.encode(order.stream().map(texts::get).toList());
    for (int i = 0; i < 300; i++) {
      assertThat(shuffled[i]).containsExactly(together[order.get(i)]);
    }
    for (int i = 0; i < 20; i++) {
      assertThat(encoder.encode(List.of(texts.get(i)))[0]).containsExactly(together[i]);
    }
    float[][][] parallel = new float[4][][];
    IntStream.range(0, 4).parallel().forEach(i -> parallel[i] = encoder.encode(texts));
    for (float[][] vectors : parallel) {
      assertThat(Arrays.deepEquals(vectors, together)).isTrue();
    }
    assertThat(encoder.encode(List.of())).isEmpty();
    assertThat(encoder.encode(List.of(new int[0]))[0]).containsOnly(0);
  }

  @Test
  void refusesTokensThatAreNone() {
    SentenceEncoder encoder = SentenceEncoder.load(folder("old.onnx"), Pooling.MEAN);
    assertThatThrownBy(() -> encoder.encode(List.of(new int[] {1}, new int[15])))
        .hasMessage("text 2: must have at most 14 tokens, has 15");
    assertThatThrownBy(() -> encoder.encode(List.of(new int[] {39, 40})))
        .hasMessage("text 1: the index of a token must be from 0 to 39, got 40");
  }

  @Test
  void aHandleTravels() throws IOException, ClassNotFoundException {
    SentenceEncoder encoder = SentenceEncoder.load(folder("old.onnx"), Pooling.FIRST);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(encoder);
    }
    assertThat(bytes.size()).isLessThan(1000);
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      SentenceEncoder read = (SentenceEncoder) in.readObject();
      assertThat(read.digest()).isEqualTo(encoder.digest()).hasSize(64);
      assertReference(Pooling.FIRST, read.encode(tokens()));
    }
  }

  @Test
  void aProcessThatFindsOtherWeightsSaysSo() throws IOException, ClassNotFoundException {
    Path folder = Files.move(folder("old.onnx"), dir.resolve("one"));
    Path elsewhere = Files.move(folder("new.onnx"), dir.resolve("two"));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(SentenceEncoder.load(folder, Pooling.FIRST));
    }
    // As if another file stood where the handle looks for it.
    String text =
        bytes
            .toString(StandardCharsets.ISO_8859_1)
            .replace(folder.toString(), elsewhere.toString());
    try (ObjectInputStream in =
        new ObjectInputStream(
            new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)))) {
      SentenceEncoder read = (SentenceEncoder) in.readObject();
      assertThatThrownBy(() -> read.encode(tokens()))
          .hasMessageStartingWith(
              elsewhere.resolve("model.onnx") + ": must be the file of SHA-256 ");
    }
  }

  /** The file of Deeplearning4j itself, which needs this library on the class path and no more. */
  @ParameterizedTest
  @CsvSource({"MEAN", "FIRST"})
  void deeplearning4jReadsWhatItWrites(Pooling pooling) throws IOException {
    ComputationGraph network = BertEncoder.read(folder("old.onnx")).network(pooling);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ModelSerializer.writeModel(network, bytes, false);
    ComputationGraph read =
        ModelSerializer.restoreComputationGraph(new ByteArrayInputStream(bytes.toByteArray()));
    float[][] vectors =
        tokens().stream().map(text -> unit(output(read, text))).toArray(float[][]::new);
    assertReference(pooling, vectors);
    // No layer of it is left to Deeplearning4j.
    CompiledNetwork compiled =
        CompiledNetwork.predicting(
                network.getConfiguration(),
                MatrixProducts.ofThisProcess(),
                new SharedParameters(network.params()))
            .orElseThrow();
    compiled.outputs(new float[][] {new float[8]}, new float[][] {{1, 1, 1, 0, 0, 0, 0, 0}}, 1);
    assertThat(compiled.fallbacks()).isEmpty();
  }

  private static float[] output(ComputationGraph network, int[] text) {
    return FloatArrays.copy(network.output(indices(text))[0]);
  }

  /** [1, 1, steps]. */
  private static INDArray indices(int[] text) {
    float[] indices = new float[text.length];
    for (int i = 0; i < text.length; i++) {
      indices[i] = text[i];
    }
    return FloatArrays.create(indices, 1, 1, text.length);
  }

  private static float[] unit(float[] numbers) {
    double squares = 0;
    for (float number : numbers) {
      squares += number * number;
    }
    float[] unit = new float[numbers.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = (float) (numbers[i] / Math.sqrt(squares));
    }
    return unit;
  }
}
