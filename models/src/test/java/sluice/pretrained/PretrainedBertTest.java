package sluice.pretrained;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import sluice.adaptation.AdaptSettings;
import sluice.adaptation.AdaptSettings.Lora;
import sluice.adaptation.AdaptSettings.Matrices;
import sluice.adaptation.AdaptSettings.Rates;
import sluice.adaptation.AdaptedNetwork;
import sluice.adaptation.FineTuning;
import sluice.adaptation.PretrainedNetwork;
import sluice.adaptation.Transfer;
import sluice.data.FieldType;
import sluice.data.Json;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.network.FloatArrays;
import sluice.network.GradientClipping;
import sluice.network.Network;
import sluice.network.Optimisation;
import sluice.network.Target;
import sluice.network.UpdaterSpec;
import sluice.network.compiled.CompiledNetwork;
import sluice.network.compiled.MatrixProducts;
import sluice.network.layers.SeriesPooling;
import sluice.network.layers.TransformerBlock;
import sluice.network.spec.AutoNetwork;
import sluice.network.spec.BagEncoder;
import sluice.network.spec.Concatenation;
import sluice.network.spec.Encoder;
import sluice.network.spec.EncoderNetwork;
import sluice.network.spec.Loss;
import sluice.network.spec.MultilayerPerceptron.HiddenActivation;
import sluice.network.spec.NetworkDefinition;
import sluice.network.spec.NetworkSpec;
import sluice.network.spec.PretrainedEncoder;
import sluice.network.spec.SequenceTransformerEncoder;
import sluice.normalise.FittedColumn;
import sluice.normalise.FittedGroup;
import sluice.normalise.Kind;
import sluice.normalise.TokenizerFile;

/** Networks that begin with the weights of a small encoder. */
class PretrainedBertTest {
  private static final JsonNode REFERENCE =
      Json.tree(new String(Onnx.bytes("vectors.json"), StandardCharsets.UTF_8), "vectors.json");

  private static final Target TARGET = Target.binary(1);

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  private Path dir;

  private Path folder() throws IOException {
    return Onnx.withTokens(Onnx.folder(dir, Onnx.bytes("old.onnx")), 40);
  }

  private static FittedGroup group(Path folder) {
    return new FittedGroup(
        "text",
        List.of(
            new FittedColumn(
                "text",
                FieldType.STRING,
                Kind.TEXT,
                List.of(
                    new TokenizerFile(folder + "/tokenizer.json", 9).read(new Configuration())))));
  }

  private static TensorSpec tensor(Path folder, int tokens) {
    return TensorSpec.of(
        "text",
        Element.INDEX,
        List.of(-1),
        List.of(),
        List.of(tokens),
        List.of(new BertFolder(folder).tokeniser(tokens).tokens()));
  }

  private static NetworkSpec network(Encoder encoder) {
    return new EncoderNetwork(
        Map.of("text", encoder), Concatenation.plain(), Map.of(), Loss.AUTO, 0.0);
  }

  private static NetworkDefinition definition(
      NetworkSpec spec, List<TensorSpec> groups, PretrainedBert from) {
    return new NetworkDefinition(spec.taking(groups, from), groups, TARGET);
  }

  private static INDArray indices(JsonNode text) {
    float[] indices = new float[text.size()];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = text.get(i).asInt();
    }
    return FloatArrays.create(indices, 1, 1, indices.length);
  }

  private static float[] pooled(ComputationGraph network, INDArray in) {
    return FloatArrays.copy(
        requireNonNull(network.feedForward(in, false).get("encoder/text/pooled")));
  }

  private static FineTuning tuning(
      PretrainedBert from,
      NetworkDefinition definition,
      FittedGroup group,
      AdaptSettings settings) {
    PretrainedNetwork former = from.network(definition, List.of(group));
    return new FineTuning(
        Transfer.of(former, definition, List.of(group), List.of("text"), "there"),
        definition,
        settings);
  }

  /** A network over shorter texts begins as the encoder and learns on, its kernels as DL4J. */
  @Test
  void aNetworkBeginsWithTheWeights() throws IOException {
    Path folder = folder();
    PretrainedBert bert = PretrainedBert.read(folder);
    FittedGroup group = group(folder);
    NetworkDefinition definition =
        definition(
            network(new PretrainedEncoder(SeriesPooling.Kind.MEAN, 0.0)),
            List.of(tensor(folder, 40)),
            bert);
    Optimisation adam =
        Optimisation.constant(
            new UpdaterSpec.Adam(0.01, 0.9, 0.999, 1e-4), GradientClipping.none());
    AdaptSettings settings =
        new AdaptSettings("there", List.of("text"), List.of(), Rates.same(), null, null);
    FineTuning tuning = tuning(bert, definition, group, settings);
    Network network = tuning.begin(definition.initial(adam, 1), adam).network(0);
    assertThat(tuning.begin(definition.initial(adam, 1), adam).network(0).parameters())
        .containsExactly(network.parameters());
    ComputationGraph graph = (ComputationGraph) network.model();
    JsonNode text = REFERENCE.get("tokens").get(3);
    INDArray in = indices(text);
    float[] pooled = pooled(graph, in);
    double squares = 0;
    for (float number : pooled) {
      squares += number * number;
    }
    for (int i = 0; i < pooled.length; i++) {
      assertThat(pooled[i] / Math.sqrt(squares))
          .isCloseTo(REFERENCE.get("mean").get(3).get(i).asDouble(), within(2e-6));
    }
    CompiledNetwork compiled =
        CompiledNetwork.training(graph.getConfiguration(), MatrixProducts.ofThisProcess())
            .orElseThrow();
    compiled.setParameters(network.parameters());
    compiled.setUpdaterState(network.updaterState());
    MultiDataSet batch =
        new MultiDataSet(
            new INDArray[] {in}, new INDArray[] {FloatArrays.create(new float[] {1}, 1, 1)});
    double first = 0;
    double last = 0;
    for (int step = 0; step < 5; step++) {
      network.setCounters(step, 0);
      compiled.setCounters(step, 0);
      last = network.fit(batch);
      first = step == 0 ? last : first;
      assertThat(compiled.fit(batch)).isCloseTo(last, within(1e-4));
    }
    assertThat(last).isLessThan(0.5 * first);
    assertThat(compiled.fallbacks()).isEmpty();
  }

  @Test
  void adaptersAreOfTheWeightsAndWhatIsSaidOfThemIsTheirs() throws IOException {
    Path folder = folder();
    PretrainedBert bert = PretrainedBert.read(folder);
    FittedGroup group = group(folder);
    NetworkDefinition definition =
        definition(network(PretrainedEncoder.usual()), List.of(tensor(folder, 40)), bert);
    AdaptSettings settings =
        new AdaptSettings(
            "there",
            List.of("text"),
            List.of(),
            Rates.same(),
            null,
            new Lora(2, 4, List.of(Matrices.QUERY, Matrices.VALUE)));
    FineTuning tuning = tuning(bert, definition, group, settings);
    assertThat(tuning.adapted()).containsExactly("encoder/text/block1", "encoder/text/block2");
    assertThat(tuning.frozen())
        .containsExactly(
            "encoder/text/tokens",
            "encoder/text/tokens-normalised",
            "encoder/text/block1",
            "encoder/text/block2");
    PretrainedNetwork former = bert.network(definition, List.of(group));
    assertThat(tuning.from(former, List.of("text")).sha256()).isEqualTo(bert.sha256());
    assertThat(tuning.from(former, List.of("text")).general()).isTrue();
    assertThat(former.title()).isEqualTo("the weights at " + folder);
    Optimisation sgd = Optimisation.constant(new UpdaterSpec.Sgd(0.1), GradientClipping.none());
    AdaptedNetwork adapted = tuning.begin(definition.initial(sgd, 1), sgd);
    float[] merged = adapted.merged(adapted.network(0).parameters());
    Network result = definition.with(merged);
    INDArray in = indices(REFERENCE.get("tokens").get(3));
    float[] theirs = pooled((ComputationGraph) former.network().model(), in);
    assertThat(pooled((ComputationGraph) result.model(), in)).containsExactly(theirs);
  }

  /** Dropout and pooling as the folder and BERT have them, and beside columns. */
  @Test
  void autoTakesTheEncoderOfItsTokens() throws IOException {
    Path folder = folder();
    String before = PretrainedBert.digest(folder);
    Files.createDirectories(folder.resolve("1_Pooling"));
    Files.writeString(folder.resolve(BertConfig.POOLING), "{\"pooling_mode_cls_token\": true}");
    PretrainedBert bert = PretrainedBert.read(folder);
    assertThat(bert.sha256()).isEqualTo(PretrainedBert.digest(folder)).isNotEqualTo(before);
    List<TensorSpec> groups = List.of(tensor(folder, 40), TensorSpec.numbers("x", List.of("x")));
    EncoderNetwork settled = (EncoderNetwork) definition(new AutoNetwork(), groups, bert).spec();
    assertThat(settled.inputs()).containsOnlyKeys("text");
    SequenceTransformerEncoder encoder =
        (SequenceTransformerEncoder) requireNonNull(settled.inputs().get("text"));
    assertThat(encoder.pooling()).isEqualTo(SeriesPooling.Kind.FIRST);
    assertThat(encoder.dropout()).isEqualTo(0.1);
    assertThat(encoder.attentionDropout()).isEqualTo(0.1);
    assertThat(encoder.maxLength()).isEqualTo(14);
    assertThat(
            definition(network(new PretrainedEncoder(SeriesPooling.Kind.MAX, 0.3)), groups, bert)
                .spec())
        .extracting(spec -> ((EncoderNetwork) spec).inputs().get("text"))
        .isEqualTo(bert.encoder(groups.get(0), new PretrainedEncoder(SeriesPooling.Kind.MAX, 0.3)));
  }

  @Test
  void whatItCannotBeginIsRefused() throws IOException {
    Path folder = folder();
    PretrainedBert bert = PretrainedBert.read(folder);
    TensorSpec other = tensor(Onnx.withTokens(Onnx.folder(dir, Onnx.bytes("old.onnx")), 39), 39);
    String tokens =
        "the steps of feature group text must end in { type = tokenizer, path = \"%s/tokenizer.json\" }, whose tokens these weights are for, got a series of 39 others"
            .formatted(folder);
    assertThatThrownBy(() -> network(PretrainedEncoder.usual()).taking(List.of(other), bert))
        .hasMessage("model.inputs.text: " + tokens);
    NetworkDefinition bag =
        definition(
            network(new BagEncoder(4, List.of(), HiddenActivation.RELU, 9, 0)),
            List.of(other),
            bert);
    assertThatThrownBy(() -> bert.network(bag, List.of())).hasMessage(tokens);
    NetworkDefinition unasked =
        definition(
            network(new BagEncoder(4, List.of(), HiddenActivation.RELU, 9, 0)),
            List.of(tensor(folder, 40)),
            bert);
    assertThatThrownBy(() -> bert.network(unasked, List.of()))
        .hasMessage("model.inputs.text must be pretrained");
    SequenceTransformerEncoder own =
        new SequenceTransformerEncoder(
            24,
            4,
            1,
            5,
            SequenceTransformerEncoder.Positions.LEARNT,
            TransformerBlock.Norm.PRE,
            SeriesPooling.Kind.MEAN,
            20,
            0.1,
            0.1);
    NetworkDefinition other24 = definition(network(own), List.of(tensor(folder, 40)), bert);
    assertThatThrownBy(() -> bert.network(other24, List.of()))
        .hasMessage(
            """
            model.inputs.text.dimension must be 12 for these weights, got 24
            model.inputs.text.heads must be 3 for these weights, got 4
            model.inputs.text.layers must be 2 for these weights, got 1
            model.inputs.text.hidden must be 20 for these weights, got 5
            model.inputs.text.norm must be post for these weights, got pre
            model.inputs.text.normalise-tokens must be true for these weights, got false
            model.inputs.text.segments must be 2 for these weights, got 0
            model.inputs.text.gelu must be erf for these weights, got tanh
            model.inputs.text.epsilon must be 1.0e-12 for these weights, got 1.0e-5
            model.inputs.text.max-length must be at most 14 for these weights, got 20""");
    assertThat(
            new EncoderNetwork(
                    Map.of("columns", PretrainedEncoder.usual()),
                    Concatenation.plain(),
                    Map.of(),
                    Loss.AUTO,
                    0.0)
                .problems(List.of("x"), List.of("y")))
        .containsExactly(
            "model.inputs.columns must not be pretrained, which is of one feature group");
    assertThatThrownBy(() -> PretrainedBert.read(Onnx.withTokens(folder, 41)))
        .hasMessage(
            folder + "/tokenizer.json must have the 40 tokens of the network beside it, got 41");
    assertThatThrownBy(() -> new PretrainedEncoder(SeriesPooling.Kind.ATTENTION, 1.0))
        .hasMessage(
            """
            pooling must be mean, max, first or last, got attention, which would learn anew
            dropout must be at least 0 and below 1, got 1.0""");
  }
}
