package sluice.network.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Random;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import sluice.data.InvalidInput;
import sluice.network.FloatArrays;
import sluice.network.Natives;
import sluice.network.Network;
import sluice.network.compiled.CompiledNetwork;
import sluice.network.compiled.MatrixProducts;

class CategoryEmbeddingTest {
  private static final int[] CARDINALITIES = {1, 7, 300};

  private static CategoryEmbedding.Builder columns() {
    return new CategoryEmbedding.Builder()
        .name("categories")
        .column("constant", 1, 2)
        .column("weekday", 7)
        .column("town", 300, 3);
  }

  private static float[] draw(Random random, int examples) {
    float[] indices = new float[examples * CARDINALITIES.length];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = random.nextInt(CARDINALITIES[i % CARDINALITIES.length]);
    }
    return indices;
  }

  private static LayerChecks checks(CategoryEmbedding.Builder embedding) {
    return new LayerChecks(
        InputType.feedForward(CARDINALITIES.length),
        CategoryEmbeddingTest::draw,
        embedding.build(),
        new DenseLayer.Builder().nOut(6).build());
  }

  @Test
  void isALayerAsAnyOther() throws IOException {
    checks(columns()).hold();
  }

  @Test
  void frozenTablesStay() {
    CategoryEmbedding embedding = columns().build();
    CompiledNetwork trained =
        new LayerChecks(
                InputType.feedForward(CARDINALITIES.length),
                CategoryEmbeddingTest::draw,
                new FrozenLayer.Builder().layer(embedding).build(),
                new DenseLayer.Builder().nOut(6).build())
            .kernelsComputeTheSame();
    assertThat(trained.fallbacks()).isEmpty();
  }

  @Test
  void withWeightNoiseDeeplearning4jComputesIt() {
    checks(columns().weightNoise(new DropConnect(1))).kernelsComputeTheSame("categories");
  }

  @ParameterizedTest
  @CsvSource({"1,2", "2,3", "3,3", "7,4", "16,4", "17,5", "1000,12", "65536,32", "16777216,32"})
  void theDimensionGoesByTheNumberOfCategories(int categories, int dimension) {
    assertThat(CategoryEmbedding.dimension(categories)).isEqualTo(dimension);
  }

  @Test
  void namesInputsAndOutputs() {
    CategoryEmbedding layer = columns().build();
    assertThat(layer.getNIn()).isEqualTo(3);
    assertThat(layer.getNOut()).isEqualTo(9);
    assertThat(layer.getColumns()).containsExactly("constant", "weekday", "town");
    assertThat(layer.getOutputType(0, InputType.feedForward(3)))
        .isEqualTo(InputType.feedForward(9));
    assertThatThrownBy(() -> layer.getOutputType(0, InputType.feedForward(4)))
        .isInstanceOf(InvalidInput.class)
        .hasMessageStartingWith(
            "layer categories: reads the indices of 3 columns of each example, got ");
  }

  /** Rows have about length 1 whatever their dimension. */
  @Test
  void beginsAtAScaleThatGoesByTheDimension() {
    Natives.load();
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            squares(
                new CategoryEmbedding.Builder().column("a", 2000, 4).column("b", 2000, 25),
                new Adam(0.1)));
    network.init();
    assertThat(network.getParam("0_W0").stdNumber().doubleValue()).isBetween(0.42, 0.52);
    assertThat(network.getParam("0_W1").stdNumber().doubleValue()).isBetween(0.17, 0.21);
  }

  @ParameterizedTest
  @ValueSource(floats = {-1, 7, 1.5f, Float.NaN, Float.POSITIVE_INFINITY})
  void anIndexOutsideOfTheTableIsAnErrorOfTheData(float index) {
    MultiLayerConfiguration configuration = checks(columns()).configuration();
    String message =
        "layer categories: column weekday: the index of a category must be a whole number from 0"
            + " to 6, got "
            + (double) index;
    INDArray in = FloatArrays.create(new float[] {0, 0, 0, 0, index, 0}, 2, 3);
    assertThatThrownBy(() -> Network.of(configuration).outputs(in))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(message);
    CompiledNetwork compiled =
        CompiledNetwork.training(configuration, MatrixProducts.ofThisProcess()).orElseThrow();
    MultiDataSet batch = new MultiDataSet(in, FloatArrays.create(new float[6], 2, 3));
    assertThatThrownBy(() -> compiled.fit(batch))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(message);
  }

  @Test
  void refusesWhatMakesNoSense() {
    CategoryEmbedding.Builder builder = new CategoryEmbedding.Builder();
    assertThatThrownBy(() -> builder.column("a", 0))
        .hasMessage("column a: the number of categories must be from 1 to 16777216, got 0");
    assertThatThrownBy(() -> builder.column("a", 16777217))
        .hasMessage("column a: the number of categories must be from 1 to 16777216, got 16777217");
    assertThatThrownBy(() -> builder.column("a", 2, 0))
        .hasMessage("column a: the dimension of an embedding must be at least 1, got 0");
    assertThatThrownBy(builder::build)
        .hasMessage("layer CategoryEmbedding: at least one column is needed, got none");
    MultiLayerConfiguration dropping = checks(columns().dropOut(0.5)).configuration();
    assertThatThrownBy(() -> Network.of(dropping).parameters())
        .isInstanceOf(InvalidInput.class)
        .hasMessageStartingWith(
            "layer categories: must have no dropout, which would change indices, got Dropout");
  }

  private static final int MANY = 1037;
  private static final int WIDE = 1013;

  private static MultiLayerConfiguration squares(
      CategoryEmbedding.Builder embedding, IUpdater updater) {
    CategoryEmbedding layer = embedding.build();
    return new NeuralNetConfiguration.Builder()
        .seed(3)
        .updater(updater)
        .l2(0.1)
        .list()
        .layer(layer)
        .layer(
            new OutputLayer.Builder(new LossMSE())
                .activation(Activation.IDENTITY)
                .nIn(layer.getNOut())
                .nOut(1)
                .build())
        .build();
  }

  private static CategoryEmbedding.Builder large() {
    return new CategoryEmbedding.Builder().column("small", 5, 2).column("large", MANY, WIDE);
  }

  private static MultiDataSet rows(int... rows) {
    float[] in = new float[2 * rows.length];
    float[] labels = new float[rows.length];
    for (int i = 0; i < rows.length; i++) {
      in[2 * i] = i % 5;
      in[2 * i + 1] = rows[i];
      labels[i] = (float) Math.sin(i);
    }
    return new MultiDataSet(
        FloatArrays.create(in, rows.length, 2), FloatArrays.create(labels, rows.length, 1));
  }

  /** Where every row is read in each step, or the updater has no kernel, it is dense Adam. */
  @Test
  void aLargeTableOfWhichAllRowsAreReadComesToTheSame() {
    int[] all = new int[MANY];
    for (int i = 0; i < MANY; i++) {
      all[i] = i;
    }
    sameSteps(squares(large(), new Adam(0.01)), rows(all), rows(all), rows(all));
  }

  @Test
  void aLargeTableWhoseUpdaterHasNoKernelComesToTheSame() {
    sameSteps(squares(large(), new RmsProp(0.01)), rows(3, 5), rows(1036, 5, 5), rows(0));
  }

  /** In the first step the moments of rows that are not read are zero anyway. */
  @Test
  void theFirstStepComesToTheSame() {
    MultiLayerConfiguration configuration = squares(large(), new Adam(0.01));
    Network dense = Network.of(configuration);
    CompiledNetwork lazy =
        CompiledNetwork.training(configuration, MatrixProducts.ofThisProcess()).orElseThrow();
    float[] start = dense.parameters();
    lazy.setParameters(start);
    dense.fit(rows(3, 5, 3, 1036));
    lazy.fit(rows(3, 5, 3, 1036));
    float[] expected = dense.parameters();
    float[] found = lazy.parameters();
    for (int row = 0; row < MANY; row++) {
      boolean read = row == 3 || row == 5 || row == 1036;
      for (int i = 0; i < WIDE; i++) {
        int at = 10 + row * WIDE + i;
        float is = read ? expected[at] : start[at];
        if (Math.abs(found[at] - is) > 1e-6f) {
          assertThat(found[at]).as("row %s", row).isEqualTo(is);
        }
      }
    }
  }

  /** A row keeps its values and its moments while it is not read. */
  @Test
  void rowsThatAreNotReadStay() {
    MultiLayerConfiguration configuration = squares(large(), new Adam(0.01));
    CompiledNetwork lazy =
        CompiledNetwork.training(configuration, MatrixProducts.ofThisProcess()).orElseThrow();
    lazy.setParameters(Network.of(configuration).parameters());
    lazy.setUpdaterState(new float[lazy.updaterState().length]);
    lazy.fit(rows(3, 5));
    float[] parameters = lazy.parameters();
    float[] state = lazy.updaterState();
    lazy.fit(rows(5, 4, 4));
    float[] after = lazy.parameters();
    float[] stateAfter = lazy.updaterState();
    int size = parameters.length;
    for (int row = 0; row < MANY; row++) {
      boolean stays = row != 4 && row != 5;
      for (int i = 0; i < WIDE; i++) {
        int at = 10 + row * WIDE + i;
        if (stays != (parameters[at] == after[at])
            || stays != (state[at] == stateAfter[at])
            || stays != (state[at + size] == stateAfter[at + size])) {
          assertThat(row).as("a row that moved or stayed").isEqualTo(-1);
        }
      }
    }
    assertThat(state[10 + 3 * WIDE]).isNotZero();
  }

  private static void sameSteps(MultiLayerConfiguration configuration, MultiDataSet... batches) {
    Network expected = Network.of(configuration);
    CompiledNetwork found =
        CompiledNetwork.training(configuration, MatrixProducts.ofThisProcess()).orElseThrow();
    found.setParameters(expected.parameters());
    found.setUpdaterState(expected.updaterState());
    for (MultiDataSet batch : batches) {
      double loss = expected.fit(batch);
      assertThat(found.fit(batch)).isCloseTo(loss, within(1e-4));
    }
    float[] is = found.parameters();
    float[] should = expected.parameters();
    for (int i = 0; i < is.length; i++) {
      if (Math.abs(is[i] - should[i]) > 1e-5f + 1e-4f * Math.abs(should[i])) {
        assertThat(is[i]).as("parameter %s", i).isEqualTo(should[i]);
      }
    }
  }
}
