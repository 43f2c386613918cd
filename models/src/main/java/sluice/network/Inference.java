package sluice.network;

/** What predicts and does nothing else. Not thread-safe. */
public interface Inference {
  /**
   * The outputs of examples.
   *
   * @param rows input vectors, one behind the other
   * @param examples how many there are
   * @return the outputs, one example behind the other; the caller's own
   */
  float[] outputs(float[] rows, int examples);
}
