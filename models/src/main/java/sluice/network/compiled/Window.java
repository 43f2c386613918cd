package sluice.network.compiled;

import java.util.Arrays;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ConvolutionMode;

/**
 * A window that moves over pictures [channels, down, across] of zeros beyond the edges.
 *
 * @param channels of a picture
 * @param picture rows and columns of a channel
 * @param kernel rows and columns of the window
 * @param dilation rows and columns of a picture from one of the window to the next
 * @param stride rows and columns from place to place
 * @param padding rows above and columns left of a picture
 * @param places where the window stands, below and beside each other
 */
record Window(
    int channels,
    Extent picture,
    Extent kernel,
    Extent dilation,
    Extent stride,
    Extent padding,
    Extent places) {

  /** Rows and columns. */
  record Extent(int down, int across) {
    static Extent of(int[] both) {
      return new Extent(both[0], both[1]);
    }

    int size() {
      return down * across;
    }
  }

  /**
   * The window of a layer; none if it is of another kind or stands beyond the edges entirely.
   *
   * @param shape of a picture
   */
  static Optional<Window> of(
      int[] shape,
      int[] kernel,
      int[] dilation,
      int[] stride,
      int[] padding,
      ConvolutionMode mode) {
    if (shape.length != 3) {
      return Optional.empty();
    }
    int[] places = new int[2];
    int[] before = new int[2];
    boolean inside = true;
    for (int i = 0; i < 2; i++) {
      int length = shape[i + 1];
      int reach = (kernel[i] - 1) * dilation[i] + 1;
      if (mode == ConvolutionMode.Same || mode == ConvolutionMode.Causal) {
        places[i] = (length + stride[i] - 1) / stride[i];
        before[i] =
            mode == ConvolutionMode.Causal
                ? reach - 1
                : Math.max(0, (places[i] - 1) * stride[i] + reach - length) / 2;
      } else {
        places[i] =
            length + 2 * padding[i] < reach ? 0 : (length + 2 * padding[i] - reach) / stride[i] + 1;
        before[i] = padding[i];
      }
      inside &= before[i] < reach;
    }
    return inside && Arrays.stream(places).allMatch(count -> count > 0)
        ? Optional.of(
            new Window(
                shape[0],
                new Extent(shape[1], shape[2]),
                Extent.of(kernel),
                Extent.of(dilation),
                Extent.of(stride),
                Extent.of(before),
                Extent.of(places)))
        : Optional.empty();
  }

  /** A window that sees all of a picture at once. */
  static Window whole(int[] shape) {
    Extent all = new Extent(shape[1], shape[2]);
    Extent one = new Extent(1, 1);
    return new Window(shape[0], all, all, one, all, new Extent(0, 0), one);
  }

  /** The numbers that the window sees at a place. */
  int numbers() {
    return channels * kernel.size();
  }

  /** Whether what it sees at all places is the picture itself. */
  boolean seesThePicture() {
    return kernel.size() == 1 && stride.size() == 1 && places.equals(picture);
  }

  /** Of each place one by the numbers of a channel that the window sees there. */
  float[] shares() {
    float[] shares = new float[places.size()];
    for (int i = 0; i < places.down; i++) {
      int first = firstLine(i);
      int down = Math.min(first + kernel.down, picture.down) - Math.max(first, 0);
      for (int j = 0; j < places.across; j++) {
        int left = j * stride.across - padding.across;
        int across = Math.min(left + kernel.across, picture.across) - Math.max(left, 0);
        shares[i * places.across + j] = 1f / (down * across);
      }
    }
    return shares;
  }

  /** The columns of a picture from the first that the window meets to that of one of its own. */
  int at(int column) {
    return column * dilation.across;
  }

  /** The lines of a picture that the window meets at some lines of places. */
  int tall(int lines) {
    return (lines - 1) * stride.down + (kernel.down - 1) * dilation.down + 1;
  }

  /** The line of a picture that the window's first row meets at a place; it may be beyond. */
  int firstLine(int place) {
    return place * stride.down - padding.down;
  }

  /** The first place beside others at which a column of the window is inside a picture. */
  int firstInside(int column) {
    return Math.max(0, (padding.across - at(column) + stride.across - 1) / stride.across);
  }

  /** The first place behind those at which a column of the window is inside a picture. */
  int lastInside(int column) {
    int last = picture.across - 1 + padding.across - at(column);
    return last < 0 ? 0 : Math.min(places.across, last / stride.across + 1);
  }
}
