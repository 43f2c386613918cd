package sluice.bundle;

import java.util.List;
import sluice.network.ExampleLayout;
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
    float[] numbers = new float[examples.size() * layout.numbers()];
    int[] indices = new int[examples.size() * layout.indices()];
    for (int i = 0; i < examples.size(); i++) {
      place(examples.get(i), numbers, indices, i);
    }
    float[][][] outputs = predictor.predict(numbers, indices, examples.size());
    for (BundleTarget target : targets) {
      float[][] own = outputs[target.index()];
      for (int i = 0; i < own.length; i++) {
        own[i] = target.decision().calibrated(own[i], target.positiveIndex());
      }
    }
    return outputs;
  }

  private void place(Features features, float[] numbers, int[] indices, int example) {
    int number = example * layout.numbers();
    int index = example * layout.indices();
    for (FeatureGroup group : groups) {
      float[] floats = features.floats().get(group.name());
      int[] categories = features.indices().get(group.name());
      if (floats != null) {
        System.arraycopy(floats, 0, numbers, number, floats.length);
        number += floats.length;
      }
      if (categories != null) {
        System.arraycopy(categories, 0, indices, index, categories.length);
        index += categories.length;
      }
    }
  }
}
