package sluice.network;

/** What predicts and does nothing else. Not thread-safe. */
public interface Inference {
  /**
   * The outputs of examples, each of which depends on its example alone, to the bit, and not on how
   * far its series are padded.
   *
   * @param inputs the examples of each input of the network, one example behind the other; of a
   *     series [features, steps]
   * @param masks of each input that is a series a number for each example and step, 1 for a step
   *     and 0 for padding; empty for an input that is none
   * @param examples how many there are, at least 1
   * @return the outputs of each output of the network, one example behind the other; the caller's
   *     own
   */
  float[][] outputs(float[][] inputs, float[][] masks, int examples);

  /** The outputs of examples that have no series. */
  default float[][] outputs(float[][] inputs, int examples) {
    return outputs(inputs, new float[inputs.length][0], examples);
  }
}
