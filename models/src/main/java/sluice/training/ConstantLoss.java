package sluice.training;

import java.io.Serializable;
import java.util.stream.LongStream;
import sluice.data.Task;
import sluice.network.Target;
import sluice.network.spec.Loss;
import sluice.statistics.Moments;

/**
 * What a network would lose on some labels that had the same outputs for every example, the best
 * ones there are; the same to the bit in whatever order it is merged. It tells on which scale a
 * loss is.
 */
final class ConstantLoss implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Target target;
  private final Loss loss;
  private final long[] classes;
  private final Moments numbers = new Moments();
  private long count;

  ConstantLoss(Target target, Loss loss) {
    this.target = target;
    this.loss = loss;
    this.classes = new long[target.classCount()];
  }

  /** Adds a label, the index of a class or a finite number. */
  void add(float label) {
    count++;
    if (target.task() == Task.REGRESSION) {
      numbers.add(label);
    } else {
      classes[(int) label]++;
    }
  }

  void merge(ConstantLoss other) {
    count += other.count;
    numbers.merge(other.numbers);
    for (int c = 0; c < classes.length; c++) {
      classes[c] += other.classes[c];
    }
  }

  /** How many labels there are. */
  long count() {
    return count;
  }

  /**
   * The mean over the labels, of which there must be one. The mean absolute error of numbers is
   * given as their standard deviation, which is at least as large.
   */
  double value() {
    if (target.task() == Task.REGRESSION) {
      double deviation = numbers.std();
      return loss == Loss.MEAN_ABSOLUTE_ERROR ? deviation : deviation * deviation;
    }
    double all = LongStream.of(classes).sum();
    double sum = 0;
    for (long count : classes) {
      double share = count / all;
      sum +=
          switch (loss) {
            case MEAN_SQUARED_ERROR -> share * (1 - share);
            case MEAN_ABSOLUTE_ERROR -> Math.min(share, 1 - share);
            default -> share == 0 ? 0 : -share * StrictMath.log(share);
          };
    }
    // These two are means over the outputs; two classes are one output.
    boolean ofOutputs = loss == Loss.MEAN_SQUARED_ERROR || loss == Loss.MEAN_ABSOLUTE_ERROR;
    return ofOutputs ? sum / classes.length : sum;
  }
}
