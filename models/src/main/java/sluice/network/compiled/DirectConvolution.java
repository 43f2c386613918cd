package sluice.network.compiled;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.global.dnnl.scratchpad_mode;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.data_type;
import org.bytedeco.dnnl.memory.format_tag;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.primitive_desc;

/**
 * A convolution in the terms of oneDNN, which makes kernels for its shape that go over pictures
 * directly, without {@link Patches}. They want channels in blocks, of which a vector register holds
 * one.
 */
final class DirectConvolution {

  /** How pictures lie, and what a convolution makes of them. */
  private enum Layout {
    /** Pictures of so few channels that no block would be full. */
    PLAIN_TO_16(format_tag.nchw, format_tag.nChw16c),
    BLOCKS_OF_16(format_tag.nChw16c, format_tag.nChw16c),
    PLAIN_TO_8(format_tag.nchw, format_tag.nChw8c),
    BLOCKS_OF_8(format_tag.nChw8c, format_tag.nChw8c);

    private final format_tag pictures;
    private final format_tag sums;

    Layout(format_tag pictures, format_tag sums) {
      this.pictures = pictures;
      this.sums = sums;
    }
  }

  private final OneDnn oneDnn;
  private final Window window;
  private final int outputs;
  private final primitive_attr settings = new primitive_attr();

  private DirectConvolution(OneDnn oneDnn, Window window, int outputs) {
    this.oneDnn = oneDnn;
    this.window = window;
    this.outputs = outputs;
    // Any thread may compute what this one makes.
    settings.set_scratchpad_mode(scratchpad_mode.user);
    oneDnn.limitThreads();
  }

  /** None of what other libraries multiply, or of weights that lie as oneDNN's do not. */
  static Optional<DirectConvolution> of(Products products, Window window, Filters filters) {
    return products instanceof OneDnnProducts own && filters.order() == Filters.Order.OUTPUTS_FIRST
        ? Optional.of(new DirectConvolution(own.oneDnn(), window, filters.outputs()))
        : Optional.empty();
  }

  OneDnn oneDnn() {
    return oneDnn;
  }

  /** Pictures as all other operations have them. */
  memory.desc plainPictures() {
    return pictures(1, format_tag.nchw);
  }

  /** Sums as all other operations have them. */
  memory.desc plainSums() {
    return sums(1, format_tag.nchw);
  }

  /** Weights as the network has them. */
  memory.desc plainWeights() {
    return weights(format_tag.oihw);
  }

  private memory.desc pictures(int count, format_tag layout) {
    return numbers(
        layout, count, window.channels(), window.picture().down(), window.picture().across());
  }

  private memory.desc sums(int count, format_tag layout) {
    return numbers(layout, count, outputs, window.places().down(), window.places().across());
  }

  private memory.desc weights(format_tag layout) {
    return numbers(
        layout, outputs, window.channels(), window.kernel().down(), window.kernel().across());
  }

  private static memory.desc numbers(format_tag layout, long... shape) {
    return new memory.desc(shape, data_type.f32, layout);
  }

  /** The kernel of the way forward, of one picture; none if oneDNN makes none for the shape. */
  Optional<convolution_forward.primitive_desc> forward() {
    return first(layout -> made(forward(1, layout)));
  }

  private convolution_forward.primitive_desc forward(int count, Layout layout) {
    return new convolution_forward.primitive_desc(
        new convolution_forward.desc(
            prop_kind.forward_training,
            algorithm.convolution_direct,
            pictures(count, layout.pictures),
            weights(format_tag.any),
            sums(count, layout.sums),
            pair(window.stride()),
            gaps(),
            pair(window.padding()),
            paddingBehind()),
        settings,
        oneDnn.engine(),
        true);
  }

  /**
   * The kernels of the way back, which read sums in the same layout.
   *
   * @param ofPicture of the gradient of a picture
   * @param ofGroup of the gradient of the weights by a group of pictures
   * @param ofOne of that by one picture
   */
  record Back(
      convolution_backward_data.primitive_desc ofPicture,
      convolution_backward_weights.primitive_desc ofGroup,
      convolution_backward_weights.primitive_desc ofOne) {}

  /**
   * The kernels of the way back; none if oneDNN does not make all of them for the shape.
   *
   * @param count pictures of a group
   * @param passesOn whether the gradient of a picture is asked for
   */
  Optional<Back> back(int count, boolean passesOn) {
    return first(
        layout -> {
          convolution_forward.primitive_desc hint = forward(1, layout);
          if (!hint.asBoolean()) {
            return Optional.empty();
          }
          convolution_backward_data.primitive_desc ofPicture = ofPicture(layout, hint);
          if (passesOn && made(ofPicture).isEmpty()) {
            return Optional.empty();
          }
          return made(ofWeights(count, layout, weights(format_tag.any)))
              .flatMap(
                  ofGroup ->
                      made(ofWeights(1, layout, ofGroup.diff_weights_desc()))
                          .map(ofOne -> new Back(ofPicture, ofGroup, ofOne)));
        });
  }

  private convolution_backward_data.primitive_desc ofPicture(
      Layout layout, convolution_forward.primitive_desc hint) {
    return new convolution_backward_data.primitive_desc(
        new convolution_backward_data.desc(
            algorithm.convolution_direct,
            pictures(1, layout.pictures),
            weights(format_tag.any),
            sums(1, layout.sums),
            pair(window.stride()),
            gaps(),
            pair(window.padding()),
            paddingBehind()),
        settings,
        oneDnn.engine(),
        hint,
        true);
  }

  private convolution_backward_weights.primitive_desc ofWeights(
      int count, Layout layout, memory.desc weights) {
    return new convolution_backward_weights.primitive_desc(
        new convolution_backward_weights.desc(
            algorithm.convolution_direct,
            pictures(count, layout.pictures),
            weights,
            sums(count, layout.sums),
            pair(window.stride()),
            gaps(),
            pair(window.padding()),
            paddingBehind()),
        settings,
        oneDnn.engine(),
        forward(count, layout),
        true);
  }

  private static <T> Optional<T> first(Function<Layout, Optional<T>> ofLayout) {
    return Arrays.stream(Layout.values()).map(ofLayout).flatMap(Optional::stream).findFirst();
  }

  /** A kernel that was made for the shape; none of those that are for any. */
  private static <T extends primitive_desc> Optional<T> made(T kernel) {
    return kernel.asBoolean() && kernel.impl_info_str().getString().startsWith("jit")
        ? Optional.of(kernel)
        : Optional.empty();
  }

  private static long[] pair(Window.Extent extent) {
    return new long[] {extent.down(), extent.across()};
  }

  /** What oneDNN calls dilation: numbers left out between those that are seen. */
  private long[] gaps() {
    return new long[] {window.dilation().down() - 1, window.dilation().across() - 1};
  }

  /** Rows below and columns right of a picture that the window reaches. */
  private long[] paddingBehind() {
    Window.Extent kernel = window.kernel();
    Window.Extent places = window.places();
    return new long[] {
      Math.max(
          0,
          window.firstLine(places.down() - 1)
              + (kernel.down() - 1) * window.dilation().down()
              + 1
              - window.picture().down()),
      Math.max(
          0,
          (places.across() - 1) * window.stride().across()
              - window.padding().across()
              + window.at(kernel.across() - 1)
              + 1
              - window.picture().across())
    };
  }
}
