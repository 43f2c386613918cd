package sluice.pretrained;

import java.util.List;
import sluice.data.Extension;
import sluice.data.NamedTypes;
import sluice.normalise.FittedStep;
import sluice.normalise.Step;

/**
 * The steps that compute with pretrained networks, which the steps' own module knows nothing of.
 */
public final class PretrainedSteps implements Extension {
  @Override
  public List<NamedTypes<?>> types() {
    return List.of(
        NamedTypes.of(Step.class).with("sentence-encoder", SentenceEncoderStep.class),
        NamedTypes.of(FittedStep.class).with("sentence-vectors", SentenceVectors.class));
  }
}
