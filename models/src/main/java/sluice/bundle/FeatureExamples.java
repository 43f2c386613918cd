package sluice.bundle;

import static java.util.Objects.requireNonNull;

import java.util.List;
import sluice.network.Example;
import sluice.network.ExampleLayout;
import sluice.network.Examples;
import sluice.normalise.Features;

/** From what preprocessing makes of records to examples. */
public final class FeatureExamples {
  private FeatureExamples() {}

  /** The examples of these features, of which the layout may leave groups out. */
  public static Examples of(ExampleLayout layout, List<Features> features) {
    Examples all = new Examples(layout);
    Example one = new Example(layout);
    for (Features each : features) {
      one.set(new FeatureValues(layout, each));
      all.add(one);
    }
    return all;
  }

  private record FeatureValues(ExampleLayout layout, Features features)
      implements Example.GroupValues {
    @Override
    public float[] numbers(int group) {
      return requireNonNull(features.floats().get(layout.name(group)));
    }

    @Override
    public int[] indices(int group) {
      return requireNonNull(features.indices().get(layout.name(group)));
    }

    @Override
    public byte[] bytes(int group) {
      return requireNonNull(features.bytes().get(layout.name(group)));
    }
  }
}
