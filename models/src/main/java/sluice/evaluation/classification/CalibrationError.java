package sluice.evaluation.classification;

import sluice.data.Task;
import sluice.evaluation.metric.Direction;

/**
 * Expected calibration error (Guo et al., "On calibration of modern neural networks", 2017): {@link
 * ClassMeasures#CONFIDENCE_BINS} equally wide bins of the most probable class's probability,
 * whatever is decided. What always says the same has nothing to calibrate.
 */
final class CalibrationError extends ClassMetric {

  CalibrationError() {
    super("ece", "Calibration error", Direction.LOWER);
  }

  @Override
  public int headline(Task task) {
    return task == Task.BINARY ? 8 : 7;
  }

  @Override
  protected Needs needs() {
    return Needs.PROBABILITIES;
  }

  @Override
  public boolean judgesConstants() {
    return false;
  }

  @Override
  public String explanation(Subject subject) {
    return ("How far the most probable class's probability lies from how often it is right, in %s"
            + " bins. Resamples have more of it than the rows: a small one may lie below its"
            + " interval")
        .formatted(ClassMeasures.CONFIDENCE_BINS);
  }

  @Override
  public double value(ClassCounts counts) {
    return counts.expectedCalibrationError();
  }
}
