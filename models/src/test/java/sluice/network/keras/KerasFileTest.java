package sluice.network.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.data.InvalidInput;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.network.Network;
import sluice.network.Target;
import sluice.network.UpdaterSpec;
import sluice.network.dl4j.Dl4jConfiguration;
import sluice.network.spec.Dl4jNetwork;
import sluice.network.spec.NetworkDefinition;
import sluice.testing.Gadget;

/** Files as Keras writes them, made by {@code scripts/reference/keras_models.py}, and damaged. */
class KerasFileTest {
  private static byte[] file(String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(KerasFileTest.class.getResourceAsStream(name))) {
      return in.readAllBytes();
    }
  }

  private static Network network(Dl4jConfiguration read, Target target, TensorSpec group) {
    return new NetworkDefinition(new Dl4jNetwork(read), List.of(group), target)
        .initial(new UpdaterSpec.Sgd(1), 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"columns-2.15.0.h5", "columns-3.15.1.h5"})
  void aSequenceOfLayersHasKerasShapesAndPenalties(String name) throws IOException {
    Dl4jConfiguration read = KerasFile.read(file(name), name);
    TensorSpec group =
        TensorSpec.of(
            "g", Element.FLOAT32, List.of(4), List.of("a", "b", "c", "d"), List.of(), List.of());
    assertThat(network(read, Target.classes(3), group).architecture())
        .containsExactly(
            "DenseLayer relu W[4, 6] b[6]",
            "BatchNormalization sigmoid gamma[6] beta[6] mean[6] log10stdev[6]",
            "DropoutLayer sigmoid",
            "OutputLayer softmax W[6, 3] b[3]");
    assertThat(read.text())
        .contains(
            "L2Regularization\",\"l2\":{\"@class\":\"org.nd4j.linalg.schedule.FixedSchedule\",\"value\":0.25}")
        .contains("\"p\":0.8");
  }

  /** Keras counts 3 * 9 * 4 + 4, 4 * 15 * 4, 16, 4 * 3 * 8 * 5 + 5 and 5 + 1. */
  @ParameterizedTest
  @ValueSource(strings = {"picture-2.15.0.h5", "picture-3.15.1.h5", "picture-3.15.1.keras"})
  void aGraphOverAPictureHasKerasShapes(String name) throws IOException {
    Dl4jConfiguration read = KerasFile.read(file(name), name);
    TensorSpec picture =
        TensorSpec.of("p", Element.FLOAT32, List.of(3, 8, 6), List.of(), List.of(), List.of());
    Network network = network(read, Target.binary(1), picture);
    assertThat(network.parameters()).hasSize(112 + 240 + 16 + 485 + 6);
    assertThat(network.architecture())
        .contains(
            "ConvolutionLayer relu b[4] W[4, 3, 3, 3]",
            "ConvolutionLayer identity W[4, 4, 3, 5]",
            "OutputLayer sigmoid W[5, 1] b[1]");
  }

  /** Keras counts 20 * 8, 4 * (8 + 6 + 1) * 6 and 6 + 1. */
  @Test
  void layersOverWordsHaveKerasShapes() throws IOException {
    Dl4jConfiguration read = KerasFile.read(file("words-3.15.1.h5"), "words");
    TensorSpec words =
        TensorSpec.of("w", Element.INDEX, List.of(-1), List.of(), List.of(20), List.of(List.of()));
    Network network = network(read, Target.binary(1), words);
    assertThat(network.parameters()).hasSize(160 + 360 + 7);
    assertThat(network.architecture())
        .contains("EmbeddingSequenceLayer identity W[20, 8]", "OutputLayer sigmoid W[6, 1] b[1]");
  }

  /** Keras counts 3 * 3 * 5 + 5, 2 * 4 * (5 + 4 + 1) * 4 and 8 * 3 + 3. */
  @Test
  void aGraphOverASeriesHasKerasShapes() throws IOException {
    Dl4jConfiguration read = KerasFile.read(file("series-3.15.1.h5"), "series");
    TensorSpec frames =
        TensorSpec.of(
            "f", Element.FLOAT32, List.of(-1, 3), List.of("a", "b", "c"), List.of(), List.of());
    Network network = network(read, Target.classes(3), frames);
    assertThat(network.parameters()).hasSize(50 + 320 + 27);
    assertThat(network.architecture()).contains("OutputLayer softmax W[8, 3] b[3]");
  }

  @Test
  void whatKerasCannotGiveIsNamed() throws IOException {
    String lambda =
        "{\"class_name\":\"Sequential\",\"config\":{\"name\":\"s\",\"layers\":[{\"class_name\":\"Lambda\",\"config\":{\"name\":\"l\",\"function\":[\"4wEAAAAAAAAA\",null,null],\"batch_input_shape\":[null,4]}}]}}";
    assertThatThrownBy(() -> read(lambda))
        .isInstanceOf(InvalidInput.class)
        .hasMessageStartingWith("m: Deeplearning4j cannot convert the Keras model: ");
    String backwards =
        "{\"class_name\":\"Sequential\",\"config\":{\"name\":\"s\",\"layers\":[{\"class_name\":\"LSTM\",\"config\":{\"name\":\"l\",\"units\":3,\"go_backwards\":true,\"batch_input_shape\":[null,null,4]}}]}}";
    assertThatThrownBy(() -> read(backwards))
        .hasMessage("m: layer l: must have no go_backwards, got true");
    assertThatThrownBy(() -> read("{\"class_name\":\"Other\",\"config\":{\"layers\":[]}}"))
        .hasMessage("m: must be a Sequential or Functional model of Keras with layers, got Other");
    assertThatThrownBy(() -> read("[]"))
        .hasMessage(
            "m: must be a Sequential or Functional model of Keras with layers, got no class_name");
    assertThatThrownBy(() -> read("[".repeat(100_000))).hasMessageStartingWith("m: not readable: ");
    assertThatThrownBy(() -> KerasFile.read(Gadget.serialised(), "m"))
        .hasMessage("m: must be text in UTF-8, got other bytes");
    assertThat(Gadget.runs()).isZero();
  }

  private static Dl4jConfiguration read(String json) throws IOException {
    return KerasFile.read(json.getBytes(StandardCharsets.UTF_8), "m");
  }

  @Test
  void aZipThatInflatesWithoutEndIsRefused() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("config.json"));
      byte[] blanks = new byte[1 << 20];
      for (int i = 0; i < 9; i++) {
        zip.write(blanks);
      }
    }
    assertThatThrownBy(() -> KerasFile.read(bytes.toByteArray(), "m"))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("m/config.json: must have at most 8,388,608 bytes");
    ByteArrayOutputStream other = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(other)) {
      zip.putNextEntry(new ZipEntry("x"));
    }
    assertThatThrownBy(() -> KerasFile.read(other.toByteArray(), "m"))
        .hasMessage("m: must hold config.json, as model.save() writes it");
  }

  /** A file cut at any length, and one with bytes changed, is read or refused. */
  @Test
  void aDamagedFileIsReadOrRefused() throws IOException {
    byte[] whole = file("columns-3.15.1.h5");
    for (int length = 1; length < whole.length; length += 97) {
      assertReadOrRefused(Arrays.copyOf(whole, length));
    }
    Random random = new Random(7);
    for (int i = 0; i < 400; i++) {
      byte[] changed = whole.clone();
      for (int n = 0; n < 8; n++) {
        changed[8 + random.nextInt(1_400)] = (byte) random.nextInt(256);
      }
      assertReadOrRefused(changed);
    }
    byte[] latest = whole.clone();
    latest[8] = 3;
    assertThatThrownBy(() -> KerasFile.read(latest, "m"))
        .hasMessage(
            "m: the HDF5 file must have a superblock of version 0 or 1, got 3; h5py writes such files by default");
  }

  private static void assertReadOrRefused(byte[] content) throws IOException {
    try {
      KerasFile.read(content, "m");
    } catch (InvalidInput refused) {
      assertThat(refused.problems()).allMatch(problem -> problem.startsWith("m: "));
    }
  }

  @Test
  void weightsAloneAreNoModel() throws IOException {
    byte[] whole = file("columns-3.15.1.h5");
    String text = new String(whole, StandardCharsets.ISO_8859_1);
    byte[] renamed =
        text.replace("model_config", "model_confiX").getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> KerasFile.read(renamed, "m"))
        .hasMessage(
            "m: must hold a whole model (model_config), as model.save() writes it, holds none");
  }
}
