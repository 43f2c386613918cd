package sluice.network.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import sluice.data.InvalidInput;
import sluice.network.Natives;

class LossesTest {
  private static final IActivation NONE = new ActivationIdentity();

  @BeforeAll
  static void load() {
    Natives.load();
  }

  private static INDArray row(double... numbers) {
    return Nd4j.create(numbers, new long[] {1, numbers.length}, DataType.DOUBLE);
  }

  /** The mean over the outputs. */
  @Test
  void huberIsASquareAndThenALine() {
    ILossFunction loss = new HuberLoss(2);
    INDArray outputs = row(1, -1, 3, -5);
    INDArray labels = row(0, 0, 0, 0);
    assertThat(loss.computeScoreArray(labels, outputs, NONE, null).toDoubleVector())
        .containsExactly((0.5 + 0.5 + (2 + 2) + (2 + 2 * 3)) / 4);
    assertThat(loss.computeGradient(labels, outputs, NONE, null).toDoubleVector())
        .containsExactly(0.25, -0.25, 0.5, -0.5);
  }

  @Test
  void aQuantileLosesMoreOnItsOwnSide() {
    ILossFunction loss = new QuantileLoss(0.75);
    INDArray labels = row(2, 2, 2, 2);
    INDArray outputs = row(0, 2, 4, 2);
    assertThat(loss.computeScore(labels, outputs, NONE, null, false))
        .isEqualTo((2 * 0.75 + 2 * 0.25) / 4);
    assertThat(loss.computeGradient(labels, outputs, NONE, null).toDoubleVector())
        .containsExactly(-0.75 / 4, 0, 0.25 / 4, 0);
  }

  /** As if each label were drawn anew among all classes in so many of cases. */
  @Test
  void smoothedLabelsGiveUpAShareToAllClasses() {
    INDArray outputs = row(0.3, -1, 2);
    assertThat(
            new LabelSmoothing(new LossMCXENT(), 0.3)
                .computeScore(row(0, 1, 0), outputs, new ActivationSoftmax(), null, false))
        .isCloseTo(
            new LossMCXENT()
                .computeScore(row(0.1, 0.8, 0.1), outputs, new ActivationSoftmax(), null, false),
            within(1e-12));
    assertThat(
            new LabelSmoothing(new LossBinaryXENT(), 0.3)
                .computeScore(row(1), row(0.4), new ActivationSigmoid(), null, false))
        .isCloseTo(
            new LossBinaryXENT()
                .computeScore(row(0.85), row(0.4), new ActivationSigmoid(), null, false),
            within(1e-12));
  }

  record Case(ILossFunction loss, IActivation activation) {}

  static Stream<Case> cases() {
    return Stream.of(
        new Case(new HuberLoss(0.7), NONE),
        new Case(new HuberLoss(0.7), new ActivationTanH()),
        new Case(new QuantileLoss(0.1), NONE),
        new Case(new QuantileLoss(0.1), new ActivationTanH()),
        new Case(new LabelSmoothing(new LossMCXENT(), 0.1), new ActivationSoftmax()),
        new Case(new LabelSmoothing(new LossBinaryXENT(), 0.1), new ActivationSigmoid()));
  }

  /** In double precision against central differences, without a mask and with each kind. */
  @ParameterizedTest
  @MethodSource("cases")
  void gradientsAreRight(Case of) {
    for (int seed = 1; seed <= 3; seed++) {
      Random random = new Random(seed);
      INDArray outputs = numbers(random);
      INDArray labels = Nd4j.zeros(DataType.DOUBLE, 5, 3);
      for (int i = 0; i < 5; i++) {
        labels.putScalar(i, random.nextInt(3), 1);
      }
      gradientIsRight(of, labels, outputs, null);
      // Deeplearning4j's cross-entropies take a mask twice: of zeros and ones it comes to the same.
      INDArray ofOutputs =
          of.loss() instanceof LabelSmoothing
              ? numbers(random).gt(0).castTo(DataType.DOUBLE)
              : numbers(random);
      if (!(of.activation() instanceof ActivationSoftmax)) {
        gradientIsRight(of, labels, outputs, ofOutputs);
      }
      gradientIsRight(of, labels, outputs, ofOutputs.getColumn(0, true));
    }
  }

  private static INDArray numbers(Random random) {
    INDArray numbers = Nd4j.create(DataType.DOUBLE, 5, 3);
    for (int i = 0; i < numbers.length(); i++) {
      numbers.putScalar(i, random.nextGaussian());
    }
    return numbers;
  }

  private static void gradientIsRight(
      Case of, INDArray labels, INDArray outputs, @Nullable INDArray mask) {
    INDArray found = of.loss().computeGradient(labels, outputs.dup(), of.activation(), mask);
    double mean = of.loss().computeScore(labels, outputs.dup(), of.activation(), mask, true);
    assertThat(mean).isCloseTo(loss(of, labels, outputs, mask) / 5, within(1e-12));
    for (int i = 0; i < outputs.length(); i++) {
      double at = outputs.getDouble(i);
      outputs.putScalar(i, at + 1e-6);
      double above = loss(of, labels, outputs, mask);
      outputs.putScalar(i, at - 1e-6);
      double below = loss(of, labels, outputs, mask);
      outputs.putScalar(i, at);
      assertThat(found.getDouble(i)).isCloseTo((above - below) / 2e-6, within(1e-7));
    }
  }

  private static double loss(Case of, INDArray labels, INDArray outputs, @Nullable INDArray mask) {
    return of.loss()
        .computeScoreArray(labels, outputs.dup(), of.activation(), mask)
        .sumNumber()
        .doubleValue();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aLossTravelsWithItsNetworkByItsClass(Case of) {
    MultiLayerConfiguration network =
        new NeuralNetConfiguration.Builder()
            .seed(5)
            .list()
            .layer(new OutputLayer.Builder(of.loss()).nIn(2).nOut(3).build())
            .build();
    MultiLayerConfiguration read = MultiLayerConfiguration.fromJson(network.toJson());
    assertThat(((OutputLayer) read.getConf(0).getLayer()).getLossFn())
        .isEqualTo(of.loss())
        .hasSameHashCodeAs(of.loss())
        .isNotEqualTo(new HuberLoss(3));
    assertThat(of.loss().name()).isEqualTo(of.loss().toString());
  }

  @Test
  void whatIsNoLossIsRefused() {
    assertThatThrownBy(() -> new HuberLoss(0))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("delta must be above 0, got 0");
    assertThatThrownBy(() -> new QuantileLoss(1))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("tau must be above 0 and below 1, got 1.0");
    assertThatThrownBy(() -> new LabelSmoothing(new LossMCXENT(), 1))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("smoothing must be at least 0 and below 1, got 1.0");
  }
}
