package sluice.evaluation.classification;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Optional;
import sluice.evaluation.metric.Metric;
import sluice.evaluation.metric.Tally;

/**
 * The metrics of predicted classes, but for those of probabilities. Memory: 24 bytes a class; where
 * scores are ranked, which the areas under the curves need, 4 bytes a row besides.
 */
public final class ClassTally implements Tally {
  private static final long serialVersionUID = 1L;

  private final int positive;
  private final boolean ranked;
  private final long[] support;
  private final long[] predicted;
  private final long[] right;

  /** The scores of the rows of the positive class, and those of the others. */
  private final Floats positives = new Floats();

  private final Floats negatives = new Floats();

  private ClassTally(int classes, int positive, boolean ranked) {
    this.positive = positive;
    this.ranked = ranked;
    this.support = new long[classes];
    this.predicted = new long[classes];
    this.right = new long[classes];
  }

  /**
   * Gathers for one metric.
   *
   * @param metric its name in {@link ClassMetrics}; not one of probabilities, and of more than two
   *     classes none of the areas under the curves
   * @param positive the index of the positive class of two, or -1
   */
  public static ClassTally of(String metric, int classes, int positive) {
    ClassMetric.Needs needs = ClassMetrics.named(metric).needs();
    boolean ranked = needs == ClassMetric.Needs.RANKS;
    if (needs == ClassMetric.Needs.PROBABILITIES || (ranked && positive < 0)) {
      throw new IllegalArgumentException(
          "%s of %d classes cannot be tallied".formatted(metric, classes));
    }
    return new ClassTally(classes, positive, ranked);
  }

  /**
   * Adds a row.
   *
   * @param truth the index of its class
   * @param guess the index of the class that it is predicted to have
   * @param score of the positive class; not looked at where nothing is ranked
   */
  public void add(int truth, int guess, float score) {
    support[truth]++;
    predicted[guess]++;
    if (truth == guess) {
      right[truth]++;
    }
    if (ranked) {
      (truth == positive ? positives : negatives).add(score);
    }
  }

  @Override
  public void merge(Tally other) {
    if (!(other instanceof ClassTally that)) {
      throw new IllegalArgumentException("a tally of classes cannot take in one of anything else");
    }
    for (int c = 0; c < support.length; c++) {
      support[c] += that.support[c];
      predicted[c] += that.predicted[c];
      right[c] += that.right[c];
    }
    positives.addAll(that.positives);
    negatives.addAll(that.negatives);
  }

  @Override
  public double value(String metric) {
    ClassCounts counts = counts();
    return counts.rows() == 0 ? Double.NaN : ClassMetrics.named(metric).value(counts);
  }

  @Override
  public Optional<String> note(String metric) {
    ClassCounts counts = counts();
    return counts.rows() == 0
        ? Optional.of(Metric.NO_ROWS)
        : ClassMetrics.named(metric).note(counts);
  }

  /** What was gathered. */
  ClassCounts counts() {
    ClassCounts counts =
        new ClassCounts(positive, new ClassCounts.ByClass(support, predicted, right));
    if (ranked) {
      float[] hits = positives.ascending();
      float[] misses = negatives.ascending();
      Areas areas = new Areas(hits.length);
      int hit = hits.length;
      int miss = misses.length;
      while (hit > 0 || miss > 0) {
        float threshold =
            hit == 0 || (miss > 0 && misses[miss - 1] > hits[hit - 1])
                ? misses[miss - 1]
                : hits[hit - 1];
        while (hit > 0 && Float.compare(hits[hit - 1], threshold) >= 0) {
          hit--;
        }
        while (miss > 0 && Float.compare(misses[miss - 1], threshold) >= 0) {
          miss--;
        }
        areas.reach(hits.length - hit, misses.length - miss);
      }
      counts.setAreas(positive, areas);
    }
    return counts;
  }

  /** A growing array. */
  private static final class Floats implements Serializable {
    private static final long serialVersionUID = 1L;

    private float[] values = new float[0];
    private int size;

    void add(float value) {
      reserve(1);
      values[size++] = value;
    }

    void addAll(Floats other) {
      reserve(other.size);
      System.arraycopy(other.values, 0, values, size, other.size);
      size += other.size;
    }

    private void reserve(int more) {
      int needed = Math.addExact(size, more);
      if (needed > values.length) {
        values = Arrays.copyOf(values, (int) Math.min(Math.max(16, 2L * needed), 1 << 30));
      }
    }

    float[] ascending() {
      float[] sorted = Arrays.copyOf(values, size);
      Arrays.sort(sorted);
      return sorted;
    }
  }
}
