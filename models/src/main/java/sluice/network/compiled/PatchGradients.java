package sluice.network.compiled;

import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.jspecify.annotations.Nullable;

/**
 * The gradients of a convolution's weights and of its pictures, by that of its sums, as products of
 * matrices. Its patches are made again, which costs less than keeping those of the way forward.
 */
final class PatchGradients implements PicturePass {
  private final Products products;
  private final Tensor in;
  private final int size;
  private final Block gradient;
  private final Window window;
  private final Filters filters;

  /** Null where the window sees the picture itself. */
  private final @Nullable Patches patches;

  private final float[] piece = new float[Loops.CHUNK];

  /** By what to multiply what the gradient of the pictures holds. */
  private float beta;

  /** Whether a picture's gradient of the weights is the first of the step. */
  private boolean first;

  /**
   * @param size of a picture's sums
   * @param gradient of the sums
   */
  PatchGradients(
      Compilation compilation,
      Tensor in,
      int size,
      Block gradient,
      Window window,
      Filters filters) {
    products = compilation.products();
    this.in = in;
    this.size = size;
    this.gradient = gradient;
    this.window = window;
    this.filters = filters;
    patches = Patches.of(window, filters.order(), compilation);
  }

  @Override
  public void begin() {
    Block below = in.gradient();
    beta = below == null ? 0 : below.beta();
    first = true;
  }

  @Override
  public void pass(int example) {
    Block below = in.gradient();
    int at = example * in.size();
    if (patches != null) {
      backThrough(patches, example);
      return;
    }
    multiplyGradient(example, in.data().at(at), 0, allLines());
    if (below != null) {
      multiplyBack(example, below.at(at), 0, allLines(), beta);
    }
  }

  private int allLines() {
    return window.places().down();
  }

  private void backThrough(Patches seen, int example) {
    Block below = in.gradient();
    int at = example * in.size();
    if (below != null && beta == 0 && seen.lines() < allLines()) {
      clear(below, at);
    }
    for (int line = 0; line < allLines(); line += seen.lines()) {
      int count = Math.min(seen.lines(), allLines() - line);
      if (filters.weights().gradients() != null) {
        seen.gather(in.data(), at, line, count);
        multiplyGradient(example, seen.matrix().pointer(), line, count);
      }
      if (below != null) {
        multiplyBack(example, seen.matrix().pointer(), line, count, 0);
        seen.scatter(below, at, line, count, beta);
      }
    }
  }

  private void clear(Block below, int from) {
    Arrays.fill(piece, 0);
    for (int at = 0; at < in.size(); at += piece.length) {
      below.write(from + at, piece, Math.min(piece.length, in.size() - at));
    }
  }

  /** Adds to the gradient of the weights. */
  private void multiplyGradient(int example, FloatPointer seen, int line, int count) {
    filters.addGradient(
        products,
        seen,
        count * window.places().across(),
        gradient.at(example * size + line * window.places().across()),
        window.places().size(),
        first ? 0 : 1);
    first = false;
  }

  /** The gradient of what the window saw. */
  private void multiplyBack(int example, FloatPointer seen, int line, int count, float before) {
    filters.multiplyBack(
        products,
        gradient.at(example * size + line * window.places().across()),
        window.places().size(),
        count * window.places().across(),
        seen,
        before);
  }

  @Override
  public void end() {
    // Each picture was done with.
  }
}
