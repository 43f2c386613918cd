package sluice.training.averaging;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import sluice.network.Network;
import sluice.testing.LocalSpark;
import sluice.training.device.DevicePin;
import sluice.training.examples.ExampleReader;
import sluice.training.examples.MinibatchRange;
import sluice.training.examples.Minibatches;
import sluice.training.examples.Shards;

class StuckRoundTest {
  /** Worker 1 never gets anywhere; the others have nothing to do. */
  private static final class Stuck implements ExampleReader<Integer> {
    private static final long serialVersionUID = 1L;

    @Override
    public Minibatches read(int worker, Iterator<Integer> shard, MinibatchRange range) {
      return new Minibatches() {
        @Override
        public boolean advance() {
          try {
            if (worker == 1) {
              Thread.sleep(15_000);
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return false;
        }

        @Override
        public int epoch() {
          return 0;
        }

        @Override
        public int index() {
          return 0;
        }

        @Override
        public int examples() {
          return 0;
        }

        @Override
        public MultiDataSet arrays() {
          throw new IllegalStateException("there is none");
        }

        @Override
        public void close() {}
      };
    }
  }

  private static Network network() {
    return Network.of(
        new NeuralNetConfiguration.Builder()
            .seed(5)
            .list()
            .layer(new OutputLayer.Builder(new LossMSE()).nIn(1).nOut(2).build())
            .build());
  }

  @Test
  void aStuckRoundSaysWhichWorkerItWaitsFor() {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
    JavaRDD<Integer> shards = spark.parallelize(List.of(0, 1, 2), 3);
    Network network = network();
    AveragingEngine.Settings settings =
        new AveragingEngine.Settings(
            UpdaterState.AVERAGED, new OuterOptimiser.Average(), new WeightAverage.None(), 1, 3, 0);
    AveragingEngine<Integer> engine =
        new AveragingEngine<>(
            spark,
            Shards.whole(shards),
            new Stuck(),
            network,
            new ReplicaPool.Lender(
                UUID.randomUUID().toString(), StuckRoundTest::network, DevicePin.host()),
            settings,
            AveragingState.initial(network, settings, 3));
    assertThatThrownBy(() -> engine.round(new MinibatchRange(0, 1, 0, 1, 1, 0), "train: a round"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "train: a round: a round must end within 3 s (train.round-timeout-seconds); not done are"
                + " logical workers [1]");
  }
}
