package example;

import java.util.List;
import sluice.augment.Augmenter;
import sluice.clean.Rule;
import sluice.data.Extension;
import sluice.data.NamedMetric;
import sluice.data.NamedTypes;
import sluice.ingest.Source;
import sluice.network.spec.Combiner;
import sluice.network.spec.Encoder;
import sluice.normalise.Step;

/** What this jar adds to Sluice, a line each; {@code reference.conf} beside it has their keys. */
public final class Parts implements Extension {
  @Override
  public List<NamedTypes<?>> types() {
    return List.of(
        NamedTypes.of(Source.class).with("rings", RingsSource.class),
        NamedTypes.of(Rule.class).with("reject-far", RejectFar.class),
        NamedTypes.of(Step.class).with("signed-power", SignedPower.class),
        NamedTypes.of(Augmenter.class).with("mirror", Mirror.class),
        NamedTypes.of(Encoder.class).with("tanh-layer", TanhLayer.class),
        NamedTypes.of(Combiner.class).with("tanh-combiner", TanhCombiner.class));
  }

  @Override
  public List<NamedMetric> metrics() {
    return List.of(new YoudenIndex());
  }
}
