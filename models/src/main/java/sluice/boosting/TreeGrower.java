package sluice.boosting;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Grows a tree leaf by leaf, the one with the greatest gain first (Ke et al., "LightGBM", 2017), on
 * histograms of gradients. Of two new leaves only the one with fewer rows is counted; the other is
 * what is left of their parent. Categories are put in the order of their steps and split there
 * (Fisher, "On grouping for maximum homogeneity", 1958).
 *
 * <p>Each column is counted by one thread in the order of the rows, so that the bits do not depend
 * on how many threads there are.
 */
final class TreeGrower {
  /** Keeps steps of leaves with little evidence small. */
  private static final double L2 = 1;

  /** The same in the order of categories: rare ones come to the middle. */
  private static final double CATEGORY_SMOOTHING = 10;

  /** What rounding alone may come to, where scores are log odds or standard deviations. */
  private static final double LEAST_GAIN = 1e-12;

  private final Bins bins;
  private final BoostingSettings settings;
  private final int[] rows;
  private final int[] moved;

  /** Of the rows of a leaf that is being counted, in their order. */
  private final double[] gradients;

  private final double[] hessians;

  TreeGrower(Bins bins, int rows, BoostingSettings settings) {
    this.bins = bins;
    this.settings = settings;
    this.rows = new int[rows];
    this.moved = new int[rows];
    this.gradients = new double[rows];
    this.hessians = new double[rows];
  }

  /** Sums by bin of every column. */
  @SuppressWarnings("ArrayRecordComponent") // filled in place and never compared
  private record Histogram(double[] gradients, double[] hessians, int[] counts) {
    static Histogram of(int bins) {
      return new Histogram(new double[bins], new double[bins], new int[bins]);
    }

    /** Takes away what another holds. */
    void minus(Histogram other) {
      for (int bin = 0; bin < counts.length; bin++) {
        gradients[bin] -= other.gradients[bin];
        hessians[bin] -= other.hessians[bin];
        counts[bin] -= other.counts[bin];
      }
    }
  }

  /** A leaf: its rows, what their loss says, and how it is best split, if at all. */
  private record Leaf(
      int node, int from, int to, Sums sums, Histogram histogram, @Nullable Split split) {
    double gain() {
      return split == null ? 0 : split.gain();
    }
  }

  private record Sums(double gradient, double hessian) {
    double step() {
      return -gradient / (hessian + L2);
    }

    double worth() {
      return gradient * gradient / (hessian + L2);
    }

    Sums minus(Sums other) {
      return new Sums(gradient - other.gradient, hessian - other.hessian);
    }
  }

  /** Which bins of a column go left. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Split(double gain, int column, boolean[] left, int lastBin, Sums leftSums) {}

  /**
   * Grows one tree.
   *
   * @param gradient of each row
   * @param hessian of each row
   * @param steps by row, to be filled with what the tree adds to its score
   */
  Tree grow(double[] gradient, double[] hessian, double[] steps) {
    for (int row = 0; row < rows.length; row++) {
      rows[row] = row;
    }
    Tree tree = new Tree(settings.leaves());
    PriorityQueue<Leaf> splittable =
        new PriorityQueue<>(
            Comparator.comparingDouble(Leaf::gain).reversed().thenComparingInt(Leaf::node));
    int leaves = 1;
    Histogram all = Histogram.of(bins.total);
    Sums sums = count(all, 0, rows.length, gradient, hessian);
    end(leaf(0, 0, rows.length, sums, all), tree, steps, splittable);
    while (leaves < settings.leaves() && !splittable.isEmpty()) {
      Leaf parent = splittable.remove();
      Split split = parent.split();
      if (split == null) {
        break;
      }
      int middle = partition(parent, split);
      int left =
          tree.split(
              parent.node(),
              split.column(),
              bins.edges[split.column()].length == 0
                  ? 0
                  : bins.edges[split.column()][split.lastBin()],
              split.left(),
              bins.ofCategory[split.column()]);
      leaves++;
      boolean leftIsSmaller = middle - parent.from() <= parent.to() - middle;
      Histogram counted = Histogram.of(bins.total);
      if (leftIsSmaller) {
        count(counted, parent.from(), middle, gradient, hessian);
      } else {
        count(counted, middle, parent.to(), gradient, hessian);
      }
      Histogram rest = parent.histogram();
      rest.minus(counted);
      Sums leftSums = split.leftSums();
      Sums rightSums = parent.sums().minus(leftSums);
      end(
          leaf(left, parent.from(), middle, leftSums, leftIsSmaller ? counted : rest),
          tree,
          steps,
          splittable);
      end(
          leaf(left + 1, middle, parent.to(), rightSums, leftIsSmaller ? rest : counted),
          tree,
          steps,
          splittable);
    }
    return tree;
  }

  private void end(Leaf leaf, Tree tree, double[] steps, PriorityQueue<Leaf> splittable) {
    double step = settings.learningRate() * leaf.sums().step();
    tree.value(leaf.node(), step);
    for (int i = leaf.from(); i < leaf.to(); i++) {
      steps[rows[i]] = step;
    }
    if (leaf.split() != null) {
      splittable.add(leaf);
    }
  }

  private Leaf leaf(int node, int from, int to, Sums sums, Histogram histogram) {
    @Nullable Split best = null;
    if (to - from >= 2 * settings.minRows()) {
      @Nullable Split[] splits = new @Nullable Split[bins.counts.length];
      IntStream.range(0, splits.length)
          .parallel()
          .forEach(column -> splits[column] = split(column, sums, to - from, histogram));
      for (Split split : splits) {
        if (split != null && (best == null || split.gain() > best.gain())) {
          best = split;
        }
      }
    }
    return new Leaf(node, from, to, sums, histogram, best);
  }

  /** Counts the rows of a leaf into its histogram, and sums them up. */
  private Sums count(Histogram histogram, int from, int to, double[] gradient, double[] hessian) {
    double gradientSum = 0;
    double hessianSum = 0;
    for (int i = from; i < to; i++) {
      gradients[i] = gradient[rows[i]];
      hessians[i] = hessian[rows[i]];
      gradientSum += gradients[i];
      hessianSum += hessians[i];
    }
    IntStream.range(0, bins.counts.length)
        .parallel()
        .forEach(column -> count(histogram, column, from, to));
    return new Sums(gradientSum, hessianSum);
  }

  private void count(Histogram histogram, int column, int from, int to) {
    byte[] binned = bins.rows[column];
    int offset = bins.offsets[column];
    double[] gradientSums = histogram.gradients();
    double[] hessianSums = histogram.hessians();
    int[] counts = histogram.counts();
    for (int i = from; i < to; i++) {
      int bin = offset + (binned[rows[i]] & 0xff);
      gradientSums[bin] += gradients[i];
      hessianSums[bin] += hessians[i];
      counts[bin]++;
    }
  }

  private @Nullable Split split(int column, Sums sums, int rowsHere, Histogram histogram) {
    int offset = bins.offsets[column];
    int[] order = order(column, histogram);
    double best = LEAST_GAIN;
    int bestAt = -1;
    Sums bestLeft = sums;
    double gradient = 0;
    double hessian = 0;
    int count = 0;
    for (int i = 0; i + 1 < order.length; i++) {
      int bin = offset + order[i];
      gradient += histogram.gradients()[bin];
      hessian += histogram.hessians()[bin];
      count += histogram.counts()[bin];
      if (count < settings.minRows()) {
        continue;
      }
      if (rowsHere - count < settings.minRows()) {
        break;
      }
      if (histogram.counts()[bin] == 0) {
        continue;
      }
      Sums left = new Sums(gradient, hessian);
      double gain = left.worth() + sums.minus(left).worth() - sums.worth();
      if (gain > best) {
        best = gain;
        bestAt = i;
        bestLeft = left;
      }
    }
    if (bestAt < 0) {
      return null;
    }
    boolean[] left = new boolean[bins.counts[column]];
    for (int i = 0; i <= bestAt; i++) {
      left[order[i]] = true;
    }
    return new Split(best, column, left, order[bestAt], bestLeft);
  }

  /**
   * The bins of a column from left to right; of categories those that have rows, by their steps.
   */
  private int[] order(int column, Histogram histogram) {
    int offset = bins.offsets[column];
    IntStream all = IntStream.range(0, bins.counts[column]);
    if (bins.ofCategory[column].length == 0) {
      return all.toArray();
    }
    return all.filter(bin -> histogram.counts()[offset + bin] > 0)
        .boxed()
        .sorted(
            Comparator.comparingDouble(
                bin ->
                    histogram.gradients()[offset + bin]
                        / (histogram.hessians()[offset + bin] + CATEGORY_SMOOTHING)))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** Puts the rows that go left before the others, both in their order. */
  private int partition(Leaf leaf, Split split) {
    byte[] binned = bins.rows[split.column()];
    int left = leaf.from();
    int right = 0;
    for (int i = leaf.from(); i < leaf.to(); i++) {
      int row = rows[i];
      if (split.left()[binned[row] & 0xff]) {
        rows[left++] = row;
      } else {
        moved[right++] = row;
      }
    }
    System.arraycopy(moved, 0, rows, left, right);
    return left;
  }
}
