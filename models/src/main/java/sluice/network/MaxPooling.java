package sluice.network;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import sluice.network.lean.Patches;

/** The greatest of what a window sees in each channel; of equal ones the first. */
final class MaxPooling implements PictureLayer {
  private final Patches windows;
  private float[] given = {};

  /** Where in what was read each number is from that was given. */
  private int[] from = {};

  /**
   * @param windows without padding
   */
  MaxPooling(Patches windows) {
    this.windows = windows;
  }

  @Override
  public int out() {
    return windows.channels() * windows.places();
  }

  @Override
  public float[] forward(ParameterMemory memory, float[] read, int examples) {
    int size = Math.multiplyExact(examples, out());
    if (given.length < size) {
      given = new float[size];
      from = new int[size];
    }
    int down = windows.down();
    int across = windows.across();
    int width = windows.width();
    int line = windows.stride()[0] * width;
    int to = 0;
    for (int plane = 0; plane < examples * windows.channels(); plane++) {
      int corner = plane * windows.height() * width;
      for (int i = 0; i < down; i++, corner += line, to += across) {
        greatest(read, corner, to);
      }
    }
    return given;
  }

  /**
   * A row of windows, each number of them all in turn, without a branch that depends on them. What
   * is not a number is the greatest.
   */
  private void greatest(float[] read, int corner, int to) {
    int across = windows.across();
    int step = windows.stride()[1];
    for (int j = 0, at = corner; j < across; j++, at += step) {
      given[to + j] = read[at];
      from[to + j] = at;
    }
    for (int y = 0; y < windows.kernel()[0]; y++) {
      for (int x = y == 0 ? 1 : 0; x < windows.kernel()[1]; x++) {
        for (int j = 0, at = corner + y * windows.width() + x; j < across; j++, at += step) {
          float number = read[at];
          float before = given[to + j];
          from[to + j] = number > before ? at : from[to + j];
          given[to + j] = Math.max(number, before);
        }
      }
    }
  }

  @Override
  public float[] given() {
    return given;
  }

  @Override
  public void backward(
      ParameterMemory memory, float[] read, float[] delta, int examples, float @Nullable [] below) {
    float[] to = requireNonNull(below, "it is never the first layer");
    Arrays.fill(to, 0, examples * windows.picture(), 0);
    int size = examples * out();
    for (int i = 0; i < size; i++) {
      to[from[i]] += delta[i];
    }
  }
}
