package sluice.network.compiled;

import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.jspecify.annotations.Nullable;

/**
 * A convolution and its activation, as products of matrices: the weights [outputs, numbers of the
 * window] by the {@link Patches} of each picture. One picture at a time: so its product depends on
 * itself only, and its patches stay in the cache. They are made again on the way back, which costs
 * less than keeping them.
 */
final class Convolution implements Op {
  private final Products products;
  private final Tensor in;
  private final Tensor out;
  private final Window window;
  private final Filters filters;
  private final Activation activation;

  /** Null where the window sees the picture itself. */
  private final @Nullable Patches patches;

  /** What came before the activation, where it keeps that. */
  private final @Nullable Block kept;

  private final float[] bias;
  private final float[] sums;

  /** Channels of a pass at a time. */
  private final int planes;

  private final float[] numbers;
  private final float[] deltas;
  private final float[] piece = new float[Loops.CHUNK];

  Convolution(
      Compilation compilation,
      Tensor in,
      Tensor out,
      Window window,
      Filters filters,
      Activation activation) {
    this.products = compilation.products();
    this.in = in;
    this.out = out;
    this.window = window;
    this.filters = filters;
    this.activation = activation;
    patches = window.seesThePicture() ? null : new Patches(window, filters.order(), compilation);
    kept =
        activation.keepsPreActivation() && out.gradient() != null
            ? compilation.block(out.size())
            : null;
    int places = window.places().size();
    bias = new float[out.size() / places];
    sums = new float[bias.length];
    planes = Math.min(bias.length, Loops.rows(places));
    numbers = new float[planes * places];
    deltas = new float[planes * places];
  }

  @Override
  public void forward(Step step) {
    Weights biases = filters.biases();
    if (biases != null) {
      biases.read(bias);
    }
    for (int example = 0; example < step.examples(); example++) {
      if (patches == null) {
        multiply(in.data().at(example * in.size()), example, 0, window.places().down());
      } else {
        for (int line = 0; line < window.places().down(); line += patches.lines()) {
          int count = Math.min(patches.lines(), window.places().down() - line);
          patches.gather(in.data(), example * in.size(), line, count);
          multiply(patches.matrix().pointer(), example, line, count);
        }
      }
      if (changes()) {
        activate(example * out.size());
      }
    }
    out.mask().multiply(step.examples(), out.data());
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

  private void activate(int at) {
    int places = window.places().size();
    for (int plane = 0; plane < bias.length; plane += planes) {
      int count = Math.min(planes, bias.length - plane);
      int place = at + plane * places;
      out.data().read(place, numbers, count * places);
      if (filters.biases() != null) {
        Loops.addToEach(numbers, bias, plane, count, places);
      }
      if (kept != null) {
        kept.write(place, numbers, count * places);
      }
      activation.forward(numbers, count * places);
      out.data().write(place, numbers, count * places);
    }
  }

  @Override
  public void backward(Step step) {
    Block gradient = out.gradient();
    if (gradient == null) {
      return;
    }
    out.mask().multiply(step.examples(), gradient);
    Block below = in.gradient();
    float beta = below == null ? 0 : below.beta();
    Arrays.fill(sums, 0);
    for (int example = 0; example < step.examples(); example++) {
      if (changes()) {
        throughActivation(gradient, example * out.size());
      }
      if (patches == null) {
        multiplyGradient(gradient, example, in.data().at(example * in.size()), 0, allLines());
        if (below != null) {
          multiplyBack(gradient, example, below.at(example * in.size()), 0, allLines(), beta);
        }
      } else {
        backThrough(patches, gradient, example, beta);
      }
    }
    if (filters.biases() != null) {
      filters.biases().writeGradient(sums);
    }
  }

  /** Whether anything stands behind the product. */
  private boolean changes() {
    return filters.biases() != null || activation != Activations.IDENTITY;
  }

  private int allLines() {
    return window.places().down();
  }

  private void backThrough(Patches seen, Block gradient, int example, float beta) {
    Block below = in.gradient();
    int at = example * in.size();
    if (below != null && beta == 0 && seen.lines() < allLines()) {
      clear(below, at);
    }
    for (int line = 0; line < allLines(); line += seen.lines()) {
      int count = Math.min(seen.lines(), allLines() - line);
      if (filters.weights().gradients() != null) {
        seen.gather(in.data(), at, line, count);
        multiplyGradient(gradient, example, seen.matrix().pointer(), line, count);
      }
      if (below != null) {
        multiplyBack(gradient, example, seen.matrix().pointer(), line, count, 0);
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
  private void multiplyGradient(
      Block gradient, int example, FloatPointer seen, int line, int count) {
    filters.addGradient(
        products,
        seen,
        count * window.places().across(),
        gradient.at(example * out.size() + line * window.places().across()),
        window.places().size(),
        example == 0 && line == 0 ? 0 : 1);
  }

  /** The gradient of what the window saw. */
  private void multiplyBack(
      Block gradient, int example, FloatPointer seen, int line, int count, float beta) {
    filters.multiplyBack(
        products,
        gradient.at(example * out.size() + line * window.places().across()),
        window.places().size(),
        count * window.places().across(),
        seen,
        beta);
  }

  private void throughActivation(Block gradient, int at) {
    int places = window.places().size();
    Block known = kept == null ? out.data() : kept;
    for (int plane = 0; plane < bias.length; plane += planes) {
      int count = Math.min(planes, bias.length - plane);
      int place = at + plane * places;
      gradient.read(place, deltas, count * places);
      if (activation != Activations.IDENTITY) {
        known.read(place, numbers, count * places);
        activation.backward(numbers, deltas, count * places);
        gradient.write(place, deltas, count * places);
      }
      if (filters.biases() != null) {
        for (int i = 0; i < count; i++) {
          sums[plane + i] += Loops.sum(deltas, i * places, places);
        }
      }
    }
  }
}
