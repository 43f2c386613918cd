package sluice.training;

import java.io.Serializable;
import sluice.evaluation.classification.TagSpans;
import sluice.evaluation.metric.Label;

/**
 * In which units metrics of a label are measured.
 *
 * <p>What a network's number is in the units of the label, in which metrics are measured. The loss
 * is not: it is of the number as the network sees it.
 */
@FunctionalInterface
public interface LabelUnits extends Serializable {

  /** The number, or class index, as it was before it was scaled for the network. */
  double unscaled(double scaled);

  /** Of tags the spans that they tell. */
  default TagSpans spans() {
    return TagSpans.NONE;
  }

  /** Those of a label of classes or tags, which are not scaled. */
  static LabelUnits of(Label label) {
    TagSpans spans = TagSpans.of(label);
    return new LabelUnits() {
      private static final long serialVersionUID = 1L;

      @Override
      public double unscaled(double scaled) {
        return scaled;
      }

      @Override
      public TagSpans spans() {
        return spans;
      }
    };
  }
}
