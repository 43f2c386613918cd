package sluice.network.compiled;

import org.bytedeco.javacpp.FloatPointer;
import org.jspecify.annotations.Nullable;

/**
 * The sums of a convolution as products of matrices: the weights [outputs, numbers of the window]
 * by the {@link Patches} of each picture. One picture at a time: so its product depends on itself
 * only, and its patches stay in the cache.
 */
final class PatchSums implements PicturePass {
  private final Products products;
  private final Tensor in;
  private final Tensor out;
  private final Window window;
  private final Filters filters;

  /** Null where the window sees the picture itself. */
  private final @Nullable Patches patches;

  PatchSums(Compilation compilation, Tensor in, Tensor out, Window window, Filters filters) {
    products = compilation.products();
    this.in = in;
    this.out = out;
    this.window = window;
    this.filters = filters;
    patches = Patches.of(window, filters.order(), compilation);
  }

  @Override
  public void begin() {
    // Nothing is kept from picture to picture.
  }

  @Override
  public void pass(int example) {
    int at = example * in.size();
    if (patches == null) {
      multiply(in.data().at(at), example, 0, window.places().down());
      return;
    }
    for (int line = 0; line < window.places().down(); line += patches.lines()) {
      int count = Math.min(patches.lines(), window.places().down() - line);
      patches.gather(in.data(), at, line, count);
      multiply(patches.matrix().pointer(), example, line, count);
    }
  }

  /** The product at some lines of places. */
  private void multiply(FloatPointer seen, int example, int line, int count) {
    filters.multiply(
        products,
        seen,
        count * window.places().across(),
        out.data().at(example * out.size() + line * window.places().across()),
        window.places().size());
  }

  @Override
  public void end() {
    // Each picture was done with.
  }
}
