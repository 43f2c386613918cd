package sluice.network.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Random;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import sluice.data.InvalidInput;
import sluice.network.FloatArrays;
import sluice.network.Network;

class ColumnTokensTest {
  private static final int[] CARDINALITIES = {3, 50};

  private static ColumnTokens.Builder tokens() {
    return new ColumnTokens.Builder(5)
        .name("t")
        .number("age")
        .number("income")
        .category("sex", 3)
        .category("town", 50);
  }

  private static float[] draw(Random random, int examples) {
    float[] columns = new float[4 * examples];
    for (int i = 0; i < columns.length; i++) {
      columns[i] =
          i % 4 < 2 ? (float) random.nextGaussian() : random.nextInt(CARDINALITIES[i % 4 - 2]);
    }
    return columns;
  }

  private static LayerChecks checks(ColumnTokens.Builder tokens) {
    return new LayerChecks(
        InputType.feedForward(4),
        ColumnTokensTest::draw,
        tokens.build(),
        new LayerNorm.Builder().build(),
        new SeriesPooling.Builder(SeriesPooling.Kind.LAST).build());
  }

  @Test
  void tokensAreALayerAsAnyOther() throws IOException {
    LayerChecks checks =
        new LayerChecks(InputType.feedForward(4), ColumnTokensTest::draw, tokens().build());
    checks.gradientsAreRight();
    checks.kernelsComputeTheSame();
    checks.isReadAsItWasWritten();
  }

  @Test
  void theLastStepIsALayerAsAnyOther() throws IOException {
    checks(tokens()).hold();
  }

  /** The gradient by the numbers too; there are no categories here. */
  @Test
  void numbersMayComeFromALayer() throws IOException {
    new LayerChecks(
            InputType.feedForward(3),
            (random, examples) -> LayerChecks.numbers(random, 3 * examples),
            new DenseLayer.Builder().nOut(2).build(),
            new ColumnTokens.Builder(3).number("a").number("b").build(),
            new LayerNorm.Builder().build(),
            new SeriesPooling.Builder(SeriesPooling.Kind.LAST).build())
        .gradientsAreRight();
    new LayerChecks(
            InputType.feedForward(3),
            (random, examples) -> LayerChecks.numbers(random, 3 * examples),
            new DenseLayer.Builder().nOut(2).build(),
            new ColumnTokens.Builder(3).number("a").number("b").build())
        .kernelsComputeTheSame();
  }

  @Test
  void aTokenIsAVectorOfItsColumn() {
    MultiLayerNetwork network = new MultiLayerNetwork(checks(tokens()).configuration());
    network.init();
    network.getParam("0_W").assign(2);
    network.getParam("0_E0").assign(3);
    network.getParam("0_E1").assign(4);
    network.getParam("0_b").assign(0.5);
    network.getParam("0_c").assign(7);
    INDArray out = network.feedForward(FloatArrays.create(new float[] {1, -2, 2, 49}, 1, 4)).get(1);
    assertThat(out.shape()).containsExactly(1, 5, 5);
    assertThat(FloatArrays.copy(out.slice(0).getRow(3)))
        .containsExactly(2.5f, -3.5f, 3.5f, 4.5f, 7);
  }

  @Test
  void penaltiesLeaveTokensAlone() {
    ColumnTokens tokens = tokens().build();
    for (String name : tokens.initializer().paramKeys(tokens)) {
      assertThat(tokens.getRegularizationByParam(name)).as(name).isNull();
    }
  }

  @Test
  void refusesWhatMakesNoSense() {
    Network network = Network.of(checks(tokens()).configuration());
    INDArray in = FloatArrays.create(new float[] {1, -2, 2, 50}, 1, 4);
    assertThatThrownBy(() -> network.outputs(in))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "layer t: column town: the index of a category must be a whole number from 0 to 49,"
                + " got 50.0");
    assertThatThrownBy(() -> new ColumnTokens.Builder(0).number("a").build())
        .hasMessage("layer ColumnTokens: the dimension of tokens must be at least 1, got 0");
    assertThatThrownBy(() -> new ColumnTokens.Builder(1).build())
        .hasMessage("layer ColumnTokens: at least one column is needed, got none");
    assertThatThrownBy(() -> tokens().category("c", 0))
        .hasMessage("column c: the number of categories must be from 1 to 16777216, got 0");
  }
}
