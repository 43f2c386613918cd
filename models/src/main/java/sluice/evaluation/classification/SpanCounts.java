package sluice.evaluation.classification;

import java.io.Serializable;

/** How many spans there are truly, how many are predicted, and how many are both, to the token. */
final class SpanCounts implements Serializable {
  private static final long serialVersionUID = 1L;

  long support;
  long predicted;
  long right;

  /** Adds those of other tokens, each as often as they are drawn. */
  void add(SpanCounts other, int times) {
    support += times * other.support;
    predicted += times * other.predicted;
    right += times * other.right;
  }

  /** Of the predicted spans the share that is right; of none 0, undefined if there are none. */
  double precision() {
    return predicted == 0 && support > 0 ? 0 : (double) right / predicted;
  }

  /** Of the true spans the share that is found. */
  double recall() {
    return (double) right / support;
  }

  double f1() {
    return 2.0 * right / (support + predicted);
  }
}
