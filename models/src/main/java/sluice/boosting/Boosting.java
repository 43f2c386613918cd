package sluice.boosting;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gradient boosting (Friedman, "Greedy function approximation: a gradient boosting machine", 2001)
 * with second derivatives and histograms, as LightGBM and scikit-learn's HistGradientBoosting do
 * it: squared error for numbers, which are standardised, log loss for classes, one tree a class of
 * more than two. It has no randomness.
 */
public final class Boosting {
  private Boosting() {}

  /**
   * Trees and how they did.
   *
   * @param settings they were grown by
   * @param loss mean loss on the validation rows, or on the train rows if there are none; of
   *     numbers in squared standard deviations of the train labels
   */
  public record Fit(BoostedModel model, BoostingSettings settings, double loss) {}

  /**
   * Fits by each of some settings and takes the one with the least loss on the validation rows, the
   * first of equals. Growing stops when the loss has not become less for as many trees as the
   * patience says; those after the least are dropped.
   *
   * @param classes how many there are; 0 for a number
   * @param train at least one row
   * @param validation null or empty for none: then the first settings are taken, with all trees
   */
  public static Fit fit(
      List<BoostingSettings> candidates,
      int classes,
      Examples train,
      @Nullable Examples validation) {
    Bins bins = new Bins(train);
    Unit unit = classes == 0 ? Unit.of(train.labels()) : Unit.NONE;
    Examples learned = unit.scaled(train);
    if (validation == null || validation.rows() == 0) {
      return fit(candidates.get(0), classes, unit, learned, bins, learned, false);
    }
    Examples measured = unit.scaled(validation);
    @Nullable Fit best = null;
    for (BoostingSettings settings : candidates) {
      Fit fit = fit(settings, classes, unit, learned, bins, measured, true);
      best = best == null || fit.loss() < best.loss() ? fit : best;
    }
    if (best == null) {
      throw new IllegalArgumentException("no settings to fit by");
    }
    return best;
  }

  private static Fit fit(
      BoostingSettings settings,
      int classes,
      Unit unit,
      Examples train,
      Bins bins,
      Examples measured,
      boolean stops) {
    Objective objective = Objective.of(classes);
    double[] start = objective.start(train.labels(), classes);
    int scores = objective.scores(classes);
    double[][] trainScores = scores(start, train.rows());
    double[][] measuredScores = scores(start, measured.rows());
    float[][] measuredRows = new float[measured.rows()][];
    for (int row = 0; row < measuredRows.length; row++) {
      measuredRows[row] = measured.row(row);
    }
    TreeGrower grower = new TreeGrower(bins, train.rows(), settings);
    double[][] gradients = new double[scores][train.rows()];
    double[][] hessians = new double[scores][train.rows()];
    double[] steps = new double[train.rows()];
    List<Tree[]> rounds = new ArrayList<>();
    double least = loss(objective, measuredScores, measured.labels());
    int best = 0;
    while (rounds.size() < settings.trees()
        && !(stops && rounds.size() - best >= settings.patience())) {
      derivatives(objective, trainScores, train.labels(), gradients, hessians);
      Tree[] round = new Tree[scores];
      for (int k = 0; k < scores; k++) {
        round[k] = grower.grow(gradients[k], hessians[k], steps);
        for (int row = 0; row < steps.length; row++) {
          trainScores[row][k] += steps[row];
        }
        for (int row = 0; row < measuredRows.length; row++) {
          measuredScores[row][k] += round[k].value(measuredRows[row]);
        }
      }
      rounds.add(round);
      double loss = loss(objective, measuredScores, measured.labels());
      if (loss < least || !stops) {
        least = loss;
        best = rounds.size();
      }
    }
    return new Fit(
        new BoostedModel(objective, unit, start, rounds.subList(0, best)), settings, least);
  }

  private static double[][] scores(double[] start, int rows) {
    double[][] scores = new double[rows][];
    Arrays.setAll(scores, row -> start.clone());
    return scores;
  }

  private static double loss(Objective objective, double[][] scores, double[] labels) {
    double sum = 0;
    for (int row = 0; row < labels.length; row++) {
      sum += objective.loss(scores[row], labels[row]);
    }
    return sum / labels.length;
  }

  private static void derivatives(
      Objective objective,
      double[][] scores,
      double[] labels,
      double[][] gradients,
      double[][] hessians) {
    double[] gradient = new double[gradients.length];
    double[] hessian = new double[gradients.length];
    for (int row = 0; row < labels.length; row++) {
      objective.derivatives(scores[row], labels[row], gradient, hessian);
      for (int k = 0; k < gradient.length; k++) {
        gradients[k][row] = gradient[k];
        hessians[k][row] = hessian[k];
      }
    }
  }
}
