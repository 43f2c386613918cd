package sluice.network.compiled;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a window sees of a picture at each of the places where it stands, as columns of a matrix: a
 * row for each of its numbers, in the order of the weights (im2col; Chellapilla, Puri and Simard
 * 2006). Of large pictures some lines of places are taken at a time.
 */
final class Patches {
  /** So many numbers of a matrix are made at a time, or those of one line of places. */
  private static final int MOST = 1 << 18;

  private final Window window;
  private final Filters.Order order;
  private final int lines;
  private final Block matrix;

  /** The numbers of one channel in the matrix, row by row. */
  private final float[] rows;

  /** Lines that the window meets with one of its columns: each is met often. */
  private final float[] met;

  private final float[] plane;
  private final float[] scratch;

  private Patches(Window window, Filters.Order order, Compilation compilation) {
    this.window = window;
    this.order = order;
    int across = window.places().across();
    int line = Math.multiplyExact(window.numbers(), across);
    lines = Math.max(1, Math.min(window.places().down(), MOST / line));
    matrix = compilation.scratch(line, lines);
    rows = new float[window.kernel().size() * lines * across];
    met = new float[window.tall(lines) * across];
    plane = new float[window.picture().size()];
    scratch = new float[plane.length];
  }

  /** The patches of a window; null if it sees the picture itself. */
  static @Nullable Patches of(Window window, Filters.Order order, Compilation compilation) {
    return window.seesThePicture() ? null : new Patches(window, order, compilation);
  }

  /** Lines of places that are taken at a time. */
  int lines() {
    return lines;
  }

  /** The matrix of what was gathered last, or what is to be scattered. */
  Block matrix() {
    return matrix;
  }

  /**
   * Writes what is seen at some lines of places.
   *
   * @param pictures where the picture is
   * @param at where it begins
   * @param from the first line of places
   * @param count lines of places
   */
  void gather(Block pictures, int at, int from, int count) {
    int across = window.places().across();
    int width = window.picture().across();
    int kernel = window.kernel().across();
    int apart = window.dilation().down();
    int places = count * across;
    int first = window.firstLine(from);
    int tall = window.tall(count);
    int top = Math.min(Math.max(first, 0), window.picture().down());
    int bottom = Math.max(top, Math.min(first + tall, window.picture().down()));
    for (int channel = 0; channel < window.channels(); channel++) {
      pictures.read(
          at + channel * window.picture().size() + top * width, plane, (bottom - top) * width);
      for (int x = 0; x < kernel; x++) {
        for (int i = 0; i < tall; i++) {
          int line = first + i;
          if (line < top || line >= bottom) {
            Arrays.fill(met, i * across, (i + 1) * across, 0);
          } else {
            copy((line - top) * width, x, i * across);
          }
        }
        for (int y = 0; y < window.kernel().down(); y++) {
          int row = (y * kernel + x) * places;
          if (window.stride().down() == 1) {
            System.arraycopy(met, y * apart * across, rows, row, places);
          } else {
            for (int i = 0; i < count; i++) {
              int line = (i * window.stride().down() + y * apart) * across;
              System.arraycopy(met, line, rows, row + i * across, across);
            }
          }
        }
      }
      write(channel, places);
    }
  }

  /**
   * Adds each number of the matrix to that of a picture where {@link #gather} has it from.
   *
   * @param beta by what to multiply what the pictures hold before, if these are all lines
   */
  void scatter(Block pictures, int at, int from, int count, float beta) {
    int across = window.places().across();
    int width = window.picture().across();
    int kernel = window.kernel().across();
    int apart = window.dilation().down();
    int places = count * across;
    boolean all = count == window.places().down();
    int first = window.firstLine(from);
    int tall = window.tall(count);
    int top = all ? 0 : Math.min(Math.max(first, 0), window.picture().down());
    int bottom =
        all
            ? window.picture().down()
            : Math.max(top, Math.min(first + tall, window.picture().down()));
    for (int channel = 0; channel < window.channels(); channel++) {
      read(channel, places);
      Arrays.fill(plane, 0, (bottom - top) * width, 0);
      for (int x = 0; x < kernel; x++) {
        Arrays.fill(met, 0, tall * across, 0);
        for (int y = 0; y < window.kernel().down(); y++) {
          int row = (y * kernel + x) * places;
          if (window.stride().down() == 1) {
            Loops.add(met, y * apart * across, rows, row, places);
          } else {
            for (int i = 0; i < count; i++) {
              int line = (i * window.stride().down() + y * apart) * across;
              Loops.add(met, line, rows, row + i * across, across);
            }
          }
        }
        for (int i = 0; i < tall; i++) {
          int line = first + i;
          if (line >= top && line < bottom) {
            addLine(i * across, x, (line - top) * width);
          }
        }
      }
      pictures.add(
          all ? beta : 1,
          at + channel * window.picture().size() + top * width,
          plane,
          (bottom - top) * width,
          scratch);
    }
  }

  private void write(int channel, int places) {
    int size = window.kernel().size();
    if (order == Filters.Order.OUTPUTS_FIRST) {
      matrix.write(channel * size * places, rows, size * places);
    } else {
      for (int i = 0; i < size; i++) {
        matrix.write((i * window.channels() + channel) * places, rows, i * places, places);
      }
    }
  }

  private void read(int channel, int places) {
    int size = window.kernel().size();
    if (order == Filters.Order.OUTPUTS_FIRST) {
      matrix.read(channel * size * places, rows, size * places);
    } else {
      for (int i = 0; i < size; i++) {
        matrix.read((i * window.channels() + channel) * places, rows, i * places, places);
      }
    }
  }

  /** What a column of the window meets of a line of the plane. */
  private void copy(int line, int column, int to) {
    int inside = window.firstInside(column);
    int behind = Math.max(inside, window.lastInside(column));
    int across = window.places().across();
    int step = window.stride().across();
    int from = line + window.at(column) - window.padding().across();
    Arrays.fill(met, to, to + Math.min(inside, across), 0);
    if (step == 1) {
      if (inside < behind) {
        System.arraycopy(plane, from + inside, met, to + inside, behind - inside);
      }
    } else {
      for (int j = inside; j < behind; j++) {
        met[to + j] = plane[from + j * step];
      }
    }
    if (behind < across) {
      Arrays.fill(met, to + behind, to + across, 0);
    }
  }

  /** Adds what a column of the window meets to a line of the plane. */
  private void addLine(int from, int column, int line) {
    int inside = window.firstInside(column);
    int behind = window.lastInside(column);
    int step = window.stride().across();
    int to = line + window.at(column) - window.padding().across();
    if (step == 1) {
      Loops.add(plane, to + inside, met, from + inside, behind - inside);
    } else {
      for (int j = inside; j < behind; j++) {
        plane[to + j * step] += met[from + j];
      }
    }
  }
}
