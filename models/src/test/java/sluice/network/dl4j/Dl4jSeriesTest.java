package sluice.network.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static sluice.network.dl4j.UserNetworks.assertMisfit;
import static sluice.network.dl4j.UserNetworks.read;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.dropout.SpatialDropout;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPadding1DLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import sluice.data.Json;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.network.Example;
import sluice.network.Examples;
import sluice.network.FloatArrays;
import sluice.network.Network;
import sluice.network.Predictor;
import sluice.network.Replica;
import sluice.network.Target;
import sluice.network.UpdaterSpec;
import sluice.network.layers.Gru;
import sluice.network.layers.LayerNorm;
import sluice.network.layers.SelfAttention;
import sluice.network.layers.SeriesPooling;
import sluice.network.layers.SeriesTokens;
import sluice.network.layers.TransformerBlock;
import sluice.network.layers.WeightedBag;
import sluice.network.spec.Dl4jNetwork;
import sluice.network.spec.NetworkDefinition;

/** Users' networks over series, whose length each example has for itself. */
class Dl4jSeriesTest {
  private static final UpdaterSpec SGD = new UpdaterSpec.Sgd(0.5);
  private static final int INDICES = 9;
  private static final int CLASSES = 3;
  private static final TensorSpec WORDS =
      TensorSpec.of(
          "words", Element.INDEX, List.of(-1), List.of(), List.of(INDICES), List.of(List.of()));
  private static final TensorSpec FRAMES =
      TensorSpec.of(
          "frames", Element.FLOAT32, List.of(-1, 2), List.of("a", "b"), List.of(), List.of());
  private static final TensorSpec X =
      TensorSpec.of("x", Element.FLOAT32, List.of(2), List.of("x", "y"), List.of(), List.of());

  private static NetworkDefinition definition(String json, TensorSpec... groups) {
    return new NetworkDefinition(
        new Dl4jNetwork(read(json)), List.of(groups), Target.classes(CLASSES));
  }

  private static String layers(Layer... layers) {
    return UserNetworks.inOrder(CLASSES, layers).toJson();
  }

  private static EmbeddingSequenceLayer embedding() {
    return new EmbeddingSequenceLayer.Builder().nIn(INDICES).nOut(4).build();
  }

  private static LSTM lstm() {
    return new LSTM.Builder().nOut(4).activation(Activation.TANH).build();
  }

  private static SimpleRnn simple() {
    return new SimpleRnn.Builder().nOut(4).activation(Activation.TANH).build();
  }

  private static Gru gru() {
    return new Gru.Builder().nOut(4).build();
  }

  private static Convolution1DLayer convolution(int kernel, ConvolutionMode mode) {
    return new Convolution1DLayer.Builder(kernel)
        .nOut(5)
        .convolutionMode(mode)
        .activation(Activation.SIGMOID)
        .build();
  }

  private static Subsampling1DLayer halved(SubsamplingLayer.PoolingType type) {
    return new Subsampling1DLayer.Builder(type, 2, 2).build();
  }

  private static GlobalPoolingLayer most() {
    return new GlobalPoolingLayer(PoolingType.MAX);
  }

  private static GlobalPoolingLayer mean() {
    return new GlobalPoolingLayer(PoolingType.AVG);
  }

  private static Layer[] several(Layer... layers) {
    return layers;
  }

  static Stream<Arguments> networks() {
    return Stream.of(
        arguments("lstm", several(lstm(), mean())),
        arguments("last of lstm", several(new LastTimeStep(lstm()))),
        arguments("two", several(lstm(), lstm(), new GlobalPoolingLayer(PoolingType.PNORM))),
        arguments("simple", several(simple(), most())),
        arguments("last of simple", several(simple(), new LastTimeStep(simple()))),
        arguments("gru", several(gru(), convolution(3, ConvolutionMode.Same), most())),
        arguments("both", several(new Bidirectional(lstm()), mean())),
        arguments("both grus", several(new Bidirectional(gru()), new LastTimeStep(lstm()))),
        arguments(
            "last of both",
            several(new LastTimeStep(new Bidirectional(Bidirectional.Mode.ADD, lstm())))),
        arguments(
            "convolutions",
            several(
                convolution(3, ConvolutionMode.Same),
                convolution(2, ConvolutionMode.Same),
                convolution(4, ConvolutionMode.Causal),
                mean())),
        arguments(
            "strides, both",
            several(
                convolution(3, ConvolutionMode.Same),
                halved(SubsamplingLayer.PoolingType.MAX),
                convolution(3, ConvolutionMode.Same),
                halved(SubsamplingLayer.PoolingType.AVG),
                new Bidirectional(lstm()),
                most())),
        arguments(
            "functions",
            several(
                new ActivationLayer(Activation.LEAKYRELU),
                convolution(3, ConvolutionMode.Same),
                new ActivationLayer(Activation.SIGMOID),
                new LastTimeStep(lstm()))),
        arguments(
            "attention",
            several(
                new SelfAttention.Builder(2).nOut(4).build(),
                new LayerNorm.Builder().build(),
                new TransformerBlock.Builder(2, 8).build(),
                new SeriesPooling.Builder(SeriesPooling.Kind.ATTENTION).build())));
  }

  /** A minibatch of these lengths, padded this far. */
  private static MultiDataSet batch(List<Integer> lengths, int steps) {
    Random random = new Random(2);
    int examples = lengths.size();
    float[] indices = new float[examples * steps];
    float[] labels = new float[examples * CLASSES];
    float[] mask = new float[indices.length];
    for (int i = 0; i < examples; i++) {
      for (int step = 0; step < lengths.get(i); step++) {
        indices[i * steps + step] = random.nextInt(INDICES);
        mask[i * steps + step] = 1;
      }
      labels[i * CLASSES + random.nextInt(CLASSES)] = 1;
    }
    return new MultiDataSet(
        new INDArray[] {FloatArrays.create(indices, examples, 1, steps)},
        new INDArray[] {FloatArrays.create(labels, examples, CLASSES)},
        new INDArray[] {FloatArrays.create(mask, examples, steps)},
        null);
  }

  private static Layer[] behindEmbedding(Layer... layers) {
    return Stream.concat(Stream.of(embedding()), Arrays.stream(layers)).toArray(Layer[]::new);
  }

  /** Neither what is predicted nor what is learnt. */
  @ParameterizedTest
  @MethodSource("networks")
  void paddingDoesNotMatter(String name, Layer[] layers) {
    NetworkDefinition definition = definition(layers(behindEmbedding(layers)), WORDS);
    Network network = definition.initial(SGD, 5);
    float[] initial = network.parameters();
    List<Integer> lengths = List.of(8, 3, 0, 1, 7, 5);
    float[] outputs = null;
    float[] learnt = null;
    for (int steps : new int[] {8, 16, 40}) {
      Replica replica = network.replica();
      replica.setParameters(initial);
      float[] said = replica.judge(batch(lengths, steps)).outputs()[0];
      assertThat(replica.fit(batch(lengths, steps))).isFinite();
      outputs = outputs == null ? said : outputs;
      assertThat(said).containsExactly(outputs, within(1e-6f));
      learnt = learnt == null ? replica.parameters() : learnt;
      assertThat(replica.parameters()).containsExactly(learnt, within(2e-6f));
    }
    assertThat(learnt).isNotEqualTo(initial);
  }

  static Stream<Arguments> withoutTheEngine() {
    return networks()
        .filter(each -> !String.valueOf(each.get()[0]).matches(".*both.*|convolutions"));
  }

  /**
   * Its own steps go back from the end of the padding, and convolve what a convolution made of it;
   * otherwise they do as they should.
   */
  @ParameterizedTest
  @MethodSource("withoutTheEngine")
  void norForDeeplearning4jsOwnSteps(String name, Layer[] layers) {
    NetworkDefinition definition = definition(layers(behindEmbedding(layers)), WORDS);
    List<Integer> lengths = List.of(8, 3, 1, 7, 5);
    float[] learnt = null;
    for (int steps : new int[] {8, 24}) {
      Network network = definition.initial(SGD, 5);
      network.fit(batch(lengths, steps));
      learnt = learnt == null ? network.parameters() : learnt;
      assertThat(network.parameters()).containsExactly(learnt, within(1e-5f));
    }
  }

  private static Examples examples(NetworkDefinition definition, List<int[]> series) {
    Examples examples = new Examples(definition.layout());
    Example example = new Example(definition.layout());
    for (int[] words : series) {
      example.clear();
      example.put(0, words);
      examples.add(example);
    }
    return examples;
  }

  /** To the bit; of an empty series there is an answer, too. */
  @ParameterizedTest
  @MethodSource("networks")
  void otherExamplesDoNotMatter(String name, Layer[] layers) {
    NetworkDefinition definition = definition(layers(behindEmbedding(layers)), WORDS);
    Predictor predictor = definition.predictor(definition.initial(SGD, 5).parameters());
    Random random = new Random(4);
    List<int[]> series = new ArrayList<>();
    for (int length : new int[] {0, 1, 7, 8, 9, 16, 17, 31, 70}) {
      series.add(random.ints(length, 0, INDICES).toArray());
    }
    float[][] together = predictor.predict(examples(definition, series))[0];
    for (int i = 0; i < together.length; i++) {
      assertThat(predictor.predict(examples(definition, List.of(series.get(i))))[0][0])
          .containsExactly(together[i]);
      for (float probability : together[i]) {
        assertThat(probability).isFinite();
      }
    }
    assertThat(Json.read(Json.write(definition), NetworkDefinition.class, "x"))
        .isEqualTo(definition);
  }

  @Test
  void numbersGoInAsTheyAreStepByStep() {
    NetworkDefinition definition = definition(layers(new LastTimeStep(lstm())), FRAMES);
    Network network = definition.initial(SGD, 5);
    assertThat(network.architecture()).first().asString().contains("W[2, 16]");
    Examples examples = new Examples(definition.layout());
    Example example = new Example(definition.layout());
    example.put(0, new float[] {1, 2, 3, 4, 5, 6});
    examples.add(example);
    INDArray series = FloatArrays.create(new float[] {1, 3, 5, 2, 4, 6}, 1, 2, 3);
    assertThat(definition.predictor(network.parameters()).predict(examples)[0][0])
        .containsExactly(
            FloatArrays.copy(definition.initial(SGD, 5).outputs(series)[0]), within(1e-5f));
  }

  @Test
  void aGraphReadsEachSeriesByItsName() {
    NetworkDefinition definition =
        definition(UserNetworks.seriesAndColumns(CLASSES).toJson(), FRAMES, X, WORDS);
    Network network = definition.initial(SGD, 5);
    Predictor predictor = definition.predictor(network.parameters());
    List<float[]> said = new ArrayList<>();
    for (int[] lengths : new int[][] {{3, 20}, {0, 4}, {11, 0}}) {
      Examples examples = new Examples(definition.layout());
      Example example = new Example(definition.layout());
      example.put(0, new float[2 * lengths[0]]);
      example.put(1, new float[] {0.5f, -1});
      example.put(2, IntStream.range(0, lengths[1]).map(i -> i % INDICES).toArray());
      examples.add(example);
      said.add(predictor.predict(examples)[0][0]);
    }
    assertThat(said.get(0)).isNotEqualTo(said.get(1));
    assertThat(said.get(1)).isNotEqualTo(said.get(2));
  }

  @Test
  void indicesNeedAnEmbeddingThatIsLargeEnough() {
    assertMisfit(
        definition(layers(lstm(), mean()), WORDS),
        "layer layer0: must be an EmbeddingSequenceLayer or a SeriesTokens to read the series words of indices, got LSTM");
    assertMisfit(
        definition(layers(embedding(), mean()), FRAMES),
        "layer layer0: reads indices, got the series frames of numbers");
    assertMisfit(
        definition(layers(embedding(), mean()), X),
        "layer layer0: EmbeddingSequenceLayer reads a series, got an example of the features: InputTypeFeedForward(2)");
    EmbeddingSequenceLayer small = embedding();
    small.setNIn(5);
    assertMisfit(
        definition(layers(small, mean()), WORDS),
        "layer layer0: nIn must be at least 9 as the series words has indices, got 5");
    EmbeddingSequenceLayer open = embedding();
    open.setNIn(0);
    assertThat(definition(layers(open, mean()), WORDS).initial(SGD, 1).architecture())
        .first()
        .asString()
        .contains("W[9, 4]");
    SeriesTokens tokens = new SeriesTokens.Builder(4).vocabulary(4).positions(6).build();
    assertMisfit(
        definition(layers(tokens, mean()), WORDS),
        "layer layer0: positions must be 0, as series have no longest length, got 6",
        "layer layer0: vocabulary must be at least 9 as the series words has indices, and segments 0, got 4 and 0");
  }

  private static final TensorSpec NGRAMS =
      TensorSpec.of(
          "n-grams",
          Element.WEIGHTED_INDEX,
          List.of(-1),
          List.of(),
          List.of(INDICES),
          List.of(List.of()));

  /** The sum of the vectors times the weights, by hand. */
  @Test
  void weightedIndicesAreReadByABag() {
    NetworkDefinition definition =
        definition(layers(new WeightedBag.Builder(INDICES + 1).nOut(4).build()), NGRAMS);
    Network network = definition.initial(SGD, 5);
    Examples examples = new Examples(definition.layout());
    Example example = new Example(definition.layout());
    example.put(0, new int[] {2, 8}, new float[] {0.5f, -1});
    examples.add(example);
    INDArray steps = FloatArrays.create(new float[] {8, 2, -1, 0.5f}, 1, 2, 2);
    assertThat(definition.predictor(network.parameters()).predict(examples)[0][0])
        .containsExactly(FloatArrays.copy(network.outputs(steps)[0]), within(1e-6f));
    assertMisfit(
        definition(layers(new WeightedBag.Builder(5).nOut(4).build()), NGRAMS),
        "layer layer0: vocabulary must be at least 9 as the series n-grams has indices, got 5");
    assertMisfit(
        definition(layers(new WeightedBag.Builder(9).nOut(4).build()), WORDS),
        "layer layer0: reads weighted indices, got the series words of indices");
    assertMisfit(
        definition(layers(new WeightedBag.Builder(9).nOut(4).build()), FRAMES),
        "layer layer0: reads weighted indices, got the series frames of numbers");
    assertMisfit(
        definition(layers(new WeightedBag.Builder(9).nOut(4).build()), X),
        "layer layer0: WeightedBag reads a series, got an example of the features: InputTypeFeedForward(2)");
    for (Layer layer : List.of(embedding(), lstm(), mean())) {
      assertMisfit(
          definition(layers(layer, mean()), NGRAMS),
          "layer layer0: must be a WeightedBag to read the series n-grams of weighted indices, got "
              + layer.getClass().getSimpleName());
    }
  }

  private static String embeddedWords(Layer between) {
    return layers(embedding(), between, new LastTimeStep(gru()));
  }

  /** Of layers that wrap others those inside are meant. */
  @Test
  void weightsDecayButNoEmbeddings() {
    Network network =
        definition(embeddedWords(new Bidirectional(lstm())), WORDS)
            .initial(new UpdaterSpec.AdamW(0.1, 0.9, 0.99, 1e-6, 0.3), 1);
    Map<String, Integer> penalties = new TreeMap<>();
    for (org.deeplearning4j.nn.api.Layer layer : network.layers()) {
      for (String name : layer.paramTable(false).keySet()) {
        List<Regularization> of = layer.getConfig().getRegularizationByParam(name);
        penalties.put(
            layer.conf().getLayer().getLayerName() + " " + name, of == null ? 0 : of.size());
      }
    }
    assertThat(penalties)
        .containsEntry("layer0 W", 0)
        .containsEntry("layer1 fW", 1)
        .containsEntry("layer1 bRW", 1)
        .containsEntry("layer1 fb", 0)
        .containsEntry("layer2 W", 1)
        .containsEntry("layer2 Rb", 0);
  }

  @Test
  void aRecurrentLayerWhoseUpdaterIsNoOpStays() {
    LSTM still = lstm();
    still.setIUpdater(new NoOp());
    Network network = definition(embeddedWords(new Bidirectional(still)), WORDS).initial(SGD, 1);
    assertThat(network.spans(0, 0))
        .extracting(Network.Span::rate)
        .containsExactly(0.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5);
  }

  @Test
  void stepsMustBePooled() {
    assertMisfit(
        definition(layers(lstm()), FRAMES),
        "layer layer1: OutputLayer cannot read the series frames: a GlobalPoolingLayer, a SeriesPooling or a LastTimeStep must stand between");
    assertMisfit(
        definition(layers(new DenseLayer.Builder().nOut(3).build(), mean()), FRAMES),
        "layer layer0: DenseLayer cannot read the series frames: a GlobalPoolingLayer, a SeriesPooling or a LastTimeStep must stand between");
    assertMisfit(
        definition(layers(new BatchNormalization.Builder().build(), mean()), FRAMES),
        "layer layer0: BatchNormalization cannot read the series frames: a GlobalPoolingLayer, a SeriesPooling or a LastTimeStep must stand between");
  }

  @Test
  void windowsMustNotEndWhereThePaddingDoes() {
    SubsamplingLayer.PoolingType most = SubsamplingLayer.PoolingType.MAX;
    assertMisfit(
        definition(layers(convolution(3, ConvolutionMode.Truncate), mean()), FRAMES),
        "layer layer0: where its windows end would depend on how far the series frames is padded: convolutionMode must be Same or Causal with stride 1, or windows must not overlap, with a stride that divides 8, no padding, no dilation, and Same or Truncate, got Truncate, kernel 3, stride 1, padding 0, dilation 1");
    assertMisfit(
        definition(layers(halved(most), halved(most), halved(most), halved(most), mean()), FRAMES),
        "layer layer3: where its windows end would depend on how far the series frames is padded: convolutionMode must be Same or Causal with stride 1, or windows must not overlap, with a stride that divides 1, no padding, no dilation, and Same or Truncate, got Truncate, kernel 2, stride 2, padding 0, dilation 1");
    assertMisfit(
        definition(layers(lstm(), convolution(3, ConvolutionMode.Same), mean()), FRAMES),
        "layer layer1: a convolution must not read states that run on behind the end of the series frames; those of a Gru or a Bidirectional do not, got those of an LSTM, a SimpleRnn or a function that is not 0 at 0");
  }

  @Test
  void whatDeeplearning4jComputesWithoutTheMaskIsRefused() {
    assertMisfit(
        definition(layers(new Bidirectional(simple()), mean()), FRAMES),
        "layer layer0: must have an LSTM or a Gru in each direction: others go back from the end of the padding, got SimpleRnn");
    LSTM noisy =
        new LSTM.Builder()
            .nOut(3)
            .activation(Activation.TANH)
            .weightNoise(new DropConnect(0.5))
            .build();
    assertMisfit(
        definition(layers(noisy, mean()), FRAMES),
        "layer layer0: weightNoise must be none over a series, got DropConnect");
    assertMisfit(
        definition(
            layers(new DropoutLayer.Builder(new SpatialDropout(0.5)).build(), mean()), FRAMES),
        "layer layer0: dropout over a series must be Dropout, got SpatialDropout");
    Convolution1DLayer steep = convolution(3, ConvolutionMode.Same);
    steep.setActivationFn(new ActivationELU(2));
    assertMisfit(
        definition(layers(steep, mean()), FRAMES),
        "layer layer0: activation functions of this layer over a series must be one of identity, ReLU, leaky ReLU, ELU with alpha = 1, tanh, sigmoid, SELU, swish, GELU and mish; an ActivationLayer behind it may have others, got ActivationELU");
  }

  @Test
  void layersReadOneSeriesOrColumns() {
    assertMisfit(
        definition(layers(lstm(), mean()), FRAMES, X),
        "the layers must read one series alone or no series, got the feature groups [frames of [-1, 2], x of [2]]; a ComputationGraphConfiguration can have an input for each series, of its name, and columns for the rest");
    assertMisfit(
        definition(layers(lstm(), mean()), X),
        "layer layer0: LSTM reads a series, got an example of the features: InputTypeFeedForward(2)");
    String graph = UserNetworks.seriesAndColumns(CLASSES).toJson();
    TensorSpec other =
        TensorSpec.of("other", Element.FLOAT32, List.of(-1), List.of(), List.of(), List.of());
    assertMisfit(
        definition(graph, FRAMES, X, WORDS, other),
        "the input columns must read one series alone or no series, got the feature groups [x of [2], other of [-1]]; a ComputationGraphConfiguration can have an input for each series, of its name, and columns for the rest");
    assertMisfit(
        definition(graph, FRAMES, X),
        "the network's inputs must be the feature groups [frames, x], or one of them columns for all others, got [frames, columns, words]");
  }

  @Test
  void verticesReadSeriesOfOneLength() {
    assertMisfit(
        definition(UserNetworks.joined(CLASSES, new MergeVertex()).toJson(), FRAMES, WORDS),
        "vertex joined: a series and what is no series, or another one, have no length in common; a GlobalPoolingLayer, a SeriesPooling or a LastTimeStep must stand between");
    assertMisfit(
        definition(
            UserNetworks.joined(CLASSES, new ElementWiseVertex(ElementWiseVertex.Op.Add)).toJson(),
            FRAMES,
            WORDS),
        "vertex joined: a series and what is no series, or another one, have no length in common; a GlobalPoolingLayer, a SeriesPooling or a LastTimeStep must stand between");
    assertMisfit(
        definition(UserNetworks.behind(CLASSES, new ShiftVertex(1)).toJson(), FRAMES),
        "vertex behind: cannot read the series frames: only ElementWiseVertex, MergeVertex, ScaleVertex and LastTimeStepVertex can, got ShiftVertex");
    assertMisfit(
        definition(UserNetworks.behind(CLASSES, new LastTimeStepVertex("other")).toJson(), FRAMES),
        "vertex behind: maskArrayInputName must be the input that the series comes from, frames, without strides between, got other");
  }

  /** As the wrapper does. */
  @Test
  void aVertexTakesTheLastStepThatIsThere() {
    NetworkDefinition vertex =
        definition(UserNetworks.behind(CLASSES, new LastTimeStepVertex("frames")).toJson(), FRAMES);
    NetworkDefinition wrapper = definition(layers(new LastTimeStep(lstm())), FRAMES);
    float[] parameters = wrapper.initial(SGD, 5).parameters();
    Random random = new Random(1);
    for (NetworkDefinition each : List.of(vertex, wrapper)) {
      assertThat(each.initial(SGD, 5).parameters()).hasSameSizeAs(parameters);
    }
    Examples examples = new Examples(vertex.layout());
    Example example = new Example(vertex.layout());
    for (int length : new int[] {1, 0, 8, 13}) {
      example.clear();
      float[] numbers = new float[2 * length];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = (float) random.nextGaussian();
      }
      example.put(0, numbers);
      examples.add(example);
    }
    assertThat(vertex.predictor(parameters).predict(examples)[0])
        .isEqualTo(wrapper.predictor(parameters).predict(examples)[0]);
  }

  @Test
  void classesThatSomebodyMightLookForAreRefusedWithTheReason() {
    String steps =
        new org.deeplearning4j.nn.conf.NeuralNetConfiguration.Builder()
            .seed(5)
            .list()
            .layer(lstm())
            .layer(
                new RnnOutputLayer.Builder(new LossMCXENT())
                    .nIn(4)
                    .nOut(CLASSES)
                    .activation(Activation.SOFTMAX)
                    .build())
            .build()
            .toJson();
    assertThatThrownBy(() -> read(steps))
        .hasMessage(
            "net.json: $.confs[1].layer.@class must be one of the classes that models/README.md lists; a label is of an example, not of its steps: an OutputLayer behind a pooling of the steps predicts it, got org.deeplearning4j.nn.conf.layers.RnnOutputLayer");
    assertThatThrownBy(() -> read(layers(new ZeroPadding1DLayer(1), mean())))
        .hasMessageContaining(
            "its mask would not be as long as its steps, got org.deeplearning4j.nn.conf.layers.ZeroPadding1DLayer");
    String truncated =
        layers(lstm(), mean())
            .replace("\"backpropType\" : \"Standard\"", "\"backpropType\" : \"TruncatedBPTT\"");
    assertThatThrownBy(() -> read(truncated))
        .hasMessage("net.json: $.backpropType must be Standard, got TruncatedBPTT");
    assertThat(ConfigurationClasses.REFUSED.keySet())
        .allMatch(
            name ->
                ConfigurationClasses.NAMES.stream()
                    .noneMatch(each -> each.startsWith("org") && each.endsWith("." + name)));
  }
}
