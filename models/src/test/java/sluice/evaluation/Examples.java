package sluice.evaluation;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import sluice.evaluation.classification.ClassPredictions;
import sluice.evaluation.metric.Label;
import sluice.evaluation.metric.Predictions;
import sluice.evaluation.metric.Scores;
import sluice.evaluation.regression.NumberPredictions;

/** Predictions for tests. */
public final class Examples {
  public static final Label BINARY = Label.binary("y", List.of("no", "yes"), "yes");
  public static final Label THREE = Label.multiclass("y", List.of("a", "b", "c"));
  public static final Label NUMBER = Label.number("y");

  private Examples() {}

  public static long[] keys(int rows) {
    return IntStream.range(0, rows)
        .mapToLong(i -> Predictions.keyHash(("row " + i).getBytes(StandardCharsets.UTF_8)))
        .toArray();
  }

  /** Two classes, by the probability of the second. */
  public static ClassPredictions binary(int[] truth, double[] positive) {
    float[] flat = new float[2 * positive.length];
    for (int i = 0; i < positive.length; i++) {
      flat[2 * i + 1] = (float) positive[i];
      flat[2 * i] = 1 - flat[2 * i + 1];
    }
    return ClassPredictions.of(2, keys(truth.length), truth, flat, List.of());
  }

  public static ClassPredictions classes(int classes, int[] truth, double[][] probabilities) {
    float[] flat = new float[classes * truth.length];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = (float) probabilities[i / classes][i % classes];
    }
    return ClassPredictions.of(classes, keys(truth.length), truth, flat, List.of());
  }

  public static NumberPredictions numbers(double[] truth, double[] predicted) {
    return NumberPredictions.of(keys(truth.length), truth, predicted, List.of());
  }

  /** Random predictions on a coarse grid, hence with many ties, somewhat better than chance. */
  public static ClassPredictions random(int classes, int rows, long seed) {
    Random random = new Random(seed);
    int[] truth = random.ints(rows, 0, classes).toArray();
    double[][] probabilities = new double[rows][classes];
    for (int row = 0; row < rows; row++) {
      int[] votes = new int[classes];
      for (int vote = 0; vote < 8; vote++) {
        votes[random.nextInt(4) == 0 ? truth[row] : random.nextInt(classes)]++;
      }
      for (int c = 0; c < classes; c++) {
        probabilities[row][c] = votes[c] / 8.0;
      }
    }
    return classes(classes, truth, probabilities);
  }

  public static NumberPredictions randomNumbers(int rows, long seed) {
    Random random = new Random(seed);
    double[] truth = random.doubles(rows).map(d -> Math.rint(d * 50)).toArray();
    double[] predicted =
        Arrays.stream(truth).map(t -> t + Math.rint(random.nextGaussian() * 5)).toArray();
    return numbers(truth, predicted);
  }

  /** The row numbers in another order. */
  public static int[] shuffled(int rows, long seed) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, rows).boxed().toList());
    Collections.shuffle(order, new Random(seed));
    return order.stream().mapToInt(Integer::intValue).toArray();
  }

  /** The metrics of classes; of two the second is the positive one. */
  public static Scores scores(ClassPredictions predictions) {
    return Scores.of(predictions, label(predictions));
  }

  /** A label of as many classes as there are; of two the second is the positive one. */
  public static Label label(ClassPredictions predictions) {
    List<String> names =
        IntStream.range(0, predictions.classes()).mapToObj(c -> "class " + c).toList();
    return names.size() == 2
        ? Label.binary("y", names, names.get(1))
        : Label.multiclass("y", names);
  }
}
