package sluice.network.spec;

/** The most that an encoder may have of what it is made of. */
final class EncoderSizes {
  /** Units of a layer, and numbers of the vector of a token or a step. */
  static final int WIDEST = 1 << 16;

  /** Steps of a series that are read. */
  static final int LONGEST = 1 << 15;

  /** Layers of one kind, one behind the other. */
  static final int MOST_LAYERS = 100;

  private EncoderSizes() {}
}
