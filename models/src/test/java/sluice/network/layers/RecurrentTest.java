package sluice.network.layers;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.GravesLSTM;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;

class RecurrentTest {
  private static final int FEATURES = 3;
  private static final int STEPS = 5;

  private static LayerChecks checks(int steps, Layer... layers) {
    return new LayerChecks(
        InputType.recurrent(FEATURES, steps),
        (random, examples) -> LayerChecks.numbers(random, FEATURES * steps * examples),
        layers);
  }

  private static LayerChecks checks(Layer... layers) {
    return checks(STEPS, layers);
  }

  private static LSTM.Builder lstm() {
    return new LSTM.Builder().nOut(4).forgetGateBiasInit(1.5);
  }

  private static Gru.Builder gru() {
    return new Gru.Builder().nOut(4).name("gru");
  }

  static Stream<Arguments> layers() {
    return Stream.of(arguments("LSTM", lstm()), arguments("GRU", gru()));
  }

  @ParameterizedTest
  @MethodSource("layers")
  void computesTheSame(String name, BaseRecurrentLayer.Builder<?> layer) {
    checks(layer.build(), layer.build()).kernelsComputeTheSame();
    checks(1, layer.build()).kernelsComputeTheSame();
    checks(new LastTimeStep(layer.build())).kernelsComputeTheSame();
    checks(layer.build(), new LastTimeStep(new Bidirectional(layer.build())))
        .kernelsComputeTheSame();
  }

  @ParameterizedTest
  @EnumSource(Bidirectional.Mode.class)
  void bothDirectionsComputeTheSame(Bidirectional.Mode mode) {
    checks(new Bidirectional(mode, lstm().build()), new Bidirectional(mode, gru().build()))
        .kernelsComputeTheSame();
  }

  @Test
  void aGruIsALayerAsAnyOther() throws IOException {
    checks(gru().build()).hold();
    checks(new LastTimeStep(new Bidirectional(gru().build()))).hold();
  }

  @Test
  void statesOfAGruDoNotRunThroughPadding() {
    LayerChecks padded =
        checks(
                gru().build(),
                new Bidirectional(gru().build()),
                new SeriesPooling.Builder(SeriesPooling.Kind.LAST).build())
            .withMasks();
    padded.gradientsAreRight();
    padded.kernelsComputeTheSame();
  }

  @Test
  void masksPassAnLstmAsWithDeeplearning4j() {
    checks(lstm().build(), new LayerNorm.Builder().build(), lstm().build())
        .withMasks()
        .kernelsComputeTheSame();
  }

  @Test
  void otherActivationsComputeTheSame() {
    checks(
            lstm().activation(Activation.SIGMOID).build(),
            lstm().activation(Activation.SELU).gateActivationFunction(Activation.TANH).build())
        .kernelsComputeTheSame();
  }

  @Test
  void wideRowsComputeTheSame() {
    checks(2, lstm().nOut(130).build(), new LastTimeStep(gru().nOut(200).build()))
        .kernelsComputeTheSame();
  }

  @Test
  void dropsTheSame() {
    checks(lstm().dropOut(0.7).build()).kernelsComputeTheSame();
    checks(gru().dropOut(0.7).build()).kernelsComputeTheSame();
  }

  @Test
  void frozenLayersStay() {
    checks(new FrozenLayer.Builder().layer(lstm().build()).build(), gru().build())
        .kernelsComputeTheSame();
  }

  @Test
  @SuppressWarnings("deprecation") // It is the LSTM that has no kernel.
  void othersAreLeftToDeeplearning4j() {
    checks(new LastTimeStep(new GravesLSTM.Builder().nOut(4).name("peepholes").build()))
        .kernelsComputeTheSame("peepholes");
    checks(lstm().activation(Activation.SWISH).name("swish").build())
        .kernelsComputeTheSame("swish");
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertThatThrownBy(new Gru.Builder().nOut(0)::build)
        .hasMessage("layer Gru: nOut must be at least 1, got 0");
    assertThatThrownBy(gru().dataFormat(RNNFormat.NWC)::build)
        .hasMessage("layer gru: reads series of [examples, features, time], got NWC");
  }
}
