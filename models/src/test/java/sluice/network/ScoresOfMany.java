package sluice.network;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import sluice.network.MultilayerPerceptron.HiddenActivation;
import sluice.network.MultilayerPerceptron.InitialWeights;
import sluice.normalise.FeatureGroup;
import sluice.normalise.FeatureGroup.Encoding;

/** A program that prints the scores of networks large enough for several threads to share them. */
final class ScoresOfMany {
  private static final int EXAMPLES = 17;
  private static final int PIXELS = 28 * 28;

  private ScoresOfMany() {}

  public static void main(String... arguments) {
    System.out.println(text());
  }

  /** All scores in one line, floats to their last bit. */
  static String text() {
    Random random = new Random(4);
    float[] pixels = new float[EXAMPLES * PIXELS];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextFloat();
    }
    StringBuilder text = new StringBuilder("scores");
    for (NetworkSpec spec :
        List.of(
            new LeNet(List.of(20, 50), 500, HiddenActivation.RELU, 0, 0, InitialWeights.HE),
            new MultilayerPerceptron(
                List.of(1024, 256), HiddenActivation.RELU, 0, 0, InitialWeights.HE, Loss.AUTO))) {
      NetworkDefinition definition =
          new NetworkDefinition(
              spec,
              List.of(
                  new FeatureGroup(
                      "image",
                      Encoding.FLOAT,
                      List.of(1, 28, 28),
                      List.of(),
                      List.of(),
                      List.of())),
              Target.classes(10));
      float[] parameters = definition.initial(new UpdaterSpec.Sgd(1), 3).parameters();
      text.append(
          Arrays.deepToString(
              new Predictor(definition, parameters).predict(pixels, new int[0], EXAMPLES)));
    }
    return text.toString();
  }
}
