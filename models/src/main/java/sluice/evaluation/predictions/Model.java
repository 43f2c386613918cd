package sluice.evaluation.predictions;

import java.io.Serializable;
import java.util.List;
import sluice.evaluation.metric.Label;
import sluice.network.ExampleLayout;
import sluice.network.Examples;

/**
 * What predicts labels of examples: a network, a baseline. It is judged and explained whatever it
 * is made of, and travels to executors.
 */
public interface Model extends Serializable {

  /** The examples that it takes; the groups are columns of the feature table. */
  ExampleLayout layout();

  /** What it predicts, in the order of its outputs. */
  List<Label> labels();

  /** Makes what predicts. */
  Outputs open();

  /** Predicts; each thread needs one of its own. */
  @FunctionalInterface
  interface Outputs {

    /**
     * What the model says.
     *
     * @return for each label, per example, the probability of each class or name in the label's
     *     order, or one number in the label's own units; of tags the probability of each tag at the
     *     first token that is read, then at the next
     */
    double[][][] of(Examples examples);
  }
}
