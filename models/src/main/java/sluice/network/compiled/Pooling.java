package sluice.network.compiled;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The greatest or the mean of what a window sees in each channel; beyond the edges is nothing. */
final class Pooling implements Op {
  private final Tensor in;
  private final Tensor out;
  private final Window window;

  /** Of each place by what to multiply the sum; null for the greatest. */
  private final float @Nullable [] shares;

  private final float[] read;
  private final float[] given;
  private final float[] scratch;

  /** Channels of a pass at a time. */
  private final int planes;

  /** Where in its channel each of the greatest numbers is from; of equal ones the first. */
  private int[] from = {};

  private Pooling(Tensor in, Tensor out, Window window, float @Nullable [] shares) {
    this.in = in;
    this.out = out;
    this.window = window;
    this.shares = shares;
    planes = Math.min(window.channels(), Loops.rows(window.picture().size()));
    read = new float[planes * window.picture().size()];
    scratch = new float[read.length];
    given = new float[planes * window.places().size()];
  }

  static Pooling greatest(Tensor in, Tensor out, Window window) {
    return new Pooling(in, out, window, null);
  }

  static Pooling mean(Tensor in, Tensor out, Window window) {
    return new Pooling(in, out, window, window.shares());
  }

  @Override
  public void forward(Step step) {
    int size = window.picture().size();
    int places = window.places().size();
    int all = step.examples() * window.channels();
    if (shares == null && from.length < all * places) {
      from = new int[all * places];
    }
    for (int plane = 0; plane < all; plane += planes) {
      int count = Math.min(planes, all - plane);
      in.data().read(plane * size, read, count * size);
      Arrays.fill(given, 0, count * places, shares == null ? Float.NEGATIVE_INFINITY : 0);
      for (int i = 0; i < count; i++) {
        if (shares == null) {
          greatest(i * size, i * places, (plane + i) * places);
        } else {
          mean(shares, i * size, i * places);
        }
      }
      out.data().write(plane * places, given, count * places);
    }
    out.mask().multiply(step.examples(), out.data());
  }

  /** What is not a number is the greatest. */
  private void greatest(int at, int to, int index) {
    int across = window.places().across();
    int width = window.picture().across();
    for (int i = 0; i < window.places().down(); i++) {
      int first = window.firstLine(i);
      int top = Math.max(0, -first);
      int bottom = Math.min(window.kernel().down(), window.picture().down() - first);
      for (int y = top; y < bottom; y++) {
        int line = (first + y) * width;
        for (int x = 0; x < window.kernel().across(); x++) {
          greater(at, line + x - window.padding().across(), x, to + i * across, index + i * across);
        }
      }
    }
  }

  /** One number of each window beside others, without a branch that depends on it. */
  private void greater(int at, int line, int column, int to, int index) {
    int step = window.stride().across();
    int behind = window.lastInside(column);
    for (int j = window.firstInside(column); j < behind; j++) {
      int place = line + j * step;
      float number = read[at + place];
      float before = given[to + j];
      from[index + j] = number > before ? place : from[index + j];
      given[to + j] = Math.max(number, before);
    }
  }

  private void mean(float[] factors, int at, int to) {
    int across = window.places().across();
    int width = window.picture().across();
    int step = window.stride().across();
    for (int i = 0; i < window.places().down(); i++) {
      int first = window.firstLine(i);
      int top = Math.max(0, -first);
      int bottom = Math.min(window.kernel().down(), window.picture().down() - first);
      for (int y = top; y < bottom; y++) {
        int line = at + (first + y) * width - window.padding().across();
        for (int x = 0; x < window.kernel().across(); x++) {
          int behind = window.lastInside(x);
          for (int j = window.firstInside(x); j < behind; j++) {
            given[to + i * across + j] += read[line + x + j * step];
          }
        }
      }
    }
    for (int i = 0; i < factors.length; i++) {
      given[to + i] *= factors[i];
    }
  }

  @Override
  public void backward(Step step) {
    Block gradient = out.gradient();
    Block below = in.gradient();
    if (gradient == null || below == null) {
      return;
    }
    out.mask().multiply(step.examples(), gradient);
    float beta = below.beta();
    int size = window.picture().size();
    int places = window.places().size();
    int all = step.examples() * window.channels();
    for (int plane = 0; plane < all; plane += planes) {
      int count = Math.min(planes, all - plane);
      gradient.read(plane * places, given, count * places);
      Arrays.fill(read, 0, count * size, 0);
      for (int i = 0; i < count; i++) {
        if (shares == null) {
          backToGreatest(i * places, (plane + i) * places, i * size);
        } else {
          backToAll(shares, i * places, i * size);
        }
      }
      below.add(beta, plane * size, read, count * size, scratch);
    }
  }

  private void backToGreatest(int at, int index, int to) {
    int places = window.places().size();
    for (int i = 0; i < places; i++) {
      read[to + from[index + i]] += given[at + i];
    }
  }

  private void backToAll(float[] factors, int at, int to) {
    for (int i = 0; i < factors.length; i++) {
      given[at + i] *= factors[i];
    }
    int across = window.places().across();
    int width = window.picture().across();
    int step = window.stride().across();
    for (int i = 0; i < window.places().down(); i++) {
      int first = window.firstLine(i);
      int top = Math.max(0, -first);
      int bottom = Math.min(window.kernel().down(), window.picture().down() - first);
      for (int y = top; y < bottom; y++) {
        int line = to + (first + y) * width - window.padding().across();
        for (int x = 0; x < window.kernel().across(); x++) {
          int behind = window.lastInside(x);
          for (int j = window.firstInside(x); j < behind; j++) {
            read[line + x + j * step] += given[at + i * across + j];
          }
        }
      }
    }
  }
}
