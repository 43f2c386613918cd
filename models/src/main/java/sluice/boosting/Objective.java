package sluice.boosting;

import java.util.Arrays;

/** What trees make small, by the scores that they add up to. */
enum Objective {
  /** The squared error of a number; a score is the number. */
  SQUARED {
    @Override
    double[] outputs(double[] scores) {
      return scores;
    }

    @Override
    double loss(double[] scores, double label) {
      double gap = scores[0] - label;
      return gap * gap;
    }
  },
  /** The log loss of two classes; the score is the logarithm of the odds of the second. */
  LOGISTIC {
    @Override
    double[] outputs(double[] scores) {
      double second = 1 / (1 + StrictMath.exp(-scores[0]));
      return new double[] {1 - second, second};
    }

    @Override
    double loss(double[] scores, double label) {
      double signed = label > 0 ? -scores[0] : scores[0];
      return Math.max(signed, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(signed)));
    }
  },
  /** The log loss of several classes; the scores are logarithms of probabilities but for a sum. */
  SOFTMAX {
    @Override
    double[] outputs(double[] scores) {
      double greatest = Arrays.stream(scores).max().orElseThrow();
      double sum = 0;
      double[] outputs = new double[scores.length];
      for (int k = 0; k < scores.length; k++) {
        outputs[k] = StrictMath.exp(scores[k] - greatest);
        sum += outputs[k];
      }
      for (int k = 0; k < scores.length; k++) {
        outputs[k] /= sum;
      }
      return outputs;
    }

    @Override
    double loss(double[] scores, double label) {
      return -StrictMath.log(Math.max(outputs(scores)[(int) label], Double.MIN_NORMAL));
    }
  };

  private static final double LEAST_SHARE = 1e-12;

  /** That of so many classes; 0 for a number. */
  static Objective of(int classes) {
    return classes == 0 ? SQUARED : classes == 2 ? LOGISTIC : SOFTMAX;
  }

  /** How many scores a row has. */
  int scores(int classes) {
    return this == SOFTMAX ? classes : 1;
  }

  /** The probability of each class, or the number. */
  abstract double[] outputs(double[] scores);

  abstract double loss(double[] scores, double label);

  /**
   * The derivatives of a row's loss by its scores.
   *
   * @param gradients by score, to be filled
   * @param hessians likewise
   */
  void derivatives(double[] scores, double label, double[] gradients, double[] hessians) {
    double[] outputs = outputs(scores);
    for (int k = 0; k < scores.length; k++) {
      if (this == SQUARED) {
        gradients[k] = outputs[0] - label;
        hessians[k] = 1;
      } else {
        double probability = this == LOGISTIC ? outputs[1] : outputs[k];
        boolean hit = this == LOGISTIC ? label > 0 : (int) label == k;
        gradients[k] = probability - (hit ? 1 : 0);
        hessians[k] = probability * (1 - probability);
      }
    }
  }

  /** The scores of the best constant. */
  double[] start(double[] labels, int classes) {
    if (this == SQUARED) {
      return new double[] {Arrays.stream(labels).sum() / labels.length};
    }
    double[] shares = new double[classes];
    for (double label : labels) {
      shares[(int) label] += 1.0 / labels.length;
    }
    for (int k = 0; k < classes; k++) {
      shares[k] = StrictMath.log(Math.min(Math.max(shares[k], LEAST_SHARE), 1 - LEAST_SHARE));
    }
    return this == LOGISTIC ? new double[] {shares[1] - shares[0]} : shares;
  }
}
