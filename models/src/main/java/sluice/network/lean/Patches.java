package sluice.network.lean;

import java.util.Arrays;

/**
 * What a window sees of pictures [examples, channels, height, width] at each of the places where it
 * stands, as columns of a matrix: a row for each of its numbers, in the order [channel, row,
 * column].
 *
 * @param channels of a picture
 * @param height of a picture
 * @param width of a picture
 * @param kernel rows and columns of the window
 * @param stride rows and columns from place to place
 * @param padding rows above and columns left of a picture, of zeros
 * @param down places below each other
 * @param across places beside each other
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Patches(
    int channels,
    int height,
    int width,
    int[] kernel,
    int[] stride,
    int[] padding,
    int down,
    int across) {

  /** The numbers of a picture. */
  public int picture() {
    return channels * height * width;
  }

  /** The numbers that the window sees at a place. */
  public int rows() {
    return channels * kernel[0] * kernel[1];
  }

  /** The places of a picture. */
  public int places() {
    return down * across;
  }

  /**
   * Writes what is seen of a picture.
   *
   * @param to a matrix by rows
   * @param column of the first place
   * @param columns of the matrix
   */
  public void gather(float[] pictures, int example, float[] to, int column, int columns) {
    float[] lines = new float[tall() * across];
    for (int channel = 0; channel < channels; channel++) {
      int plane = example * picture() + channel * height * width;
      for (int x = 0; x < kernel[1]; x++) {
        for (int i = 0; i < tall(); i++) {
          int line = line(plane, i);
          if (line < 0) {
            Arrays.fill(lines, i * across, (i + 1) * across, 0);
          } else {
            copy(pictures, line, x - padding[1], lines, i * across);
          }
        }
        for (int y = 0; y < kernel[0]; y++) {
          int at = row(channel, y, x) * columns + column;
          for (int i = 0; i < pieces(); i++) {
            System.arraycopy(lines, from(y, i), to, at + i * piece(), piece());
          }
        }
      }
    }
  }

  /** Adds each number of a matrix to that of a picture where {@link #gather} has it from. */
  public void scatter(float[] from, int column, int columns, float[] pictures, int example) {
    float[] lines = new float[tall() * across];
    for (int channel = 0; channel < channels; channel++) {
      int plane = example * picture() + channel * height * width;
      for (int x = 0; x < kernel[1]; x++) {
        Arrays.fill(lines, 0);
        for (int y = 0; y < kernel[0]; y++) {
          int at = row(channel, y, x) * columns + column;
          for (int i = 0; i < pieces(); i++) {
            add(from, at + i * piece(), lines, from(y, i));
          }
        }
        for (int i = 0; i < tall(); i++) {
          int line = line(plane, i);
          if (line >= 0) {
            addLine(lines, i * across, pictures, line, x - padding[1]);
          }
        }
      }
    }
  }

  /** Lines of a picture that the window meets with one of its columns: each is met often. */
  private int tall() {
    return (down - 1) * stride[0] + kernel[0];
  }

  /** Where a line that the window meets begins; negative if it lies in the padding. */
  private int line(int plane, int met) {
    int line = met - padding[0];
    return line < 0 || line >= height ? -1 : plane + line * width;
  }

  private int row(int channel, int y, int x) {
    return (channel * kernel[0] + y) * kernel[1] + x;
  }

  /** Of the met lines, so many numbers lie one behind the other in a row of the matrix too. */
  private int piece() {
    return stride[0] == 1 ? places() : across;
  }

  private int pieces() {
    return stride[0] == 1 ? 1 : down;
  }

  /** Where among the met lines a piece of a row of the matrix begins. */
  private int from(int y, int piece) {
    return (piece * stride[0] + y) * across;
  }

  private void copy(float[] pictures, int line, int first, float[] to, int at) {
    if (stride[1] == 1 && first >= 0 && first + across <= width) {
      System.arraycopy(pictures, line + first, to, at, across);
      return;
    }
    for (int j = 0; j < across; j++) {
      int place = j * stride[1] + first;
      to[at + j] = place < 0 || place >= width ? 0 : pictures[line + place];
    }
  }

  private void add(float[] from, int at, float[] to, int first) {
    int size = piece();
    for (int j = 0; j < size; j++) {
      to[first + j] += from[at + j];
    }
  }

  private void addLine(float[] from, int at, float[] pictures, int line, int first) {
    if (stride[1] == 1 && first >= 0 && first + across <= width) {
      for (int j = 0; j < across; j++) {
        pictures[line + first + j] += from[at + j];
      }
      return;
    }
    for (int j = 0; j < across; j++) {
      int place = j * stride[1] + first;
      if (place >= 0 && place < width) {
        pictures[line + place] += from[at + j];
      }
    }
  }
}
