package sluice.network.compiled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffOutputLayer;
import org.deeplearning4j.nn.conf.preprocessor.ComposableInputPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import sluice.network.FloatArrays;
import sluice.network.Inference;
import sluice.network.Network;
import sluice.network.StepLengths;
import sluice.network.layers.CategoryEmbedding;

/** Networks that have no plan are Deeplearning4j's as a whole, to the bit. */
class NoPlanTest {
  private static final int FEATURES = 3;
  private static final int STEPS = 4;
  private static final int CLASSES = 2;

  private static NeuralNetConfiguration.Builder training() {
    return new NeuralNetConfiguration.Builder().seed(4).updater(new Adam(0.01));
  }

  private static RnnOutputLayer series() {
    return new RnnOutputLayer.Builder(new LossMCXENT())
        .nOut(CLASSES)
        .activation(Activation.SOFTMAX)
        .build();
  }

  private static INDArray numbers(Random random, long... shape) {
    int count = 1;
    for (long length : shape) {
      count *= (int) length;
    }
    return FloatArrays.create(Comparison.numbers(random, count), shape);
  }

  private static void same(Network expected, CompiledNetwork found, MultiDataSet... batches) {
    found.setParameters(expected.parameters());
    found.setUpdaterState(expected.updaterState());
    int step = 5;
    for (MultiDataSet batch : batches) {
      expected.setCounters(step, 1);
      found.setCounters(step, 1);
      assertThat(found.fit(batch)).isEqualTo(expected.fit(batch));
      step++;
    }
    assertThat(found.parameters()).isEqualTo(expected.parameters());
    assertThat(found.updaterState()).isEqualTo(expected.updaterState());
  }

  /** Before it is known that there is no plan, and once it is. */
  private static void predictsTheSame(Network network, INDArray[] inputs, INDArray... masks) {
    int examples = (int) inputs[0].size(0);
    float[][] numbers = new float[inputs.length][];
    float[][] steps = new float[inputs.length][];
    @Nullable INDArray[] given = Arrays.copyOf(masks, inputs.length);
    for (int i = 0; i < inputs.length; i++) {
      INDArray mask = given[i];
      numbers[i] = FloatArrays.copy(inputs[i]);
      steps[i] = mask == null ? new float[0] : FloatArrays.copy(mask);
    }
    float[][] expected =
        Arrays.stream(network.outputs(inputs, given))
            .map(FloatArrays::copy)
            .toArray(float[][]::new);
    Inference inference = network.inference();
    for (int time = 0; time < 2; time++) {
      float[][] found = inference.outputs(numbers, steps, examples);
      assertThat(found).hasSameDimensionsAs(expected);
      for (int i = 0; i < found.length; i++) {
        assertThat(found[i]).containsExactly(expected[i], within(1e-6f));
      }
    }
  }

  /** As many steps as series are padded to, all of them there. */
  private static INDArray[] wholeSeries(Random random, int examples) {
    int steps = StepLengths.padded(1);
    float[] mask = new float[examples * steps];
    Arrays.fill(mask, 1);
    return new INDArray[] {
      numbers(random, examples, FEATURES, steps), FloatArrays.create(mask, examples, steps)
    };
  }

  private static MultiDataSet steps(Random random, int examples) {
    float[] labels = new float[examples * CLASSES * STEPS];
    float[] mask = new float[examples * STEPS];
    for (int i = 0; i < examples; i++) {
      for (int step = 0; step < STEPS; step++) {
        labels[(i * CLASSES + random.nextInt(CLASSES)) * STEPS + step] = 1;
        mask[i * STEPS + step] = step < 2 + i % 3 ? 1 : 0;
      }
    }
    INDArray there = FloatArrays.create(mask, examples, STEPS);
    return new MultiDataSet(
        new INDArray[] {numbers(random, examples, FEATURES, STEPS)},
        new INDArray[] {FloatArrays.create(labels, examples, CLASSES, STEPS)},
        new INDArray[] {there},
        new INDArray[] {there});
  }

  /** A fully connected layer between recurrent ones takes each step for an example. */
  private static MultiLayerConfiguration stepByStep(String name) {
    return training()
        .list()
        .layer(new LSTM.Builder().nOut(5).build())
        .layer(new DenseLayer.Builder().name(name).nOut(4).activation(Activation.TANH).build())
        .layer(series())
        .setInputType(InputType.recurrent(FEATURES, STEPS))
        .build();
  }

  private static void checkSeries(MultiLayerConfiguration configuration) {
    Random random = new Random(1);
    same(
        Network.of(configuration),
        Comparison.compiled(configuration),
        steps(random, 6),
        steps(random, 3));
    INDArray[] whole = wholeSeries(random, 11);
    predictsTheSame(Network.of(configuration), new INDArray[] {whole[0]}, whole[1]);
  }

  @Test
  void stepsAsExamples() {
    checkSeries(stepByStep("each"));
  }

  @Test
  void stepsAsExamplesWithinSeveralPreProcessors() {
    checkSeries(
        training()
            .list()
            .layer(new LSTM.Builder().nIn(FEATURES).nOut(5).build())
            .layer(new LSTM.Builder().nIn(5).nOut(5).build())
            .layer(
                new RnnOutputLayer.Builder(new LossMCXENT())
                    .nIn(5)
                    .nOut(CLASSES)
                    .activation(Activation.SOFTMAX)
                    .build())
            .inputPreProcessor(
                1,
                new ComposableInputPreProcessor(
                    new RnnToFeedForwardPreProcessor(), new FeedForwardToRnnPreProcessor()))
            .build());
  }

  /** Every worker has a replica, and each finds it out for itself. */
  @Test
  void theLogSaysItOnceInAProcess() {
    List<String> lines = new CopyOnWriteArrayList<>();
    AbstractAppender appender =
        new AbstractAppender("logged", null, null, true, Property.EMPTY_ARRAY) {
          @Override
          public void append(LogEvent event) {
            lines.add(event.getMessage().getFormattedMessage());
          }
        };
    Logger logger = (Logger) LogManager.getLogger(CompiledNetwork.class);
    Level level = logger.getLevel();
    appender.start();
    logger.addAppender(appender);
    logger.setLevel(Level.INFO);
    try {
      for (int replica = 0; replica < 3; replica++) {
        CompiledNetwork network = Comparison.compiled(stepByStep("logged"));
        network.fit(steps(new Random(replica), 3));
      }
    } finally {
      logger.removeAppender(appender);
      logger.setLevel(level);
    }
    assertThat(lines)
        .containsExactly(
            "a network that Deeplearning4j computes as a whole: it has steps as examples, before"
                + " logged");
  }

  @Test
  void valuesOfFourAxes() {
    MultiLayerConfiguration configuration =
        training()
            .list()
            .layer(new Convolution3D.Builder(2, 2, 2).nOut(3).activation(Activation.TANH).build())
            .layer(new GlobalPoolingLayer(PoolingType.AVG))
            .layer(
                new OutputLayer.Builder(new LossMSE())
                    .nOut(CLASSES)
                    .activation(Activation.IDENTITY)
                    .build())
            .setInputType(InputType.convolutional3D(Convolution3D.DataFormat.NCDHW, 3, 4, 5, 2))
            .build();
    Random random = new Random(2);
    MultiDataSet batch =
        new MultiDataSet(numbers(random, 5, 2, 3, 4, 5), numbers(random, 5, CLASSES));
    same(Network.of(configuration), Comparison.compiled(configuration), batch, batch);
  }

  /** The mean squared error of a sum of the inputs by weights. */
  public static final class Sum extends SameDiffOutputLayer {
    private static final long serialVersionUID = 1L;

    @Override
    public SDVariable defineLayer(
        SameDiff graph, SDVariable in, SDVariable labels, Map<String, SDVariable> parameters) {
      SDVariable out = in.mmul("sum", parameters.get("W"));
      return out.sub(labels).mul(out.sub(labels)).mean();
    }

    @Override
    public String activationsVertexName() {
      return "sum";
    }

    @Override
    public void defineParameters(SDLayerParams parameters) {
      parameters.addWeightParam("W", FEATURES, 1);
    }

    @Override
    public void initializeParameters(Map<String, INDArray> parameters) {
      parameters.values().forEach(values -> values.assign(0.5));
    }

    @Override
    public InputType getOutputType(int index, InputType in) {
      return InputType.feedForward(1);
    }
  }

  @Test
  void anOutputWithoutTheLossOfEachExample() {
    MultiLayerConfiguration configuration =
        training()
            .list()
            .layer(new DenseLayer.Builder().nIn(FEATURES).nOut(FEATURES).build())
            .layer(new Sum())
            .build();
    Random random = new Random(3);
    MultiDataSet batch = new MultiDataSet(numbers(random, 5, FEATURES), numbers(random, 5, 1));
    same(Network.of(configuration), Comparison.compiled(configuration), batch, batch);
    predictsTheSame(Network.of(configuration), batch.getFeatures());
  }

  @Test
  void otherOptimisationsThanGradientDescentDoNotCompile() {
    for (NeuralNetConfiguration.Builder other :
        new NeuralNetConfiguration.Builder[] {
          training().optimizationAlgo(OptimizationAlgorithm.LBFGS), training().minimize(false)
        }) {
      OutputLayer output =
          new OutputLayer.Builder(new LossMSE())
              .nIn(2)
              .nOut(1)
              .activation(Activation.IDENTITY)
              .build();
      Products products = MatrixProducts.ofThisProcess();
      assertThat(CompiledNetwork.training(other.list().layer(output).build(), products)).isEmpty();
      assertThat(
              CompiledNetwork.training(
                  other
                      .graphBuilder()
                      .addInputs("in")
                      .addLayer("out", output.clone(), "in")
                      .setOutputs("out")
                      .build(),
                  products))
          .isEmpty();
    }
  }

  @Test
  void largeTablesNeedAPlan() {
    ComputationGraphConfiguration configuration =
        training()
            .graphBuilder()
            .addInputs("series", "columns")
            .setInputTypes(InputType.recurrent(FEATURES, STEPS), InputType.feedForward(1))
            .addLayer("states", new LSTM.Builder().nOut(5).build(), "series")
            .addLayer("each", new DenseLayer.Builder().nOut(4).build(), "states")
            .addLayer("steps", series(), "each")
            .addLayer(
                "vector",
                new CategoryEmbedding.Builder().column("k", 40_000, 32).build(),
                "columns")
            .addLayer(
                "number",
                new OutputLayer.Builder(new LossMSE())
                    .nOut(1)
                    .activation(Activation.IDENTITY)
                    .build(),
                "vector")
            .setOutputs("steps", "number")
            .build();
    SparseReplica replica =
        SparseReplica.of(configuration, MatrixProducts.ofThisProcess()).orElseThrow();
    MultiDataSet series = steps(new Random(5), 3);
    MultiDataSet batch =
        new MultiDataSet(
            new INDArray[] {series.getFeatures(0), FloatArrays.create(new float[] {1, 2, 3}, 3, 1)},
            new INDArray[] {series.getLabels(0), FloatArrays.create(new float[3], 3, 1)});
    replica.setParameters(Network.of(configuration).parameters());
    assertThatThrownBy(() -> replica.fit(batch))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "a network with large tables must compile, this one has steps as examples, before"
                + " each: train it by Deeplearning4j (engine = dl4j)");
    // What Deeplearning4j has trained predicts.
    INDArray[] whole = wholeSeries(new Random(6), 3);
    predictsTheSame(
        Network.of(configuration),
        new INDArray[] {whole[0], FloatArrays.create(new float[] {1, 2, 3}, 3, 1)},
        whole[1]);
  }
}
