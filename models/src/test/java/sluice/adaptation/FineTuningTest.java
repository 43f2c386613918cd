package sluice.adaptation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sluice.adaptation.AdaptSettings.Lora;
import sluice.adaptation.AdaptSettings.Matrices;
import sluice.adaptation.AdaptSettings.Rates;
import sluice.adaptation.Reviews.Trained;
import sluice.data.InvalidInput;
import sluice.network.GradientClipping;
import sluice.network.NamedLayer;
import sluice.network.Network;
import sluice.network.Optimisation;
import sluice.network.RowTables;
import sluice.network.UpdaterSpec;
import sluice.network.spec.NetworkDefinition;
import sluice.normalise.FittedPreprocessing;
import sluice.normalise.Standardise;
import sluice.training.TrainSettings;
import sluice.training.TrainSettings.EarlyStopping;
import sluice.training.TrainSettings.Engine;
import sluice.training.TrainSettingsBuilder;
import sluice.training.TrainedNetwork;
import sluice.training.Trainer;
import sluice.training.TrainingProgress;
import sluice.training.averaging.OuterOptimiser;
import sluice.training.averaging.RoundProgress;
import sluice.training.averaging.UpdaterState;
import sluice.training.averaging.WeightAverage;
import sluice.training.checkpoint.CheckpointSettings;
import sluice.training.checkpoint.Checkpoints;

/** A network that learned topics of many texts learns another label of a few. */
final class FineTuningTest {
  private static final UpdaterSpec ADAM = new UpdaterSpec.Adam(0.005, 0.9, 0.999, 1e-8);
  private static final String TEXT = "encoder/text/";
  private static final int HIDDEN = 24;
  private static final int FEW = 48;

  private static Trained source;
  private static FittedPreprocessing fitted;
  private static NetworkDefinition definition;
  private static Dataset<Row> train;
  private static Dataset<Row> held;

  @BeforeAll
  static void pretrain() {
    Dataset<Row> many = Reviews.rows(1500, 1, 2);
    FittedPreprocessing first = Reviews.fitted(many, "topic", List.of());
    NetworkDefinition topics = Reviews.definition(first, Reviews.TOPICS, HIDDEN);
    TrainedNetwork trained =
        new Trainer(
                topics,
                TrainSettingsBuilder.of(6, 32, 1, 64, ADAM).build(),
                1,
                TrainingProgress.SILENT)
            .train(Reviews.features(first, many), Reviews.features(first, Reviews.rows(0, 2, 1)));
    source = Trained.of(topics, trained.parameters(), first);
    Dataset<Row> few = Reviews.rows(FEW, 3, 2);
    TakenFeatures taken =
        TakenFeatures.of(
            source.features(),
            Reviews.settings("even", Reviews.words()),
            Reviews.CONTRACT,
            List.of("text"),
            "there");
    assertThat(taken.names()).containsExactly("text");
    assertThat(taken.others()).containsOnlyKeys("length");
    fitted = Reviews.fitted(few, "even", taken.groups());
    definition = Reviews.definition(fitted, 2, HIDDEN);
    train = Reviews.features(fitted, few).cache();
    held = Reviews.features(fitted, Reviews.rows(400, 4, 2)).cache();
  }

  private static AdaptSettings settings(List<String> freeze, Rates rates) {
    return new AdaptSettings("there", List.of("text"), freeze, rates, null, null);
  }

  private static AdaptSettings lora(Matrices... targets) {
    return new AdaptSettings(
        "there", List.of("text"), List.of(), Rates.same(), null, new Lora(4, 8, List.of(targets)));
  }

  private static AdaptSettings gradual() {
    return new AdaptSettings(
        "there", List.of("text"), List.of(), new Rates(2.6, Map.of()), 1, null);
  }

  private static FineTuning tuning(AdaptSettings settings) {
    Transfer transfer =
        Transfer.of(source, definition, fitted.features(), settings.inputs(), "there");
    return new FineTuning(transfer, definition, settings);
  }

  private static TrainSettingsBuilder training(int epochs) {
    return TrainSettingsBuilder.of(epochs, 8, 2, 2, ADAM);
  }

  private static TrainedNetwork trained(AdaptSettings settings, TrainSettings training) {
    return new Trainer(definition, training, 5, TrainingProgress.SILENT)
        .from(tuning(settings))
        .train(train, held);
  }

  private static double accuracy(TrainedNetwork network) {
    return network.history().stream()
        .mapToDouble(epoch -> Objects.requireNonNull(epoch.validationMetrics().get("accuracy")))
        .max()
        .orElseThrow();
  }

  /** By the name of each layer its parameters. */
  private static Map<String, float[]> layers(NetworkDefinition of, float[] parameters) {
    Map<String, float[]> layers = new HashMap<>();
    for (NamedLayer layer : of.with(parameters).namedLayers()) {
      if (layer.parameters() > 0) {
        int from = layer.from();
        layers.put(layer.name(), Arrays.copyOfRange(parameters, from, from + layer.parameters()));
      }
    }
    return layers;
  }

  private static float[] block1(NetworkDefinition of, float[] parameters) {
    return Objects.requireNonNull(layers(of, parameters).get(TEXT + "block1"));
  }

  private static void assertKept(float[] parameters, List<String> kept) {
    Map<String, float[]> before = layers(source.definition(), source.parameters());
    Map<String, float[]> after = layers(definition, parameters);
    after.forEach(
        (name, values) -> {
          if (kept.contains(name)) {
            assertThat(values).as(name).containsExactly(before.get(name));
          } else {
            assertThat(values).as(name).isNotEqualTo(before.get(name));
          }
        });
    assertThat(after.keySet()).containsAll(kept);
  }

  /** Its words are known from elsewhere: most do not occur in the few texts. */
  @Test
  void transferBeatsLearningFromScratch() {
    TrainSettings training =
        training(25).earlyStopping(new EarlyStopping(EarlyStopping.LOSS, 0, 0)).build();
    FittedPreprocessing own = Reviews.fitted(Reviews.rows(FEW, 3, 2), "even", List.of());
    double scratch =
        accuracy(
            new Trainer(Reviews.definition(own, 2, HIDDEN), training, 5, TrainingProgress.SILENT)
                .train(
                    Reviews.features(own, Reviews.rows(FEW, 3, 2)),
                    Reviews.features(own, Reviews.rows(400, 4, 2))));
    double tuned = accuracy(trained(settings(List.of(), Rates.same()), training));
    double byAdapters = accuracy(trained(lora(Matrices.QUERY, Matrices.VALUE), training));
    assertThat(tuned).isGreaterThan(scratch + 0.1).isGreaterThan(0.9);
    assertThat(byAdapters).isGreaterThan(scratch + 0.1).isGreaterThan(0.9);
  }

  /** However the parameters are averaged, and whatever takes the steps. */
  @ParameterizedTest
  @EnumSource(Engine.class)
  void frozenLayersStay(Engine engine) {
    AdaptSettings settings = settings(List.of("text/tokens", "text/block1"), Rates.same());
    TrainedNetwork network =
        trained(
            settings,
            training(2)
                .engine(engine)
                .outer(new OuterOptimiser.SlowMomentum(1, 0.5))
                .ema(new WeightAverage.Exponential(0.9))
                .build());
    assertKept(network.parameters(), List.of(TEXT + "tokens", TEXT + "block1"));
    assertThat(tuning(settings).frozen()).containsExactly(TEXT + "tokens", TEXT + "block1");
  }

  /** Rounds exchange what learns. */
  @Test
  void whatIsFrozenIsNotExchanged() {
    Network frozen = begun(settings(List.of("text/tokens"), Rates.same())).network(0);
    RowTables tables = frozen.replicas().tables();
    float[] parameters = frozen.parameters();
    int tokens =
        frozen.namedLayers().stream()
            .filter(layer -> layer.name().equals(TEXT + "tokens"))
            .mapToInt(NamedLayer::parameters)
            .sum();
    assertThat(tokens).isPositive();
    assertThat(tables.parametersOfTables()).isEqualTo(tokens);
    assertThat(tables.numbersOf(1000)).isZero();
    assertThat(tables.rest(parameters)).hasSize(parameters.length - tokens);
    assertThat(frozen.replicas().uncompiled().tables()).isEqualTo(tables);

    Network adapted = begun(lora(Matrices.QUERY)).network(0);
    RowTables base = adapted.replicas().tables();
    // In each block the rank times what the matrix takes and gives; the head with the column beside
    // it.
    int head =
        adapted.namedLayers().stream()
            .filter(layer -> !layer.name().startsWith(TEXT))
            .mapToInt(NamedLayer::parameters)
            .sum();
    assertThat(base.rest(adapted.parameters())).hasSize(2 * 4 * (16 + 16) + head);
    assertThat(begun(settings(List.of(), Rates.same())).network(0).replicas().tables().isEmpty())
        .isTrue();
  }

  /** Of what learns by adapters, all else stays; the adapters are merged at the end. */
  @ParameterizedTest
  @EnumSource(Engine.class)
  void adaptersAreMerged(Engine engine) {
    TrainedNetwork network = trained(lora(Matrices.values()), training(2).engine(engine).build());
    assertKept(network.parameters(), List.of(TEXT + "tokens", TEXT + "normalised"));
    int changed = 0;
    float[] before = block1(source.definition(), source.parameters());
    float[] after = block1(definition, network.parameters());
    for (int i = 0; i < before.length; i++) {
      changed += before[i] == after[i] ? 0 : 1;
    }
    // All matrices, neither biases nor gains.
    int all = 16 * 48 + 16 * 16 + 2 * 16 * HIDDEN;
    assertThat(changed).isBetween(all * 98 / 100, all);
  }

  @Test
  void theMergedNetworkPredictsTheSame() {
    AdaptedNetwork adapted = begun(lora(Matrices.values()));
    Network network = adapted.network(0);
    float[] parameters = network.parameters();
    Random random = new Random(6);
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] += 0.05f * (float) random.nextGaussian();
    }
    float[][] inputs = {numbers(random, 32, 0), numbers(random, 8 * 32, 200)};
    float[][] masks = {{}, new float[8 * 32]};
    Arrays.fill(masks[1], 1);
    float[] merged = adapted.merged(parameters);
    assertThat(merged.length).isLessThan(parameters.length);
    float[] found = definition.with(merged).inference().outputs(inputs, masks, 32)[0];
    assertThat(network.inference(parameters).outputs(inputs, masks, 32)[0])
        .containsExactly(found, within(1e-6f));
    assertThat(found[0]).isNotEqualTo(found[1]);
  }

  private static float[] numbers(Random random, int count, int indices) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = indices > 0 ? random.nextInt(indices) : (float) random.nextGaussian();
    }
    return numbers;
  }

  private static AdaptedNetwork begun(AdaptSettings settings) {
    return tuning(settings)
        .begin(
            definition.initial(new UpdaterSpec.Sgd(0.1), 5),
            Optimisation.constant(new UpdaterSpec.Sgd(0.1), GradientClipping.none()));
  }

  private static Map<String, Double> rates(Network network) {
    Map<String, Double> rates = new HashMap<>();
    for (NamedLayer layer : network.namedLayers()) {
      for (Network.Span span : network.spans(0, 0)) {
        if (layer.parameters() > 0 && span.from() == layer.from()) {
          rates.put(layer.name(), Math.round(1e6 * span.rate()) / 1e6);
        }
      }
    }
    return rates;
  }

  /** From the top down each layer slower, unless it is named. */
  @Test
  void layersHaveLearningRates() {
    Map<String, Double> rates =
        rates(begun(settings(List.of(), new Rates(2, Map.of("text/block1", 0.7)))).network(0));
    assertThat(rates)
        .containsEntry("decoder/label/output", 0.1)
        .containsEntry("combiner/dense1", 0.1)
        .containsEntry("encoder/columns/dense1", 0.1)
        .containsEntry(TEXT + "normalised", 0.05)
        .containsEntry(TEXT + "block2", 0.025)
        .containsEntry(TEXT + "block1", 0.07)
        .containsEntry(TEXT + "tokens", 0.00625);
  }

  @Test
  void layersBeginToLearnFromTheTop() {
    AdaptedNetwork network = begun(gradual());
    assertThat(network.phases()).isEqualTo(5);
    List<String> downwards = List.of("normalised", "block2", "block1", "tokens");
    for (int epoch = 0; epoch < 7; epoch++) {
      assertThat(network.phaseOf(epoch)).isEqualTo(Math.min(epoch, 4));
      Map<String, Double> rates = rates(network.network(network.phaseOf(epoch)));
      for (int depth = 1; depth <= 4; depth++) {
        assertThat(Objects.requireNonNull(rates.get(TEXT + downwards.get(depth - 1))) > 0)
            .isEqualTo(depth <= epoch);
      }
    }
  }

  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Is killed after some rounds. */
  private static TrainingProgress killed(int after) {
    return new TrainingProgress() {
      private int rounds;

      @Override
      public void averaged(RoundProgress round) {
        if (++rounds > after) {
          throw new Killed();
        }
      }
    };
  }

  /** Also within and between the phases of gradual unfreezing; partitions do not matter either. */
  @ParameterizedTest
  @EnumSource(UpdaterState.class)
  void aResumedFineTuningComesToTheSameBits(UpdaterState kept, @TempDir Path dir) {
    TrainSettings training =
        training(4)
            .updaterState(kept)
            .outer(new OuterOptimiser.Nesterov(0.7, 0.5))
            .checkpoint(new CheckpointSettings(1, 2))
            .build();
    TrainedNetwork unbroken = trained(gradual(), training);
    Checkpoints checkpoints =
        new Checkpoints(
            new org.apache.hadoop.fs.Path(dir.toUri()), new Configuration(), kept.name());
    TrainedNetwork resumed = null;
    int lives = 0;
    while (resumed == null) {
      try {
        lives++;
        resumed =
            new Trainer(definition, training, 5, killed(2))
                .from(tuning(gradual()))
                .train(train.repartition(3), held, checkpoints);
      } catch (Killed e) {
        assertThat(lives).isLessThan(20);
      }
    }
    assertThat(lives).isGreaterThan(3);
    assertThat(resumed.parameters()).containsExactly(unbroken.parameters());
    assertThat(resumed.history()).isEqualTo(unbroken.history());
    assertThat(unbroken.history()).hasSize(4);
  }

  /** What is frozen is not exchanged, and part of every checkpoint all the same. */
  @ParameterizedTest
  @EnumSource(UpdaterState.class)
  void stoppedWithFrozenLayersItGoesOnFromTheLatestRound(UpdaterState kept, @TempDir Path dir) {
    AdaptSettings settings = settings(List.of("text/tokens"), Rates.same());
    TrainSettings training =
        training(3).updaterState(kept).checkpoint(new CheckpointSettings(50, 2)).build();
    TrainedNetwork unbroken = trained(settings, training);
    Checkpoints checkpoints =
        new Checkpoints(
            new org.apache.hadoop.fs.Path(dir.toUri()), new Configuration(), kept.name());
    assertThatThrownBy(
            () ->
                new Trainer(definition, training, 5, killed(3))
                    .from(tuning(settings))
                    .train(train, held, checkpoints))
        .isInstanceOf(Killed.class);
    assertThat(checkpoints.save().map(org.apache.hadoop.fs.Path::getName))
        .hasValue("round-000000003");
    TrainedNetwork resumed =
        new Trainer(definition, training, 5, TrainingProgress.SILENT)
            .from(tuning(settings))
            .train(train.repartition(3), held, checkpoints);
    assertThat(resumed.parameters()).containsExactly(unbroken.parameters());
    assertThat(resumed.history()).isEqualTo(unbroken.history());
  }

  @Test
  void whatDoesNotFitIsSaidByName() {
    assertThatThrownBy(
            () ->
                TakenFeatures.of(
                    source.features(),
                    Reviews.settings("even", new Standardise()),
                    Reviews.CONTRACT,
                    List.of("text"),
                    "there"))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "there: group text: the fitted steps of column text must be of [standardise] as here,"
                + " got [word-series]");
    NetworkDefinition wider = Reviews.definition(fitted, 2, 2 * HIDDEN);
    assertThatThrownBy(
            () -> Transfer.of(source, wider, fitted.features(), List.of("text"), "there"))
        .hasMessageContaining(
            "there: encoder of text: layer encoder/text/block1 must be TransformerBlock 2 heads"
                + " pre")
        .hasMessageContaining("W1[16, 48]")
        .hasMessageContaining("W1[16, 24]");
    assertThatThrownBy(
            () -> Transfer.of(source, definition, fitted.features(), List.of("length"), "there"))
        .hasMessage(
            "there: encoder of columns: the fitted steps of all its feature groups must be those"
                + " there, of length they are not");
  }

  @Test
  void layersThatAreNoneAreSaidByName() {
    assertThatThrownBy(() -> tuning(settings(List.of("text/block9", "combiner"), Rates.same())))
        .hasMessageContaining(
            "train.adapt.freeze must name a layer, or what names of layers begin with up to a"
                + " slash, got text/block9; there are ")
        .hasMessageContaining(
            "train.adapt.freeze must name layers that are taken over, got combiner:"
                + " combiner/dense1 is new");
    assertThatThrownBy(() -> tuning(settings(List.of(), new Rates(1, Map.of("tex", 0.1)))))
        .hasMessageContaining("train.adapt.rates.layers must name a layer");
    assertThatThrownBy(
            () -> new AdaptSettings(null, List.of(), List.of("text"), Rates.same(), null, null))
        .hasMessage("from must be given with other keys of adapt");
  }
}
