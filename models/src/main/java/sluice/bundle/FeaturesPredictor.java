package sluice.bundle;

import java.util.List;
import sluice.network.Example;
import sluice.network.ExampleLayout;
import sluice.network.Examples;
import sluice.network.Predictor;
import sluice.normalise.FeatureGroup;
import sluice.normalise.Features;

/** A bundle's network on examples that its preprocessing has made. Not thread-safe. */
public final class FeaturesPredictor {
  private final List<BundleTarget> targets;
  private final List<FeatureGroup> groups;
  private final ExampleLayout layout;
  private final Predictor predictor;

  public FeaturesPredictor(ModelBundle bundle) {
    this.targets = bundle.targets();
    this.groups = bundle.preprocessing().groups();
    this.layout = bundle.definition().layout();
    this.predictor = bundle.definition().predictor(bundle.parameters());
  }

  /**
   * What the bundle says.
   *
   * @return for each label, per example, the calibrated probability of each class in the label's
   *     order, or the one number
   */
  public float[][][] predict(List<Features> examples) {
    Examples all = new Examples(layout);
    Example one = new Example(layout);
    for (Features features : examples) {
      place(features, one);
      all.add(one);
    }
    float[][][] outputs = predictor.predict(all);
    for (BundleTarget target : targets) {
      float[][] own = outputs[target.index()];
      for (int i = 0; i < own.length; i++) {
        own[i] = target.decision().calibrated(own[i], target.positiveIndex());
      }
    }
    return outputs;
  }

  private void place(Features features, Example example) {
    example.clear();
    for (int g = 0; g < groups.size(); g++) {
      float[] floats = features.floats().get(groups.get(g).name());
      int[] categories = features.indices().get(groups.get(g).name());
      if (floats != null) {
        example.put(g, floats);
      }
      if (categories != null) {
        example.put(g, categories);
      }
    }
  }
}
