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
   * The mean over the labels, of which there must be one. Where that of numbers takes more than
   * their moments it is an upper bound by their standard deviation, which the mean distance from
   * their mean is not above.
   */
  double value() {
    return target.task() == Task.REGRESSION ? ofNumbers(numbers.std()) : ofClasses();
  }

  private double ofNumbers(double deviation) {
    double variance = deviation * deviation;
    if (loss instanceof Loss.MeanAbsoluteError) {
      return deviation;
    }
    if (loss instanceof Loss.Huber huber) {
      return Math.min(variance / 2, huber.delta() * deviation);
    }
    // Of the mean, labels lie as far above as below, so that the quantile does not matter.
    return loss instanceof Loss.Quantile ? deviation / 2 : variance;
  }

  private double ofClasses() {
    double all = LongStream.of(classes).sum();
    double smoothing = loss instanceof Loss.CrossEntropy entropy ? entropy.labelSmoothing() : 0;
    double sum = 0;
    for (long count : classes) {
      double share = count / all;
      if (loss instanceof Loss.MeanSquaredError) {
        sum += share * (1 - share);
      } else if (loss instanceof Loss.MeanAbsoluteError) {
        sum += Math.min(share, 1 - share);
      } else {
        double smoothed = share * (1 - smoothing) + smoothing / classes.length;
        sum += smoothed == 0 ? 0 : -smoothed * StrictMath.log(smoothed);
      }
    }
    // These two are means over the outputs; two classes are one output.
    boolean ofOutputs =
        loss instanceof Loss.MeanSquaredError || loss instanceof Loss.MeanAbsoluteError;
    return ofOutputs ? sum / classes.length : sum;
  }
}
