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
}
