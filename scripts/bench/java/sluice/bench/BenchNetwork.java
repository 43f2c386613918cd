package sluice.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import sluice.network.layers.SeriesPooling;
import sluice.network.layers.TransformerBlock;
import sluice.network.spec.Concatenation;
import sluice.network.spec.Encoder;
import sluice.network.spec.EncoderNetwork;
import sluice.network.spec.LeNet;
import sluice.network.spec.Loss;
import sluice.network.spec.MultilayerPerceptron;
import sluice.network.spec.MultilayerPerceptron.HiddenActivation;
import sluice.network.spec.MultilayerPerceptron.InitialWeights;
import sluice.network.spec.NetworkDefinition;
import sluice.network.spec.NetworkSpec;
import sluice.network.spec.RecurrentEncoder;
import sluice.network.spec.ResNet;
import sluice.network.spec.SequenceTransformerEncoder;
import sluice.network.spec.TextCnnEncoder;

/** The networks that benchmarks train; torch_networks.py has the same ones. */
enum BenchNetwork {
  /** 784-256-256-10. */
  MLP(128, ExampleKind.DIGITS),

  LENET(64, ExampleKind.DIGITS),

  /** ResNet-20 (He et al. 2016, section 4.2). */
  RESNET(64, ExampleKind.PICTURES),

  /** 100 filters of each width 3, 4 and 5 (Kim 2014). */
  TEXTCNN(64, ExampleKind.TOKENS),

  /** Vectors of 128 for the tokens, an LSTM of 128, and its last state. */
  LSTM(64, ExampleKind.TOKENS),

  /** Two blocks of width 128. */
  TRANSFORMER(32, ExampleKind.SENTENCES),

  /** Six blocks of width 256. */
  TRANSFORMER7M(32, ExampleKind.SENTENCES),

  /** {@link #TEXTCNN}, over sentences and with dropout. */
  TEXT_CNN(64, ExampleKind.SENTENCES),

  /** Gated recurrent units in both directions, pooled by attention, with dropout. */
  TEXT_GRU(64, ExampleKind.SENTENCES),

  /** {@link #TRANSFORMER} with dropout. */
  TEXT_TRANSFORMER(32, ExampleKind.SENTENCES);

  private static final int STEPS = ExampleKind.TOKENS.width();
  private static final int WIDTH = 128;
  private static final int FILTERS = 100;
  private static final List<Integer> FILTER_WIDTHS = List.of(3, 4, 5);

  final int batchSize;
  final ExampleKind examples;

  BenchNetwork(int batchSize, ExampleKind examples) {
    this.batchSize = batchSize;
    this.examples = examples;
  }

  static BenchNetwork of(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /** As Sluice has it. */
  NetworkDefinition definition() {
    return Ours.definition(spec(), examples);
  }

  private NetworkSpec spec() {
    return switch (this) {
      case MLP -> mlp(HiddenActivation.RELU);
      case LENET ->
          new LeNet(List.of(20, 50), 500, HiddenActivation.RELU, 0, 0, InitialWeights.HE);
      case RESNET -> new ResNet(List.of(16, 32, 64), 3, 1e-4);
      case TEXTCNN -> encoded(new TextCnnEncoder(WIDTH, FILTER_WIDTHS, FILTERS, STEPS, 0));
      case LSTM ->
          encoded(
              new RecurrentEncoder(
                  RecurrentEncoder.Cell.LSTM,
                  WIDTH,
                  WIDTH,
                  1,
                  false,
                  SeriesPooling.Kind.LAST,
                  STEPS,
                  0));
      case TRANSFORMER -> transformer(WIDTH, 2, 0);
      case TRANSFORMER7M -> transformer(2 * WIDTH, 6, 0);
      case TEXT_CNN -> encoded(new TextCnnEncoder(WIDTH, FILTER_WIDTHS, FILTERS, STEPS, 0.5));
      case TEXT_GRU ->
          encoded(
              new RecurrentEncoder(
                  RecurrentEncoder.Cell.GRU,
                  WIDTH,
                  WIDTH,
                  1,
                  true,
                  SeriesPooling.Kind.ATTENTION,
                  STEPS,
                  0.2));
      case TEXT_TRANSFORMER -> transformer(WIDTH, 2, 0.1);
    };
  }

  /** 784-256-256-10. */
  static NetworkSpec mlp(HiddenActivation activation) {
    return new MultilayerPerceptron(
        List.of(256, 256), activation, 0, 0, InitialWeights.XAVIER, Loss.AUTO);
  }

  /** Blocks with norms ahead, and the mean of the tokens that there are. */
  private NetworkSpec transformer(int width, int blocks, double dropout) {
    return encoded(
        new SequenceTransformerEncoder(
            width,
            width / 32,
            blocks,
            4 * width,
            SequenceTransformerEncoder.Positions.LEARNT,
            TransformerBlock.Norm.PRE,
            SeriesPooling.Kind.MEAN,
            STEPS,
            dropout,
            dropout));
  }

  private NetworkSpec encoded(Encoder encoder) {
    return new EncoderNetwork(
        Map.of(examples.tensor().name(), encoder),
        new Concatenation(List.of(), HiddenActivation.RELU, 0, InitialWeights.HE),
        Map.of(),
        Loss.AUTO,
        0.0);
  }

  /**
   * Of the layers that Deeplearning4j has; it has none for transformers, and of the networks for
   * texts none is measured.
   */
  Optional<Model> deeplearning4j() {
    return switch (this) {
      case MLP, LENET, RESNET ->
          Optional.of(definition().initial(Ours.ADAM, Ours.SEED).model());
      case TEXTCNN -> Optional.of(deeplearning4jTextCnn());
      case LSTM -> Optional.of(deeplearning4jLstm());
      case TRANSFORMER, TRANSFORMER7M, TEXT_CNN, TEXT_GRU, TEXT_TRANSFORMER -> Optional.empty();
    };
  }

  private static Model deeplearning4jTextCnn() {
    GraphBuilder graph = words();
    String[] pooled = new String[FILTER_WIDTHS.size()];
    for (int i = 0; i < pooled.length; i++) {
      int width = FILTER_WIDTHS.get(i);
      pooled[i] = "pooled" + width;
      graph
          .addLayer(
              "convolution" + width,
              new Convolution1DLayer.Builder(width)
                  .nOut(FILTERS)
                  .convolutionMode(ConvolutionMode.Same)
                  .activation(Activation.RELU)
                  .build(),
              "words")
          .addLayer(
              pooled[i], new GlobalPoolingLayer(PoolingType.MAX), "convolution" + width);
    }
    return ending(graph.addVertex("merged", new MergeVertex(), pooled), "merged");
  }

  private static Model deeplearning4jLstm() {
    LSTM states = new LSTM.Builder().nOut(WIDTH).activation(Activation.TANH).build();
    return ending(words().addLayer("last", new LastTimeStep(states), "words"), "last");
  }

  /** A vector for each token. */
  private static GraphBuilder words() {
    return new NeuralNetConfiguration.Builder()
        .seed(Ours.SEED)
        .updater(new Adam(0.001))
        .graphBuilder()
        .addInputs("in")
        .setInputTypes(InputType.recurrent(ExampleKind.VOCABULARY, STEPS))
        .addLayer(
            "words",
            new EmbeddingSequenceLayer.Builder()
                .nIn(ExampleKind.VOCABULARY)
                .nOut(WIDTH)
                .inputLength(STEPS)
                .activation(Activation.IDENTITY)
                .build(),
            "in");
  }

  private static Model ending(GraphBuilder graph, String last) {
    ComputationGraph network =
        new ComputationGraph(
            graph
                .addLayer(
                    "out",
                    new OutputLayer.Builder(new LossMCXENT())
                        .activation(Activation.SOFTMAX)
                        .nOut(LabelledExamples.CLASSES)
                        .build(),
                    last)
                .setOutputs("out")
                .build());
    network.init();
    return network;
  }
}
