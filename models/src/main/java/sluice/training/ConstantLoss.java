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

  /**
   * Adds what there is of an example.
   *
   * @param labels one, or one of each step that is tagged; of a set for each name 1 if it is there,
   *     else 0; none where the label is missing
   */
  void addAll(float[] labels) {
    if (target.task() != Task.MULTILABEL) {
      for (float label : labels) {
        add(label);
      }
    } else if (labels.length > 0) {
      count++;
      for (int name = 0; name < labels.length; name++) {
        classes[name] += (long) labels[name];
      }
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
    return switch (target.task()) {
      case REGRESSION -> ofNumbers(numbers.std());
      case MULTILABEL -> ofNames();
      case BINARY, MULTICLASS, TAGS -> ofClasses(classes);
    };
  }

  /** Each name is there or not: two classes. The cross-entropy is a sum, others are means. */
  private double ofNames() {
    double sum = 0;
    for (long there : classes) {
      sum += ofClasses(new long[] {there, count - there});
    }
    return isOfOutputs() ? sum / classes.length : sum;
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

  private double ofClasses(long[] classes) {
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
    return isOfOutputs() ? sum / classes.length : sum;
  }

  /** Whether the loss is a mean over the outputs; two classes are one output. */
  private boolean isOfOutputs() {
    return loss instanceof Loss.MeanSquaredError || loss instanceof Loss.MeanAbsoluteError;
  }
}
