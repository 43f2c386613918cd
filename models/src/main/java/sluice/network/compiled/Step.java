package sluice.network.compiled;

import java.util.List;

/**
 * One minibatch on its way through a compiled network.
 *
 * @param examples how many there are, at least 1
 * @param training whether dropout and batch statistics apply
 * @param iteration which schedules go by
 * @param epoch likewise
 * @param targets one for each output of the network; empty if it only predicts
 */
record Step(int examples, boolean training, int iteration, int epoch, List<Labels> targets) {
  /** The same minibatch for a frozen layer. */
  Step predicting() {
    return training ? new Step(examples, false, iteration, epoch, targets) : this;
  }
}
