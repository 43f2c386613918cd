package sluice.network.compiled;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import sluice.data.Json;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.network.FloatArrays;
import sluice.network.Natives;
import sluice.network.Network;
import sluice.network.Replica;
import sluice.network.Target;
import sluice.network.UpdaterSpec;
import sluice.network.layers.CategoryEmbedding;
import sluice.network.layers.ColumnTokens;
import sluice.network.layers.ErfGelu;
import sluice.network.layers.LayerNorm;
import sluice.network.layers.NumberEmbedding;
import sluice.network.layers.SelfAttention;
import sluice.network.layers.SeriesPooling;
import sluice.network.layers.TanhGelu;
import sluice.network.layers.TransformerBlock;
import sluice.network.layers.WeightedBag;
import sluice.network.losses.HuberLoss;
import sluice.network.losses.LabelSmoothing;
import sluice.network.losses.QuantileLoss;
import sluice.network.spec.Loss;
import sluice.network.spec.MultilayerPerceptron;
import sluice.network.spec.MultilayerPerceptron.HiddenActivation;
import sluice.network.spec.MultilayerPerceptron.InitialWeights;
import sluice.network.spec.NetworkDefinition;

/**
 * Layers, losses and updaters come to what they come to in PyTorch, by {@code
 * scripts/reference/kernels.py}: compiled and as Deeplearning4j computes them.
 */
class TorchReferenceTest {
  private static final JsonNode REFERENCE = reference();
  private static final Map<String, Layers> LAYERS = layers();
  private static final Map<String, OutputLayer.Builder> LOSSES = losses();

  /** The layers before the output, and what they read. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Layers(InputType type, Layer... layers) {}

  private static JsonNode reference() {
    try (InputStream stream =
        requireNonNull(
            TorchReferenceTest.class.getResourceAsStream("/sluice/network/torch.json"))) {
      return Json.tree(new String(stream.readAllBytes(), StandardCharsets.UTF_8), "torch.json");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static DenseLayer dense(int units, IActivation activation) {
    return new DenseLayer.Builder().nOut(units).activation(activation).build();
  }

  private static DenseLayer dense(int units, Activation activation) {
    return dense(units, activation.getActivationFunction());
  }

  private static Map<String, Layers> layers() {
    Natives.load();
    Map<String, Layers> layers = new LinkedHashMap<>();
    Map<String, IActivation> activations = new LinkedHashMap<>();
    for (Activation activation :
        List.of(
            Activation.IDENTITY,
            Activation.RELU,
            Activation.TANH,
            Activation.SIGMOID,
            Activation.SOFTMAX,
            Activation.SELU,
            Activation.MISH)) {
      activations.put(
          activation.name().toLowerCase(Locale.ROOT), activation.getActivationFunction());
    }
    activations.put("silu", Activation.SWISH.getActivationFunction());
    activations.put("gelu-sigmoid", new ActivationGELU());
    activations.put("gelu-tanh", new TanhGelu());
    activations.put("gelu-erf", new ErfGelu());
    InputType row = InputType.feedForward(7);
    activations.forEach(
        (name, activation) ->
            layers.put(
                "dense " + name, new Layers(row, dense(5, activation), dense(4, activation))));
    InputType picture = InputType.convolutional(7, 6, 2);
    Layer first =
        new ConvolutionLayer.Builder(3, 2)
            .stride(2, 1)
            .padding(1, 0)
            .nOut(3)
            .activation(Activation.TANH)
            .build();
    Layer second = new ConvolutionLayer.Builder(2, 2).nOut(2).activation(Activation.TANH).build();
    layers.put("convolution", new Layers(picture, first, second));
    layers.put("max pooling", new Layers(picture, first, second, pooling(PoolingType.MAX)));
    layers.put("average pooling", new Layers(picture, first, second, pooling(PoolingType.AVG)));
    GlobalPoolingLayer mean = new GlobalPoolingLayer(PoolingType.AVG);
    layers.put("global pooling", new Layers(picture, first, second, mean));
    Layer batchNorm = new BatchNormalization.Builder().build();
    layers.put("batch norm", new Layers(row, dense(5, Activation.IDENTITY), batchNorm));
    layers.put(
        "batch norm of pictures",
        new Layers(
            picture,
            new ConvolutionLayer.Builder(3, 3).nOut(3).activation(Activation.IDENTITY).build(),
            batchNorm,
            pooling(PoolingType.MAX)));
    layers.put(
        "layer norm",
        new Layers(row, dense(5, Activation.IDENTITY), new LayerNorm.Builder().build()));
    InputType series = InputType.recurrent(5, 3);
    Layer last = new SeriesPooling.Builder(SeriesPooling.Kind.LAST).build();
    layers.put(
        "self-attention",
        new Layers(
            series,
            new SelfAttention.Builder(3).nOut(6).build(),
            new SelfAttention.Builder(2).nOut(4).build(),
            last));
    layers.put(
        "causal attention",
        new Layers(
            series,
            new SelfAttention.Builder(3).causal().nOut(6).build(),
            new SelfAttention.Builder(2).causal().nOut(4).build(),
            last));
    layers.put(
        "category embedding",
        new Layers(
            InputType.feedForward(2),
            new CategoryEmbedding.Builder().column("a", 4, 2).column("b", 3, 3).build()));
    layers.put(
        "weighted bag",
        new Layers(InputType.recurrent(2, 6), new WeightedBag.Builder(4).nOut(3).build()));
    layers.put(
        "periodic numbers",
        new Layers(
            InputType.feedForward(2),
            NumberEmbedding.Builder.periodic(2, 3, 1).column("a").column("b").build()));
    layers.put(
        "piecewise numbers",
        new Layers(
            InputType.feedForward(2),
            NumberEmbedding.Builder.piecewiseLinear(3)
                .column("a", -1, -0.25, 0.5, 1.5)
                .column("b", -0.5, 0.75)
                .build()));
    Layer tokens = new ColumnTokens.Builder(4).number("a").number("b").category("c", 4).build();
    InputType mixed = InputType.feedForward(3);
    layers.put(
        "transformer", new Layers(mixed, tokens, new TransformerBlock.Builder(2, 5).build(), last));
    layers.put(
        "causal transformer that normalises sums",
        new Layers(
            mixed,
            tokens,
            new TransformerBlock.Builder(2, 5).causal().norm(TransformerBlock.Norm.POST).build(),
            last));
    return layers;
  }

  private static SubsamplingLayer pooling(PoolingType type) {
    return new SubsamplingLayer.Builder(type).kernelSize(2, 2).stride(1, 1).build();
  }

  private static OutputLayer.Builder output(ILossFunction loss, Activation activation) {
    return new OutputLayer.Builder(loss).activation(activation);
  }

  private static Map<String, OutputLayer.Builder> losses() {
    return Map.of(
        "cross-entropy", output(new LossMCXENT(), Activation.SOFTMAX),
        "smoothed cross-entropy",
            output(new LabelSmoothing(new LossMCXENT(), 0.2), Activation.SOFTMAX),
        "binary cross-entropy", output(new LossBinaryXENT(), Activation.SIGMOID),
        "smoothed binary cross-entropy",
            output(new LabelSmoothing(new LossBinaryXENT(), 0.2), Activation.SIGMOID),
        "squared", output(new LossMSE(), Activation.IDENTITY),
        "absolute", output(new LossMAE(), Activation.IDENTITY),
        "huber", output(new HuberLoss(0.7), Activation.IDENTITY),
        "quantile", output(new QuantileLoss(0.9), Activation.IDENTITY));
  }

  static Stream<String> ofLayers() {
    return names("layers");
  }

  static Stream<String> ofLosses() {
    return names("losses");
  }

  static Stream<String> ofUpdaters() {
    return names("updaters");
  }

  private static Stream<String> names(String kind) {
    return REFERENCE.get(kind).properties().stream().map(Map.Entry::getKey);
  }

  private static List<JsonNode> cases(String kind, String name) {
    List<JsonNode> cases =
        StreamSupport.stream(REFERENCE.get(kind).get(name).spliterator(), false).toList();
    assertThat(cases).hasSize(3);
    return cases;
  }

  private static float[] numbers(JsonNode list) {
    float[] numbers = new float[list.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) list.get(i).asDouble();
    }
    return numbers;
  }

  private static MultiLayerConfiguration configuration(
      Layers of, OutputLayer.Builder output, IUpdater updater) {
    NeuralNetConfiguration.ListBuilder list =
        new NeuralNetConfiguration.Builder().seed(5).updater(updater).list();
    for (Layer layer : of.layers()) {
      list.layer(layer.clone());
    }
    return list.layer(output.nOut(3).build()).setInputType(of.type()).build();
  }

  @Test
  void everyCaseIsCompared() {
    assertThat(ofLayers()).containsExactlyInAnyOrderElementsOf(LAYERS.keySet());
    assertThat(ofLosses()).containsExactlyInAnyOrderElementsOf(LOSSES.keySet());
    // Deeplearning4j's RMSProp has its epsilon within the root, and so is another.
    List<String> updaters = new ArrayList<>(UpdaterSpec.TYPES.names());
    updaters.remove("rms-prop");
    assertThat(ofUpdaters()).containsExactlyInAnyOrderElementsOf(updaters);
  }

  @ParameterizedTest
  @MethodSource("ofLayers")
  void layersComeToTheSame(String name) {
    Layers layers = requireNonNull(LAYERS.get(name));
    for (JsonNode of : cases("layers", name)) {
      same(of, configuration(layers, output(new LossMCXENT(), Activation.SOFTMAX), new Sgd(1)));
    }
  }

  @ParameterizedTest
  @MethodSource("ofLosses")
  void lossesComeToTheSame(String name) {
    Layers layers = new Layers(InputType.feedForward(7), dense(4, Activation.TANH));
    for (JsonNode of : cases("losses", name)) {
      same(of, configuration(layers, requireNonNull(LOSSES.get(name)), new Sgd(1)));
    }
  }

  /** What plain gradient descent by 1 subtracts is the gradient. */
  private static void same(JsonNode of, MultiLayerConfiguration configuration) {
    long[] shape = new long[of.get("shape").size()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = of.get("shape").get(i).asLong();
    }
    MultiDataSet batch =
        new MultiDataSet(
            FloatArrays.create(numbers(of.get("inputs")), shape),
            FloatArrays.create(numbers(of.get("labels")), shape[0], 3));
    float[] parameters = numbers(of.get("parameters"));
    float[] gradients = numbers(of.get("gradients"));
    double mean = 0;
    for (float loss : numbers(of.get("losses"))) {
      mean += loss / shape[0];
    }
    Network own = Network.of(configuration);
    for (Replica way : List.of(own, own.replica())) {
      way.setParameters(parameters);
      way.setCounters(0, 0);
      assertThat(way.fit(batch)).as("loss").isCloseTo(mean, within(1e-5));
      float[] after = way.parameters();
      for (int i = 0; i < gradients.length; i++) {
        assertThat(parameters[i] - after[i])
            .as("gradient %s by %s", i, way.getClass().getSimpleName())
            .isCloseTo(gradients[i], within(1e-5f + 1e-4f * Math.abs(gradients[i])));
      }
    }
    if (configuration.getConfs().stream()
        .noneMatch(layer -> layer.getLayer() instanceof BatchNormalization)) {
      own.setParameters(parameters);
      Replica compiled = own.replica();
      compiled.setParameters(parameters);
      for (Replica way : List.of(own, compiled)) {
        assertThat(way.judge(batch).outputs()[0])
            .containsExactly(numbers(of.get("outputs")), within(1e-5f));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("ofUpdaters")
  void fiveStepsComeToTheSame(String name) {
    UpdaterSpec updater =
        switch (name) {
          case "sgd" -> new UpdaterSpec.Sgd(0.1);
          case "nesterov" -> new UpdaterSpec.Nesterov(0.1, 0.9);
          case "adam" -> new UpdaterSpec.Adam(0.01, 0.9, 0.95, 1e-8);
          default -> new UpdaterSpec.AdamW(0.01, 0.9, 0.95, 1e-8, 0.3);
        };
    NetworkDefinition definition =
        new NetworkDefinition(
            new MultilayerPerceptron(
                List.of(4), HiddenActivation.TANH, 0, 0, InitialWeights.HE, Loss.AUTO),
            List.of(
                TensorSpec.of("x", Element.FLOAT32, List.of(7), List.of(), List.of(), List.of())),
            Target.classes(3));
    for (JsonNode of : cases("updaters", name)) {
      MultiDataSet batch =
          new MultiDataSet(
              FloatArrays.create(numbers(of.get("inputs")), 5, 7),
              FloatArrays.create(numbers(of.get("labels")), 5, 3));
      Network own = definition.initial(updater, 1);
      for (Replica way : List.of(own, own.replica())) {
        way.setParameters(numbers(of.get("parameters")));
        for (int step = 0; step < 5; step++) {
          way.setCounters(step, 0);
          way.fit(batch);
        }
        assertThat(way.parameters()).containsExactly(numbers(of.get("after")), within(1e-5f));
      }
    }
  }
}
