package sluice.bundle;

import java.util.List;
import sluice.network.ExampleLayout;
import sluice.network.Predictor;
import sluice.normalise.Features;

/** A bundle's network on examples that its preprocessing has made. Not thread-safe. */
public final class FeaturesPredictor {
  private final List<BundleTarget> targets;
  private final ExampleLayout layout;
  private final Predictor predictor;

  public FeaturesPredictor(ModelBundle bundle) {
    this.targets = bundle.targets();
    this.layout = bundle.definition().layout();
    this.predictor = bundle.definition().predictor(bundle.parameters());
  }

  /**
   * What the bundle says.
   *
   * @return for each label, per example, the calibrated probability of each class in the label's
   *     order, or the one number; of tags the probability of each at the first token that is read,
   *     then at the next
   */
  public float[][][] predict(List<Features> examples) {
    float[][][] outputs = predictor.predict(FeatureExamples.of(layout, examples));
    for (BundleTarget target : targets) {
      float[][] own = outputs[target.index()];
      for (int i = 0; i < own.length; i++) {
        own[i] = target.calibrated(own[i]);
      }
    }
    return outputs;
  }
}
