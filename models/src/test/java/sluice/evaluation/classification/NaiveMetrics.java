package sluice.evaluation.classification;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Metrics as their definitions read, in as many passes as that takes. */
final class NaiveMetrics {
  private final ClassPredictions rows;

  private NaiveMetrics(ClassPredictions rows) {
    this.rows = rows;
  }

  static Map<String, Double> of(ClassPredictions predictions, int positive) {
    NaiveMetrics naive = new NaiveMetrics(predictions);
    List<Integer> classes = IntStream.range(0, predictions.classes()).boxed().toList();
    List<Integer> headline = positive < 0 ? classes : List.of(positive);
    double n = predictions.rows();
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("accuracy", naive.count(r -> naive.predicted(r) == predictions.truth(r)) / n);
    metrics.put("balancedAccuracy", mean(classes.stream().map(naive::recall).toList()));
    metrics.put("precision", mean(headline.stream().map(naive::precision).toList()));
    metrics.put("recall", mean(headline.stream().map(naive::recall).toList()));
    metrics.put("f1", mean(headline.stream().map(naive::f1).toList()));
    metrics.put("macroF1", mean(classes.stream().map(naive::f1).toList()));
    metrics.put("mcc", naive.correlation());
    metrics.put("kappa", naive.agreement());
    metrics.put(
        "weightedPrecision",
        classes.stream().mapToDouble(c -> naive.support(c) / n * naive.precision(c)).sum());
    metrics.put(
        "weightedRecall",
        classes.stream().mapToDouble(c -> naive.support(c) / n * naive.recall(c)).sum());
    metrics.put(
        "weightedF1", classes.stream().mapToDouble(c -> naive.support(c) / n * naive.f1(c)).sum());
    metrics.put("rocAuc", mean(headline.stream().map(naive::rocAuc).toList()));
    metrics.put("prAuc", mean(headline.stream().map(naive::averagePrecision).toList()));
    double logLoss = 0;
    double brier = 0;
    for (int row = 0; row < n; row++) {
      double p = predictions.probability(row, predictions.truth(row));
      logLoss -= Math.log(Math.max(1e-15, Math.min(1 - 1e-15, p))) / n;
      for (int c : headline) {
        double hit = predictions.truth(row) == c ? 1 : 0;
        brier += Math.pow(predictions.probability(row, c) - hit, 2) / n;
      }
    }
    metrics.put("logLoss", logLoss);
    metrics.put("brier", brier);
    metrics.put("ece", naive.calibrationError());
    return metrics;
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
  }

  private double count(IntPredicate which) {
    return IntStream.range(0, rows.rows()).filter(which).count();
  }

  private int predicted(int row) {
    int best = rows.classes() - 1;
    for (int c = best; c >= 0; c--) {
      best = rows.probability(row, c) >= rows.probability(row, best) ? c : best;
    }
    return best;
  }

  private double support(int c) {
    return count(r -> rows.truth(r) == c);
  }

  private double right(int c) {
    return count(r -> rows.truth(r) == c && predicted(r) == c);
  }

  private double precision(int c) {
    double predicted = count(r -> predicted(r) == c);
    return predicted == 0 ? 0 : right(c) / predicted;
  }

  private double recall(int c) {
    return right(c) / support(c);
  }

  private double f1(int c) {
    double sum = precision(c) + recall(c);
    return sum == 0 ? 0 : 2 * precision(c) * recall(c) / sum;
  }

  /** The correlation of indicators of the classes, as Gorodkin writes it. */
  private double agreement() {
    double byChance = 0;
    for (int c = 0; c < rows.classes(); c++) {
      int of = c;
      byChance += support(c) / rows.rows() * count(r -> predicted(r) == of) / rows.rows();
    }
    double right = count(r -> predicted(r) == rows.truth(r)) / (double) rows.rows();
    return (right - byChance) / (1 - byChance);
  }

  private double correlation() {
    double together = 0;
    double truths = 0;
    double guesses = 0;
    for (int c = 0; c < rows.classes(); c++) {
      int of = c;
      double truth = support(c) / rows.rows();
      double guess = count(r -> predicted(r) == of) / rows.rows();
      for (int row = 0; row < rows.rows(); row++) {
        double x = (rows.truth(row) == c ? 1 : 0) - truth;
        double y = (predicted(row) == c ? 1 : 0) - guess;
        together += x * y;
        truths += x * x;
        guesses += y * y;
      }
    }
    return together / Math.sqrt(truths * guesses);
  }

  /** Over every pair. */
  private double rocAuc(int c) {
    double won = 0;
    double pairs = 0;
    for (int a = 0; a < rows.rows(); a++) {
      for (int b = 0; b < rows.rows(); b++) {
        if (rows.truth(a) == c && rows.truth(b) != c) {
          pairs++;
          int sign = Float.compare(rows.probability(a, c), rows.probability(b, c));
          won += sign > 0 ? 1 : sign == 0 ? 0.5 : 0;
        }
      }
    }
    return won / pairs;
  }

  /** Over every threshold. */
  private double averagePrecision(int c) {
    TreeSet<Float> thresholds = new TreeSet<>();
    for (int row = 0; row < rows.rows(); row++) {
      thresholds.add(rows.probability(row, c));
    }
    double sum = 0;
    double recallBefore = 0;
    for (float threshold : thresholds.descendingSet()) {
      double found = count(r -> rows.probability(r, c) >= threshold && rows.truth(r) == c);
      double precision = found / count(r -> rows.probability(r, c) >= threshold);
      sum += (found / support(c) - recallBefore) * precision;
      recallBefore = found / support(c);
    }
    return sum;
  }

  private double calibrationError() {
    double sum = 0;
    for (int bin = 0; bin < 15; bin++) {
      List<Integer> inside = new ArrayList<>();
      for (int row = 0; row < rows.rows(); row++) {
        double confidence = rows.probability(row, predicted(row));
        if (confidence * 15 > bin && confidence * 15 <= bin + 1) {
          inside.add(row);
        }
      }
      double confidence =
          inside.stream().mapToDouble(r -> rows.probability(r, predicted(r))).average().orElse(0);
      double accuracy =
          inside.stream()
              .mapToDouble(r -> predicted(r) == rows.truth(r) ? 1 : 0)
              .average()
              .orElse(0);
      sum += Math.abs(confidence - accuracy) * inside.size() / rows.rows();
    }
    return sum;
  }
}
