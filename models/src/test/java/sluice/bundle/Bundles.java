package sluice.bundle;

import java.util.List;
import java.util.Map;
import sluice.clean.Cleaning;
import sluice.network.Target;
import sluice.network.spec.Loss;
import sluice.network.spec.MultilayerPerceptron;
import sluice.network.spec.NetworkDefinition;
import sluice.normalise.FittedPreprocessing;
import sluice.training.TrainingPlan;
import sluice.training.averaging.AveragingFrequency;

/** Small bundles for tests. */
public final class Bundles {
  private Bundles() {}

  /**
   * A bundle whose perceptron has parameters of zero: whatever it reads, it says the same.
   *
   * @param fitted makes numbers alone
   * @param hidden units of the only hidden layer
   * @param targets of one output each
   */
  public static ModelBundle ofZeros(FittedPreprocessing fitted, int hidden, List<Target> targets) {
    int inputs = (int) fitted.schema().width();
    return new ModelBundle(
        new Cleaning(fitted.input(), List.of()),
        fitted,
        new NetworkDefinition(
            new MultilayerPerceptron(
                List.of(hidden),
                MultilayerPerceptron.HiddenActivation.RELU,
                0,
                0,
                MultilayerPerceptron.InitialWeights.XAVIER,
                Loss.AUTO),
            fitted.schema().inputs(),
            targets),
        new float[hidden * (inputs + 1) + targets.size() * (hidden + 1)],
        new Provenance(
            "p",
            Map.of(),
            "",
            "",
            1,
            "",
            Map.of(),
            Map.of(),
            Map.of(),
            new TrainingPlan(1, 1, 1, new AveragingFrequency.Fixed(1), 0.1, null, 0),
            1,
            List.of(),
            null));
  }
}
