package sluice.training.averaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import sluice.network.FloatArrays;
import sluice.network.Network;
import sluice.network.compiled.CompiledNetwork;
import sluice.network.compiled.MatrixProducts;
import sluice.network.layers.CategoryEmbedding;
import sluice.testing.LocalSpark;
import sluice.training.device.DevicePin;
import sluice.training.examples.ExampleReader;
import sluice.training.examples.MinibatchRange;
import sluice.training.examples.Minibatches;
import sluice.training.examples.Shards;

/** Rows of large tables are exchanged, and the rounds come to the bits of whole tables. */
class RowExchangeTest {
  /** Just above what makes a table large. */
  private static final int FIRST = 35_000;

  private static final int SECOND = 66_000;
  private static final int BATCH = 200;
  private static final int STEPS = 2;

  /** Random minibatches; the second worker has none, and rows often repeat. */
  private static final class Reads implements ExampleReader<Integer> {
    private static final long serialVersionUID = 1L;

    @Override
    public Minibatches read(int worker, Iterator<Integer> shard, MinibatchRange range) {
      return new Minibatches() {
        private int index = range.firstMinibatch() - 1;

        @Override
        public boolean advance() {
          index++;
          return worker != 1 && index < range.endMinibatch();
        }

        @Override
        public int epoch() {
          return 0;
        }

        @Override
        public int index() {
          return index;
        }

        @Override
        public int examples() {
          return BATCH + worker;
        }

        @Override
        public MultiDataSet arrays() {
          Random random = new Random(31L * worker + index);
          int examples = examples();
          float[] in = new float[3 * examples];
          float[] labels = new float[examples];
          for (int i = 0; i < examples; i++) {
            in[3 * i] = random.nextInt(5);
            in[3 * i + 1] = random.nextInt(random.nextInt(FIRST) + 1);
            in[3 * i + 2] = random.nextInt(random.nextInt(SECOND) + 1);
            labels[i] = (float) random.nextGaussian();
          }
          return new MultiDataSet(
              FloatArrays.create(in, examples, 3), FloatArrays.create(labels, examples, 1));
        }

        @Override
        public void close() {}
      };
    }
  }

  private static MultiLayerConfiguration configuration() {
    return new NeuralNetConfiguration.Builder()
        .seed(7)
        .updater(new Adam(0.01))
        .l2(1e-3)
        .list()
        .layer(
            new CategoryEmbedding.Builder()
                .column("small", 5, 2)
                .column("first", FIRST, 30)
                .column("second", SECOND, 16)
                .build())
        .layer(new DenseLayer.Builder().nOut(4).activation(Activation.TANH).build())
        .layer(
            new OutputLayer.Builder(new LossMSE()).nOut(1).activation(Activation.IDENTITY).build())
        .setInputType(InputType.feedForward(3))
        .build();
  }

  private static CompiledNetwork whole() {
    return CompiledNetwork.training(configuration(), MatrixProducts.ofThisProcess()).orElseThrow();
  }

  private static ReplicaPool.Factory rows() {
    return ReplicaPool.Factory.of(Network.of(configuration()).replicas());
  }

  private static AveragingEngine<Integer> engine(
      ReplicaPool.Factory factory,
      int workers,
      UpdaterState kept,
      OuterOptimiser outer,
      boolean inProcess) {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
    JavaRDD<Integer> shards =
        spark.parallelize(IntStream.range(0, workers).boxed().toList(), workers);
    Network network = Network.of(configuration());
    AveragingEngine.Settings settings =
        new AveragingEngine.Settings(kept, outer, new WeightAverage.Exponential(0.9), 1, 0, 0);
    return new AveragingEngine<>(
        spark,
        Shards.whole(shards),
        new Reads(),
        network,
        new ReplicaPool.Lender(UUID.randomUUID().toString(), factory, DevicePin.host()),
        settings,
        AveragingState.initial(network, settings, workers),
        inProcess);
  }

  private static Rounds.Outcome round(AveragingEngine<Integer> engine, int number) {
    int from = number * STEPS;
    return engine.round(new MinibatchRange(0, 1, from, from + STEPS, 100, 0), "a round");
  }

  static Stream<Arguments> ways() {
    OuterOptimiser average = new OuterOptimiser.Average();
    return Stream.of(
        Arguments.of(3, UpdaterState.AVERAGED, average, true),
        Arguments.of(9, UpdaterState.AVERAGED, average, false),
        Arguments.of(3, UpdaterState.LOCAL, average, false),
        Arguments.of(3, UpdaterState.RESET, average, false),
        Arguments.of(3, UpdaterState.AVERAGED, new OuterOptimiser.SlowMomentum(1, 0.5), false),
        Arguments.of(9, UpdaterState.RESET, new OuterOptimiser.Nesterov(0.7, 0.9), true));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void comesToTheBitsOfWholeTables(
      int workers, UpdaterState kept, OuterOptimiser outer, boolean inProcess) {
    assertThat(rows().tables().tables()).hasSize(2);
    try (AveragingEngine<Integer> found = engine(rows(), workers, kept, outer, inProcess);
        AveragingEngine<Integer> expected =
            engine(RowExchangeTest::whole, workers, kept, outer, true)) {
      for (int i = 0; i < 3; i++) {
        Rounds.Outcome is = round(found, i);
        Rounds.Outcome should = round(expected, i);
        assertThat(List.of(is.examples(), is.lossSum(), is.divergence()))
            .isEqualTo(List.of(should.examples(), should.lossSum(), should.divergence()));
      }
      assertSame(found.state(), expected.state());
    }
  }

  /** A process keeps the network of one training: each round finds that of the other. */
  @Test
  void aProcessThatLacksTheNetworkIsSentAllOfIt() {
    OuterOptimiser average = new OuterOptimiser.Average();
    try (AveragingEngine<Integer> one = engine(rows(), 3, UpdaterState.AVERAGED, average, false);
        AveragingEngine<Integer> other = engine(rows(), 11, UpdaterState.AVERAGED, average, false);
        AveragingEngine<Integer> alone = engine(rows(), 3, UpdaterState.AVERAGED, average, false)) {
      for (int i = 0; i < 2; i++) {
        round(one, i);
        round(other, i);
      }
      round(alone, 0);
      round(alone, 1);
      assertSame(one.state(), alone.state());
    }
  }

  private static void assertSame(AveragingState is, AveragingState should) {
    assertThat(is.parameters()).isEqualTo(should.parameters());
    assertThat(is.updaterState()).isEqualTo(should.updaterState());
    assertThat(is.average()).isEqualTo(should.average());
    assertThat(is.velocity()).isEqualTo(should.velocity());
    assertThat(is.localStates().keySet()).isEqualTo(should.localStates().keySet());
    is.localStates()
        .forEach((worker, own) -> assertThat(own).isEqualTo(should.localStates().get(worker)));
  }
}
