package sluice.stages;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.bundle.BundleLabel;
import sluice.bundle.ModelBundle;
import sluice.decision.Decision;
import sluice.decision.FittedDecision;
import sluice.decision.LabelledRows;
import sluice.evaluation.metric.Label;
import sluice.jobs.JobContext;
import sluice.normalise.FittedLabel;
import sluice.normalise.NumberLabel;
import sluice.split.Part;

/** Learns on the validation part what makes classes of a trained network's probabilities. */
final class DecisionFit {
  private DecisionFit() {}

  /** Refuses, before anything is trained, what does not suit the label. */
  static void check(JobContext context, FittedLabel fitted) {
    Label label = BundleLabel.of(fitted);
    context.config().decide().check(label.column(), label.classes().size());
  }

  /** What {@code decide} asks for. */
  static FittedDecision of(JobContext context, ModelBundle bundle) {
    if (bundle.preprocessing().label() instanceof NumberLabel) {
      return FittedDecision.NONE;
    }
    @Nullable LabelledRows rows =
        context.config().decide().isFitted()
                && PartPredictions.of(context, bundle, Part.VALIDATION, List.of())
                    instanceof LabelledRows said
            ? said
            : null;
    return FittedDecision.of(context.config().decide(), rows, bundle.positiveIndex());
  }

  /** What a person is told of it; nothing of the most probable class. */
  static List<String> lines(FittedDecision fitted) {
    List<String> lines = new ArrayList<>();
    if (!fitted.decision().equals(Decision.NONE)) {
      lines.add("decides by: " + fitted.decision());
    }
    lines.addAll(fitted.notes());
    return lines;
  }
}
