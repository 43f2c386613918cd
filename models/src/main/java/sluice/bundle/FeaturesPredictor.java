package sluice.bundle;

import java.util.List;
import sluice.decision.Decision;
import sluice.network.ExampleLayout;
import sluice.network.Predictor;
import sluice.normalise.FeatureGroup;
import sluice.normalise.Features;

/** A bundle's network on examples that its preprocessing has made. Not thread-safe. */
public final class FeaturesPredictor {
  private final Decision decision;
  private final int positive;
  private final List<FeatureGroup> groups;
  private final ExampleLayout layout;
  private final Predictor predictor;

  public FeaturesPredictor(ModelBundle bundle) {
    this.decision = bundle.decision();
    this.positive = bundle.positiveIndex();
    this.groups = bundle.preprocessing().groups();
    this.layout = bundle.definition().layout();
    this.predictor = bundle.definition().predictor(bundle.parameters());
  }

  /**
   * What the bundle says.
   *
   * @return per example the calibrated probability of each class in the label's order, or the one
   *     number
   */
  public float[][] predict(List<Features> examples) {
    float[] numbers = new float[examples.size() * layout.numbers()];
    int[] indices = new int[examples.size() * layout.indices()];
    for (int i = 0; i < examples.size(); i++) {
      place(examples.get(i), numbers, indices, i);
    }
    float[][] outputs = predictor.predict(numbers, indices, examples.size())[0];
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = decision.calibrated(outputs[i], positive);
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
