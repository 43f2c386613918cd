package sluice.network;

import org.jspecify.annotations.Nullable;

/**
 * A layer of a {@link PlainReplica} that takes and gives pictures: [examples, channels, height,
 * width], the numbers of the first examples of what may be a longer array.
 */
sealed interface PictureLayer permits Convolution, MaxPooling {
  /** The numbers that it gives for each example. */
  int out();

  /** What it makes of examples, in an array that is its own, until it is called again. */
  float[] forward(ParameterMemory memory, float[] read, int examples);

  /** What it made last. */
  float[] given();

  /**
   * Writes the gradient of its parameters, and that of what it read into {@code below}.
   *
   * @param read as it was given to {@link #forward} last
   * @param delta the gradient of what it gave then
   * @param below null where nobody asks for it
   */
  void backward(
      ParameterMemory memory, float[] read, float[] delta, int examples, float @Nullable [] below);
}
