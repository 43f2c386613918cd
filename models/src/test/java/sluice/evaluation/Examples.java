package sluice.evaluation;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Predictions for tests. */
final class Examples {
  static final Label BINARY = Label.binary("y", List.of("no", "yes"), "yes");
  static final Label THREE = Label.multiclass("y", List.of("a", "b", "c"));
  static final Label NUMBER = Label.number("y");

  private Examples() {}

  static long[] keys(int rows) {
    return IntStream.range(0, rows)
        .mapToLong(i -> Predictions.keyHash(("row " + i).getBytes(StandardCharsets.UTF_8)))
        .toArray();
  }

  /** Two classes, by the probability of the second. */
  static ClassPredictions binary(int[] truth, double[] positive) {
    float[] flat = new float[2 * positive.length];
    for (int i = 0; i < positive.length; i++) {
      flat[2 * i + 1] = (float) positive[i];
      flat[2 * i] = 1 - flat[2 * i + 1];
    }
    return ClassPredictions.of(2, keys(truth.length), truth, flat, List.of());
  }

  static ClassPredictions classes(int classes, int[] truth, double[][] probabilities) {
    float[] flat = new float[classes * truth.length];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = (float) probabilities[i / classes][i % classes];
    }
    return ClassPredictions.of(classes, keys(truth.length), truth, flat, List.of());
  }

  static NumberPredictions numbers(double[] truth, double[] predicted) {
    return NumberPredictions.of(keys(truth.length), truth, predicted, List.of());
  }

  /** Random predictions on a coarse grid, hence with many ties, somewhat better than chance. */
  static ClassPredictions random(int classes, int rows, long seed) {
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

  static NumberPredictions randomNumbers(int rows, long seed) {
    Random random = new Random(seed);
    double[] truth = random.doubles(rows).map(d -> Math.rint(d * 50)).toArray();
    double[] predicted =
        Arrays.stream(truth).map(t -> t + Math.rint(random.nextGaussian() * 5)).toArray();
    return numbers(truth, predicted);
  }

  /** The row numbers in another order. */
  static int[] shuffled(int rows, long seed) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, rows).boxed().toList());
    Collections.shuffle(order, new Random(seed));
    return order.stream().mapToInt(Integer::intValue).toArray();
  }

  static ClassMeasures measures(ClassPredictions predictions) {
    return new ClassMeasures(predictions, predictions.classes() == 2 ? 1 : -1);
  }
}
