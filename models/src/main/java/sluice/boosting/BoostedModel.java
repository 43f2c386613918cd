package sluice.boosting;

import java.io.Serializable;
import java.util.List;

/** Fitted trees: what they say of a row. */
public final class BoostedModel implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Objective objective;
  private final Unit unit;
  private final double[] start;
  private final Tree[][] rounds;

  BoostedModel(Objective objective, Unit unit, double[] start, List<Tree[]> rounds) {
    this.objective = objective;
    this.unit = unit;
    this.start = start.clone();
    this.rounds = rounds.toArray(Tree[][]::new);
  }

  /** How many trees there are of each class, or of the number. */
  public int trees() {
    return rounds.length;
  }

  /**
   * What the trees say.
   *
   * @param row numbers and indices of categories, in the order of {@link Examples}
   * @return the probability of each class, or the number
   */
  public double[] predict(float[] row) {
    double[] scores = start.clone();
    for (Tree[] round : rounds) {
      for (int k = 0; k < round.length; k++) {
        scores[k] += round[k].value(row);
      }
    }
    double[] outputs = objective.outputs(scores);
    for (int k = 0; k < outputs.length; k++) {
      outputs[k] = unit.unscaled(outputs[k]);
    }
    return outputs;
  }
}
