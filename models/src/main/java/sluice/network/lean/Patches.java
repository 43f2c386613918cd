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
    walk(pictures, example, to, column, columns, false);
  }

  /** Adds each number of a matrix to that of a picture where {@link #gather} has it from. */
  public void scatter(float[] from, int column, int columns, float[] pictures, int example) {
    walk(pictures, example, from, column, columns, true);
  }

  /** Goes through the lines of a picture that the window meets, and copies or, back, adds them. */
  private void walk(
      float[] pictures, int example, float[] matrix, int column, int columns, boolean back) {
    int row = 0;
    for (int channel = 0; channel < channels; channel++) {
      int plane = example * picture() + channel * height * width;
      for (int y = 0; y < kernel[0]; y++) {
        for (int x = 0; x < kernel[1]; x++) {
          int at = row++ * columns + column;
          for (int i = 0; i < down; i++, at += across) {
            int line = i * stride[0] + y - padding[0];
            boolean within = line >= 0 && line < height;
            if (back) {
              if (within) {
                add(matrix, at, pictures, plane + line * width, x - padding[1]);
              }
            } else if (within) {
              copy(pictures, plane + line * width, x - padding[1], matrix, at);
            } else {
              Arrays.fill(matrix, at, at + across, 0);
            }
          }
        }
      }
    }
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

  private void add(float[] from, int at, float[] pictures, int line, int first) {
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
