package sluice.network.compiled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import sluice.data.InvalidInput;
import sluice.network.layers.SelfAttention;
import sluice.network.layers.SeriesPooling;

/** Arrays that are too large for an index are refused before anything is computed. */
class ArenaTest {
  @Test
  void aMinibatchThatHasNoRoomIsRefused() {
    Arena arena = new Arena(new Arena.Memory());
    Block block = arena.block(1 << 22);
    assertThatThrownBy(() -> arena.makeRoom(128))
        .isInstanceOfSatisfying(
            InvalidInput.class,
            e -> assertThat(e.kind()).isEqualTo(InvalidInput.Kind.CONFIGURATION))
        .hasMessage(
            "an array of the network must have at most 536,870,911 numbers, got 128 x 4,194,304 of"
                + " a minibatch: fewer examples in it, or shorter series, or smaller layers have"
                + " room");
    arena.makeRoom(2);
    assertThat(block.pointer().capacity()).isEqualTo(2L << 22);
  }

  /** Of one operation they lie apart, as all other blocks do. */
  @Test
  void operationsShareThePlaceOfTheirScratch() {
    Arena arena = new Arena(new Arena.Memory());
    Block first = arena.scratch(10);
    Block second = arena.scratch(40);
    Block kept = arena.block(3);
    arena.endOperation();
    Block other = arena.scratch(50);
    arena.makeRoom(7);
    long place = first.pointer().address();
    assertThat(other.pointer().address()).isEqualTo(place);
    assertThat(second.pointer().address()).isGreaterThanOrEqualTo(place + 10 * Float.BYTES);
    assertThat(kept.pointer().address()).isLessThanOrEqualTo(place - 21 * Float.BYTES);
    assertThat(other.pointer().capacity()).isEqualTo(50);
  }

  /** 4 * 32,768 * 32,768 is 0 to an int. */
  @Test
  void anExampleThatHasNoRoomIsRefused() {
    MultiLayerConfiguration configuration =
        new NeuralNetConfiguration.Builder()
            .seed(5)
            .list()
            .layer(new SelfAttention.Builder(4).nOut(4).build())
            .layer(new SeriesPooling.Builder(SeriesPooling.Kind.MEAN).build())
            .layer(new OutputLayer.Builder().nOut(2).build())
            .setInputType(InputType.recurrent(4, 32_768))
            .build();
    CompiledNetwork network =
        CompiledNetwork.training(configuration, MatrixProducts.ofThisProcess()).orElseThrow();
    MultiDataSet batch =
        new MultiDataSet(Nd4j.rand(1, 4, 32_768), Nd4j.create(new float[][] {{1, 0}}));
    assertThatThrownBy(() -> network.fit(batch))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("got 1 x 4,294,967,296 of a minibatch");
  }
}
