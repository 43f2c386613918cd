package sluice.stages;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.bundle.BundleTarget;
import sluice.bundle.ModelBundle;
import sluice.data.InvalidInput;
import sluice.decision.DecideSettings;
import sluice.decision.Decision;
import sluice.decision.FittedDecision;
import sluice.decision.LabelledRows;
import sluice.evaluation.metric.Label;
import sluice.jobs.JobContext;
import sluice.normalise.FittedLabel;
import sluice.split.Part;

/** Learns on the validation part what makes classes of a trained network's probabilities. */
final class DecisionFit {
  private DecisionFit() {}

  /**
   * Refuses, before anything is trained, what does not suit the label, or of several none.
   *
   * @throws InvalidInput (configuration) that names each setting
   */
  static void check(JobContext context, List<FittedLabel> fitted) {
    DecideSettings decide = context.config().decide();
    List<Label> labels = fitted.stream().map(BundleTarget::label).toList();
    boolean suits =
        labels.stream().anyMatch(label -> decide.suiting(label.classes().size()).equals(decide));
    if (labels.size() == 1 || !suits) {
      labels.forEach(label -> decide.check(label.column(), label.classes().size()));
    }
  }

  /** What {@code decide} asks for, as far as it suits the label. */
  static DecideSettings settings(JobContext context, BundleTarget target) {
    return context.config().decide().suiting(target.label().classes().size());
  }

  /** What is learned for each label of a bundle that decides nothing yet. */
  static List<FittedDecision> of(JobContext context, ModelBundle bundle) {
    return bundle.targets().stream().map(target -> of(context, target)).toList();
  }

  private static FittedDecision of(JobContext context, BundleTarget target) {
    DecideSettings decide = settings(context, target);
    if (!target.label().task().isOfClasses()) {
      return FittedDecision.NONE;
    }
    @Nullable LabelledRows rows =
        decide.isFitted()
                && PartPredictions.of(context, target, Part.VALIDATION, List.of())
                    instanceof LabelledRows said
            ? said
            : null;
    return FittedDecision.of(decide, rows, target.positiveIndex());
  }

  /** What a person is told of it; nothing of the most probable class. */
  static List<String> lines(ModelBundle bundle, List<FittedDecision> fitted) {
    List<String> lines = new ArrayList<>();
    for (BundleTarget target : bundle.targets()) {
      FittedDecision own = fitted.get(target.index());
      String prefix = target.isOnly() ? "" : target.fitted().column() + ": ";
      if (!own.decision().equals(Decision.NONE)) {
        lines.add(prefix + "decides by: " + own.decision());
      }
      own.notes().forEach(note -> lines.add(prefix + note));
    }
    return lines;
  }
}
