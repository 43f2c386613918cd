package sluice.network.compiled;

import java.util.Arrays;

/**
 * A pass over all examples of a value, in strips in which each number has its place: of a value of
 * few numbers a strip is some examples, of one of many it is a part of an example, and then the
 * strip passes over the examples. So what is added up stays in the first cache, one sum for each
 * place of the strip, until the sums of a channel are put together.
 */
final class Channels {
  private final int channels;
  private final int places;
  private final int size;

  /** Examples of a strip. */
  private final int tiles;

  /**
   * @param shape of an example: [channels], or [channels, ...]
   */
  Channels(int[] shape) {
    channels = shape[0];
    size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    places = size / channels;
    tiles = Loops.rows(size);
  }

  /** Numbers of each channel in an example. */
  int places() {
    return places;
  }

  int channels() {
    return channels;
  }

  /** The most numbers of a strip. */
  int width() {
    return Math.min(Loops.CHUNK, tiles * size);
  }

  /** What is done with a strip. */
  @FunctionalInterface
  interface Strip {
    /**
     * Takes the strip that begins at a place.
     *
     * @param at where in an example the strip begins
     */
    void accept(int at);
  }

  /** What is done with a piece of the examples that lies under the strip. */
  @FunctionalInterface
  interface Piece {
    /**
     * Takes the piece that begins at a place.
     *
     * @param at where it begins in the value
     */
    void accept(int at, int count);
  }

  void strips(Strip strip) {
    for (int at = 0; at < size; at += width()) {
      strip.accept(at);
    }
  }

  /** The pieces of a strip. */
  void pieces(int at, int examples, Piece piece) {
    int count = Math.min(width(), size - at);
    if (tiles == 1) {
      for (int example = 0; example < examples; example++) {
        piece.accept(example * size + at, count);
      }
      return;
    }
    for (int example = 0; example < examples; example += tiles) {
      piece.accept(example * size, Math.min(tiles, examples - example) * size);
    }
  }

  /** Writes the number of its channel to each place of a strip. */
  void expand(int at, float[] ofChannels, float[] strip) {
    int count = Math.min(width(), size - at);
    int once = Math.min(count, size);
    for (int i = 0; i < once; ) {
      int channel = (at + i) / places;
      int end = Math.min(once, (channel + 1) * places - at);
      Arrays.fill(strip, i, end, ofChannels[channel]);
      i = end;
    }
    for (int tile = 1; tile < tiles; tile++) {
      System.arraycopy(strip, 0, strip, tile * size, size);
    }
  }

  /** Adds the sums of a strip to those of the channels. */
  void collect(int at, float[] strip, double[] ofChannels) {
    int once = Math.min(Math.min(width(), size - at), size);
    for (int tile = 1; tile < tiles; tile++) {
      Loops.add(strip, 0, strip, tile * size, size);
    }
    for (int i = 0; i < once; ) {
      int channel = (at + i) / places;
      int end = Math.min(once, (channel + 1) * places - at);
      ofChannels[channel] += Loops.sum(strip, i, end - i);
      i = end;
    }
  }
}
