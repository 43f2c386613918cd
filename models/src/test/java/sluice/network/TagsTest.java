package sluice.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.dataset.MultiDataSet;
import sluice.data.InvalidInput;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.network.layers.SeriesPooling;
import sluice.network.layers.TransformerBlock;
import sluice.network.spec.Concatenation;
import sluice.network.spec.Decoder;
import sluice.network.spec.Embeddings;
import sluice.network.spec.Encoder;
import sluice.network.spec.EncoderNetwork;
import sluice.network.spec.Loss;
import sluice.network.spec.MlpEncoder;
import sluice.network.spec.MultilayerPerceptron.HiddenActivation;
import sluice.network.spec.MultilayerPerceptron.InitialWeights;
import sluice.network.spec.NetworkDefinition;
import sluice.network.spec.RecurrentEncoder;
import sluice.network.spec.SequenceTransformerEncoder;
import sluice.network.spec.TextCnnEncoder;
import sluice.network.spec.Weighting;

/** Networks that tag the steps of a series. */
class TagsTest {
  private static final int WORDS = 11;
  private static final int TAGS = 3;
  private static final int MOST = 12;
  private static final Concatenation PLAIN =
      new Concatenation(List.of(), HiddenActivation.RELU, 0, InitialWeights.HE);
  private static final TensorSpec TEXT =
      TensorSpec.of("text", Element.INDEX, List.of(-1), List.of(), List.of(WORDS), List.of());
  private static final TensorSpec NUMBERS =
      TensorSpec.of(
          "numbers", Element.FLOAT32, List.of(2), List.of("a", "b"), List.of(), List.of());
  private static final Target TAGGED = Target.tags(TAGS, new Target.Steps("text", 5)).named("tags");

  private static MlpEncoder columns() {
    return new MlpEncoder(
        List.of(4), HiddenActivation.RELU, 0, InitialWeights.HE, new Embeddings(null), null);
  }

  private static Encoder encoder(String name) {
    return switch (name) {
      case "gru" ->
          new RecurrentEncoder(
              RecurrentEncoder.Cell.GRU, 6, 5, 1, true, SeriesPooling.Kind.MAX, MOST, 0);
      case "lstm" ->
          new RecurrentEncoder(
              RecurrentEncoder.Cell.LSTM, 6, 5, 2, false, SeriesPooling.Kind.MEAN, MOST, 0);
      case "transformer" ->
          new SequenceTransformerEncoder(
              8,
              2,
              2,
              12,
              SequenceTransformerEncoder.Positions.LEARNT,
              TransformerBlock.Norm.PRE,
              SeriesPooling.Kind.MEAN,
              MOST,
              0,
              0);
      default -> new TextCnnEncoder(6, List.of(2, 3), 4, MOST, 0);
    };
  }

  private static NetworkDefinition tags(String encoder, Loss loss) {
    return new NetworkDefinition(
        new EncoderNetwork(Map.of("text", encoder(encoder)), PLAIN, Map.of(), loss, null),
        List.of(TEXT),
        TAGGED);
  }

  /** A class of the whole example beside its tags. */
  private static NetworkDefinition both(String encoder) {
    return new NetworkDefinition(
        new EncoderNetwork(
            Map.of("text", encoder(encoder), EncoderNetwork.COLUMNS, columns()),
            PLAIN,
            Map.of(),
            Loss.AUTO,
            null),
        List.of(NUMBERS, TEXT),
        List.of(Target.binary(1).named("class"), TAGGED));
  }

  /** Examples of up to 15 steps, some of none, with a label each; some lack one or the other. */
  private static float[] fill(NetworkDefinition definition, Examples examples, int count) {
    Random random = new Random(9);
    ExampleLayout layout = definition.batcher().layout();
    int targets = definition.targets().size();
    float[] labels = new float[count * targets];
    for (int i = 0; i < count; i++) {
      int steps = i == 2 ? 0 : i == 4 ? 15 : 1 + random.nextInt(15);
      Example example = new Example(layout);
      for (int g = 0; g < layout.groups(); g++) {
        if (layout.name(g).equals("numbers")) {
          example.put(g, new float[] {random.nextFloat(), random.nextFloat()});
        } else {
          boolean missing = layout.target(g) >= 0 && targets > 1 && i == 1;
          example.put(
              g,
              random.ints(missing ? 0 : steps, 0, layout.target(g) < 0 ? WORDS : TAGS).toArray());
        }
      }
      examples.add(example);
      for (int t = 0; t < targets; t++) {
        boolean ofSteps = definition.targets().get(t).isOfSteps();
        labels[i * targets + t] =
            targets > 1 && i == (ofSteps ? 1 : 3) ? Float.NaN : ofSteps ? steps : i % 2;
      }
    }
    return labels;
  }

  private static void assertEnginesAgree(NetworkDefinition definition) {
    Examples examples = new Examples(definition.batcher().layout());
    float[] labels = fill(definition, examples, 7);
    float[][] weights = new float[definition.targets().size()][0];
    weights[weights.length - 1] = new float[] {0.5f, 1, 2.5f};
    Batcher batcher = definition.batcher().weighing(weights);
    Network initial = definition.initial(new UpdaterSpec.Sgd(0.1), 3);
    Replica compiled = initial.replica();
    Replica reference = initial.replicas().uncompiled().get();
    for (Replica replica : List.of(compiled, reference)) {
      replica.setParameters(initial.parameters());
      replica.setUpdaterState(new float[replica.updaterState().length]);
      replica.setCounters(0, 0);
    }
    for (int from = 0; from < 5; from++) {
      Batch batch = batcher.batch(4);
      batcher.fill(batch, examples, labels, from, Math.min(from + 4, 7));
      MultiDataSet arrays = batch.arrays();
      assertThat(compiled.fit(arrays)).isCloseTo(reference.fit(arrays), within(2e-5));
    }
    assertThat(compiled.parameters()).containsExactly(reference.parameters(), within(1e-5f));
    assertThat(compiled.parameters()).isNotEqualTo(initial.parameters());

    Batcher plain = definition.batcher().unweighted();
    Batch batch = plain.batch(7);
    plain.fill(batch, examples, labels, 0, 7);
    Replica.Judged one = compiled.judge(batch.arrays());
    Replica.Judged other = reference.judge(batch.arrays());
    for (int t = 0; t < definition.targets().size(); t++) {
      assertThat(one.losses()[t]).containsExactly(other.losses()[t], within(2e-5f));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gru", "lstm", "transformer", "textcnn"})
  void bothEnginesLearnTheSame(String encoder) {
    assertEnginesAgree(tags(encoder, Loss.AUTO));
  }

  @Test
  void losesOfAllKindsLeavePaddingOut() {
    assertEnginesAgree(tags("textcnn", new Loss.CrossEntropy(0.1)));
    assertEnginesAgree(tags("textcnn", Loss.MEAN_SQUARED_ERROR));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gru", "textcnn"})
  void aClassMayStandBesideTags(String encoder) {
    assertEnginesAgree(both(encoder));
  }

  /**
   * Of one example the loss is the cross-entropy of its steps that are read, over the mean number.
   */
  @Test
  void theLossIsOfTheStepsThatAreRead() {
    NetworkDefinition definition = tags("textcnn", Loss.AUTO);
    Batcher batcher = definition.batcher();
    Examples examples = new Examples(batcher.layout());
    float[] labels = fill(definition, examples, 7);
    Network initial = definition.initial(new UpdaterSpec.Sgd(0.1), 3);
    Predictor predictor = definition.predictor(initial.parameters());
    Examples plain = new Examples(definition.layout());
    for (int i = 0; i < 7; i++) {
      Example example = new Example(definition.layout());
      example.put(0, examples.indices(i, 0));
      plain.add(example);
    }
    float[][] said = predictor.predict(plain)[0];
    double sum = 0;
    int longest = 0;
    for (int i = 0; i < 7; i++) {
      int[] tags = batcher.indices(examples, i, 0);
      longest = Math.max(longest, tags.length);
      assertThat(said[i]).hasSize(TAGS * Math.min(MOST, tags.length));
      for (int step = 0; step < said[i].length / TAGS; step++) {
        sum -= Math.log(said[i][step * TAGS + tags[step]]);
      }
    }
    assertThat(longest).isGreaterThan(MOST);
    Replica replica = initial.replica();
    replica.setParameters(initial.parameters());
    Batch batch = batcher.batch(7);
    batcher.fill(batch, examples, labels, 0, 7);

    assertThat(replica.fit(batch.arrays())).isCloseTo(sum / 5 / 7, within(1e-5));
  }

  /** Alone, among others, and by Deeplearning4j. */
  @ParameterizedTest
  @ValueSource(strings = {"gru", "lstm", "transformer", "textcnn"})
  void aPredictionDependsOnItsExampleAlone(String encoder) {
    NetworkDefinition definition = tags(encoder, Loss.AUTO);
    float[] parameters = definition.initial(new UpdaterSpec.Sgd(1), 3).parameters();
    Predictor predictor = definition.predictor(parameters);
    Examples all = new Examples(definition.layout());
    Random random = new Random(2);
    Example[] each = new Example[40];
    for (int i = 0; i < each.length; i++) {
      each[i] = new Example(definition.layout());
      each[i].put(0, random.ints(random.nextInt(15), 0, WORDS).toArray());
      all.add(each[i]);
    }
    float[][] together = predictor.predict(all)[0];
    Predictor slow =
        new Predictor(
            new Dl4jInference(definition.with(parameters)),
            new Batcher(
                definition.layout(),
                definition.spec().inputs(definition.inputs(), definition.layout()),
                definition.targets(),
                new double[] {1}));
    float[][] byDl4j = slow.predict(all)[0];
    for (int i = 0; i < each.length; i++) {
      Examples alone = new Examples(definition.layout());
      alone.add(each[i]);
      assertThat(together[i]).isEqualTo(predictor.predict(alone)[0][0]);
      assertThat(byDl4j[i]).containsExactly(together[i], within(1e-5f));
      for (int at = 0; at < together[i].length; at += TAGS) {
        float[] step = Arrays.copyOfRange(together[i], at, at + TAGS);
        assertThat(step[0] + step[1] + step[2]).isCloseTo(1, within(1e-5f));
      }
    }
  }

  @Test
  void whatCannotTagIsRefusedByName() {
    assertThat(
            new EncoderNetwork(
                    Map.of("text", columns()),
                    PLAIN,
                    Map.of(
                        "tags",
                        new Decoder(List.of(5), HiddenActivation.RELU, 0, InitialWeights.HE, 1)),
                    Loss.AUTO,
                    Weighting.UNCERTAINTY,
                    null)
                .tagProblems("tags", "text"))
        .containsExactly(
            "model.inputs.text must be recurrent, sequence-transformer or textcnn for a label of tags, as tags is",
            "model.outputs.tags.hidden must be empty for a label of tags, got [5]",
            "model.weighting must be fixed with a label of tags, as tags is, got uncertainty");
    NetworkDefinition misfit =
        new NetworkDefinition(
            new EncoderNetwork(
                Map.of("text", encoder("gru")), PLAIN, Map.of(), new Loss.Huber(1), null),
            List.of(TEXT),
            TAGGED);
    assertThatThrownBy(() -> misfit.initial(new UpdaterSpec.Sgd(1), 1))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("model.loss huber needs a label of numbers");
  }
}
