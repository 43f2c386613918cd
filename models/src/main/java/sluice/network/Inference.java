package sluice.network;

/** What predicts and does nothing else. Not thread-safe. */
public interface Inference {
  /**
   * The outputs of examples.
   *
   * @param inputs the examples of each input of the network, one example behind the other
   * @param examples how many there are
   * @return the outputs of each output of the network, one example behind the other; the caller's
   *     own
   */
  float[][] outputs(float[][] inputs, int examples);
}
