package sluice.evaluation;

import java.util.Optional;

/**
 * What the regression metrics are made of. R2 is 1 - (squared errors) / (squared distances of the
 * truth from its mean) and undefined if the truth is constant. The median of an even number of
 * errors is the mean of the middle two.
 *
 * @param rows how many, each as often as it is drawn
 * @param absolute the sum of absolute errors
 * @param squared the sum of squared errors
 * @param variation the sum of squared distances of the truth from its mean; 0 exactly if constant
 * @param medianAbsoluteError NaN without rows
 */
record ErrorSums(
    long rows, double absolute, double squared, double variation, double medianAbsoluteError) {

  double rootMeanSquaredError() {
    return Math.sqrt(squared / rows);
  }

  double meanAbsoluteError() {
    return absolute / rows;
  }

  double r2() {
    return variation == 0 ? Double.NaN : 1 - squared / variation;
  }

  Optional<String> r2Note() {
    return variation == 0 ? Optional.of("undefined: the truth is constant") : Optional.empty();
  }
}
