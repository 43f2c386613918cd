package sluice.network;

/** What predicts and does nothing else. Not thread-safe. */
public interface Inference {
  /**
   * The outputs of examples, each of which depends on its example alone, to the bit.
   *
   * @param inputs the examples of each input of the network, one example behind the other
   * @param examples how many there are, at least 1
   * @return the outputs of each output of the network, one example behind the other; the caller's
   *     own
   */
  float[][] outputs(float[][] inputs, int examples);
}
