package sluice.network.compiled;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A convolution and its activation. The sums, and their gradients, are oneDNN's where it makes
 * kernels for the shape, and products of matrices elsewhere.
 */
final class Convolution implements Op {
  private final Tensor out;
  private final @Nullable Weights biases;
  private final Activation activation;
  private final PicturePass sum;

  /** Null if there is none. */
  private final @Nullable PicturePass back;

  /** What came before the activation, where it keeps that. */
  private final @Nullable Block kept;

  private final int places;
  private final float[] bias;
  private final float[] sums;

  /** Channels of a pass at a time. */
  private final int planes;

  private final float[] numbers;
  private final float[] deltas;

  Convolution(
      Compilation compilation,
      Tensor in,
      Tensor out,
      Window window,
      Filters filters,
      Activation activation) {
    this.out = out;
    this.activation = activation;
    biases = filters.biases();
    sum =
        DirectSums.of(compilation, in, out, window, filters)
            .orElseGet(() -> new PatchSums(compilation, in, out, window, filters));
    Block gradient = out.gradient();
    back =
        gradient == null
            ? null
            : DirectGradients.of(compilation, in, out.size(), gradient, window, filters)
                .orElseGet(
                    () ->
                        new PatchGradients(compilation, in, out.size(), gradient, window, filters));
    kept =
        activation.keepsPreActivation() && gradient != null ? compilation.block(out.size()) : null;
    places = window.places().size();
    bias = new float[out.size() / places];
    sums = new float[bias.length];
    planes = Math.min(bias.length, Loops.rows(places));
    numbers = new float[planes * places];
    deltas = new float[planes * places];
  }

  @Override
  public void forward(Step step) {
    if (biases != null) {
      biases.read(bias);
    }
    sum.begin();
    for (int example = 0; example < step.examples(); example++) {
      sum.pass(example);
      if (changes()) {
        activate(example * out.size());
      }
    }
    sum.end();
    out.mask().multiply(step.examples(), out.data());
  }

  private void activate(int at) {
    for (int plane = 0; plane < bias.length; plane += planes) {
      int count = Math.min(planes, bias.length - plane);
      int place = at + plane * places;
      out.data().read(place, numbers, count * places);
      if (biases != null) {
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
    if (gradient == null || back == null) {
      return;
    }
    out.mask().multiply(step.examples(), gradient);
    Arrays.fill(sums, 0);
    back.begin();
    for (int example = 0; example < step.examples(); example++) {
      if (changes()) {
        throughActivation(gradient, example * out.size());
      }
      back.pass(example);
    }
    back.end();
    if (biases != null) {
      biases.writeGradient(sums);
    }
  }

  /** Whether anything stands behind the sums. */
  private boolean changes() {
    return biases != null || activation != Activations.IDENTITY;
  }

  private void throughActivation(Block gradient, int at) {
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
      if (biases != null) {
        for (int i = 0; i < count; i++) {
          sums[plane + i] += Loops.sum(deltas, i * places, places);
        }
      }
    }
  }
}
