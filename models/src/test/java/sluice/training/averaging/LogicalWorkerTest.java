package sluice.training.averaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import sluice.network.FloatArrays;
import sluice.network.Natives;
import sluice.network.Network;
import sluice.network.Replica;
import sluice.network.TableRows;
import sluice.training.examples.FloatVector;
import sluice.training.examples.MinibatchRange;
import sluice.training.examples.Minibatches;

class LogicalWorkerTest {
  private static final double RATE = 0.01;

  /** The same example in each minibatch. */
  private static final class OneExample implements Minibatches {
    private final MinibatchRange range;
    private int index;

    OneExample(MinibatchRange range) {
      this.range = range;
      index = range.firstMinibatch() - 1;
    }

    @Override
    public boolean advance() {
      index++;
      return index < range.endMinibatch();
    }

    @Override
    public int epoch() {
      return range.firstEpoch();
    }

    @Override
    public int index() {
      return index;
    }

    @Override
    public int examples() {
      return 1;
    }

    @Override
    public MultiDataSet arrays() {
      return new MultiDataSet(
          FloatArrays.create(new float[] {1}, 1, 1), FloatArrays.create(new float[] {9}, 1, 1));
    }

    @Override
    public void close() {}
  }

  /** Adam's first step is as long as the learning rate, in whichever round its state begins. */
  @Test
  void aFreshUpdaterCorrectsItsAveragesFromItsOwnFirstStep() {
    Natives.load();
    Network network =
        Network.of(
            new NeuralNetConfiguration.Builder()
                .seed(5)
                .updater(new Adam(RATE))
                .list()
                .layer(
                    new OutputLayer.Builder(new LossMSE())
                        .nIn(1)
                        .nOut(1)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
    float[] zeros = new float[network.updaterState().length];
    WholeNetwork start =
        new WholeNetwork(new FloatVector(new float[] {0, 0}), new FloatVector(zeros));
    for (Replica way : List.of(network, network.replica())) {
      for (int first : new int[] {0, 500}) {
        MinibatchRange range = new MinibatchRange(0, 1, first, first + 3, 1000, 0);
        Round round =
            new Round(
                "this",
                first,
                network.replicas().tables(),
                Exchange.of(new Replica.Changes(new float[] {0, 0}, zeros, TableRows.NONE)),
                1,
                0,
                range);
        LogicalWorker.train(way, 0, new OneExample(range), round, start, zeros, UpdaterState.RESET);
        for (float moved : way.parameters()) {
          assertThat(moved).isBetween((float) (2.9 * RATE), (float) (3.1 * RATE));
        }
      }
    }
  }
}
