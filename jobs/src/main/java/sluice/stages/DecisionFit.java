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
import sluice.evaluation.metric.Predictions;
import sluice.jobs.JobContext;
import sluice.normalise.FittedLabel;
import sluice.split.Part;

/** Learns on the validation part what makes classes of a trained network's probabilities. */
final class DecisionFit {
  private DecisionFit() {}

  /**
   * Refuses, before anything is trained, what does not suit the label, or of several none.
   *
   * @throws InvalidInput (configuration) that names each setting, of all labels at once
   */
  static void check(JobContext context, List<FittedLabel> fitted) {
    DecideSettings decide = context.config().decide();
    List<Label> labels = fitted.stream().map(BundleTarget::label).toList();
    boolean suits =
        labels.stream().anyMatch(label -> decide.suiting(label.decidable()).equals(decide));
    if (labels.size() == 1 || !suits) {
      List<String> problems =
          labels.stream()
              .flatMap(label -> decide.misfits(label.column(), label.decidable()).stream())
              .map(problem -> "decide." + problem)
              .toList();
      if (!problems.isEmpty()) {
        throw InvalidInput.configuration(problems);
      }
    }
  }

  /** What {@code decide} asks for, as far as it suits the label. */
  static DecideSettings settings(JobContext context, BundleTarget target) {
    return context.config().decide().suiting(target.label().decidable());
  }

  /** What is learned for each label of a bundle that decides nothing yet. */
  static List<FittedDecision> of(JobContext context, ModelBundle bundle) {
    List<Predictions> validation =
        bundle.targets().stream().anyMatch(target -> isFitted(context, target))
            ? PartPredictions.of(context, bundle, Part.VALIDATION, SliceColumns.NONE)
            : List.of();
    List<FittedDecision> fitted = new ArrayList<>();
    for (BundleTarget target : bundle.targets()) {
      @Nullable LabelledRows rows =
          isFitted(context, target) && validation.get(target.index()) instanceof LabelledRows said
              ? said
              : null;
      fitted.add(
          target.label().task().isOfClasses()
              ? FittedDecision.of(settings(context, target), rows, target.positiveIndex())
              : FittedDecision.NONE);
    }
    return fitted;
  }

  private static boolean isFitted(JobContext context, BundleTarget target) {
    return target.label().task().isOfClasses() && settings(context, target).isFitted();
  }

  /** What a person is told of it; nothing of the most probable class. */
  static List<String> lines(ModelBundle bundle, List<FittedDecision> fitted) {
    List<String> lines = new ArrayList<>();
    for (BundleTarget target : bundle.targets()) {
      FittedDecision own = fitted.get(target.index());
      if (!own.decision().equals(Decision.NONE)) {
        lines.add(target.prefix() + "decides by: " + own.decision());
      }
      own.notes().forEach(note -> lines.add(target.prefix() + note));
    }
    return lines;
  }
}
