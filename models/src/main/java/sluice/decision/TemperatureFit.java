package sluice.decision;

import java.util.List;

/**
 * Finds the temperature at which rows are least surprising: the least log loss, which is convex in
 * the inverse temperature, by Newton's method within a bracket that shrinks. Where no temperature
 * makes a difference, as with rows whose classes are all equally probable, it is 1.
 */
final class TemperatureFit {
  private static final int MOST_STEPS = 100;
  private static final double PRECISE = 1e-9;

  private TemperatureFit() {}

  static Calibration.Temperature of(LabelledRows rows, List<String> notes) {
    double least = 1 / Calibration.Temperature.MOST;
    double most = 1 / Calibration.Temperature.LEAST;
    double inverse = 1;
    double[] slope = slope(rows, inverse);
    if (Math.max(Math.abs(slope[0]), Math.abs(slope[1])) <= PRECISE * rows.rows()) {
      return new Calibration.Temperature(1);
    }
    for (int step = 0; step < MOST_STEPS && most - least > PRECISE * inverse; step++) {
      if (slope[0] > 0) {
        most = inverse;
      } else {
        least = inverse;
      }
      double next = inverse - slope[0] / slope[1];
      if (!(next > least && next < most)) {
        // The middle in the logarithm, as the bracket spans decades.
        next = Math.sqrt(least * most);
      }
      boolean there = Math.abs(next - inverse) <= PRECISE * inverse;
      inverse = next;
      if (there) {
        break;
      }
      slope = slope(rows, inverse);
    }
    double temperature =
        Math.min(
            Calibration.Temperature.MOST, Math.max(Calibration.Temperature.LEAST, 1 / inverse));
    if (temperature > 0.99 * Calibration.Temperature.MOST) {
      notes.add("the temperature is at its limit: the probabilities hardly tell the classes apart");
    } else if (temperature < 1.01 * Calibration.Temperature.LEAST) {
      notes.add("the temperature is at its limit: no row of the validation part is mistaken");
    }
    return new Calibration.Temperature(temperature);
  }

  /** The first and the second derivative of the summed log loss by the inverse temperature. */
  private static double[] slope(LabelledRows rows, double inverse) {
    double first = 0;
    double second = 0;
    double[] scores = new double[rows.classes()];
    for (int row = 0; row < rows.rows(); row++) {
      double greatest = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < scores.length; c++) {
        scores[c] = Calibration.Temperature.logarithm(rows.probability(row, c));
        greatest = Math.max(greatest, scores[c]);
      }
      double sum = 0;
      double mean = 0;
      double square = 0;
      for (double score : scores) {
        double weight = StrictMath.exp((score - greatest) * inverse);
        sum += weight;
        mean += weight * score;
        square += weight * score * score;
      }
      mean /= sum;
      first += mean - scores[rows.truth(row)];
      second += square / sum - mean * mean;
    }
    return new double[] {first, second};
  }
}
