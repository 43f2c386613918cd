package sluice.decision;

/** Class probabilities of rows beside their true classes. */
public interface LabelledRows {
  int rows();

  int classes();

  /** The index of a row's true class. */
  int truth(int row);

  float probability(int row, int ofClass);

  /** The probabilities of a row. */
  default float[] probabilities(int row) {
    float[] probabilities = new float[classes()];
    for (int c = 0; c < probabilities.length; c++) {
      probabilities[c] = probability(row, c);
    }
    return probabilities;
  }

  /**
   * The same rows, calibrated.
   *
   * @param positive the index of the positive class of two, or -1
   */
  default LabelledRows calibrated(Calibration calibration, int positive) {
    float[][] calibrated = new float[rows()][];
    for (int row = 0; row < calibrated.length; row++) {
      calibrated[row] = calibration.apply(probabilities(row), positive);
    }
    LabelledRows rows = this;
    return new LabelledRows() {
      @Override
      public int rows() {
        return rows.rows();
      }

      @Override
      public int classes() {
        return rows.classes();
      }

      @Override
      public int truth(int row) {
        return rows.truth(row);
      }

      @Override
      public float probability(int row, int ofClass) {
        return calibrated[row][ofClass];
      }
    };
  }
}
