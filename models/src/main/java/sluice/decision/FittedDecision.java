package sluice.decision;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A decision as it was learned.
 *
 * @param decision what makes classes of a model's probabilities
 * @param notes what must be known of it: what was asked for and could not be had
 */
public record FittedDecision(Decision decision, List<String> notes) {
  /** The most probable class by probabilities as they are. */
  public static final FittedDecision NONE = new FittedDecision(Decision.NONE, List.of());

  public FittedDecision {
    notes = List.copyOf(notes);
  }

  /**
   * Learns what settings ask for: the calibration, then the threshold of the calibrated
   * probabilities. Where the rows are of fewer than two classes neither can be learned: there the
   * probabilities stay as they are, the threshold is 0.5, and a note says so.
   *
   * @param rows of the validation part, as a model says them; null if there is none, or nothing is
   *     learned of it
   * @param positive the index of the positive class of two, or -1
   */
  public static FittedDecision of(
      DecideSettings settings, @Nullable LabelledRows rows, int positive) {
    double fixed =
        settings.threshold() instanceof ThresholdRule.Fixed given
            ? given.value()
            : Decision.NONE.threshold();
    if (!settings.isFitted()) {
      return new FittedDecision(new Decision(Decision.NONE.calibration(), fixed), List.of());
    }
    int present = rows == null ? 0 : present(rows);
    if (rows == null || present < 2) {
      return new FittedDecision(
          new Decision(Decision.NONE.calibration(), fixed),
          List.of(
              "the validation part has rows of %d classes: no %s"
                  .formatted(present, missed(settings))));
    }
    List<String> notes = new ArrayList<>();
    Calibration calibration =
        switch (settings.calibrate()) {
          case NONE -> Decision.NONE.calibration();
          case TEMPERATURE -> TemperatureFit.of(rows, notes);
          case ISOTONIC -> IsotonicFit.of(rows, positive);
        };
    if (!(settings.threshold() instanceof ThresholdRule.Chosen rule)) {
      return new FittedDecision(new Decision(calibration, fixed), notes);
    }
    ThresholdRule.Choice choice = rule.choose(OperatingPoints.of(rows, calibration, positive));
    notes.addAll(choice.notes());
    if (choice.threshold() == 0) {
      notes.add("the positive class for every row");
    }
    return new FittedDecision(new Decision(calibration, choice.threshold()), notes);
  }

  private static int present(LabelledRows rows) {
    boolean[] there = new boolean[rows.classes()];
    int present = 0;
    for (int row = 0; row < rows.rows(); row++) {
      present += there[rows.truth(row)] ? 0 : 1;
      there[rows.truth(row)] = true;
    }
    return present;
  }

  private static String missed(DecideSettings settings) {
    List<String> missed = new ArrayList<>();
    if (settings.calibrate() != Calibrate.NONE) {
      missed.add("%s calibration".formatted(settings.calibrate().text()));
    }
    if (settings.threshold() instanceof ThresholdRule.Chosen rule) {
      missed.add("threshold by %s, it is 0.5".formatted(rule.text()));
    }
    return String.join(" and no ", missed);
  }
}
