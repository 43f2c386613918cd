package sluice.network.compiled;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;

/** How layers over pictures are compiled. */
final class PictureKernels {
  private PictureKernels() {}

  static Optional<Tensor> convolution(
      Layer layer, org.deeplearning4j.nn.conf.layers.Layer settings, Tensor in, Compilation c) {
    ConvolutionLayer convolution = (ConvolutionLayer) settings;
    Optional<Activation> activation = Activations.of(convolution.getActivationFn());
    Optional<Window> window =
        Window.of(
            in.shape(),
            convolution.getKernelSize(),
            convolution.getDilation(),
            convolution.getStride(),
            convolution.getPadding(),
            convolution.getConvolutionMode());
    if (activation.isEmpty()
        || window.isEmpty()
        || convolution.getCnn2dDataFormat() != CNN2DFormat.NCHW) {
      return Optional.empty();
    }
    Window.Extent places = window.get().places();
    Filters filters = filters(layer, Filters.Order.OUTPUTS_FIRST, window.get(), c);
    Tensor out = c.learning(filters.outputs(), places.down(), places.across());
    c.add(new Convolution(c, in, out, window.get(), filters, activation.get()));
    return Optional.of(out);
  }

  static Filters filters(Layer layer, Filters.Order order, Window window, Compilation c) {
    return Filters.of(
        requireNonNull(c.weights(layer, ConvolutionParamInitializer.WEIGHT_KEY)),
        c.weights(layer, ConvolutionParamInitializer.BIAS_KEY),
        order,
        window);
  }

  static Optional<Tensor> pooling(
      Layer layer, org.deeplearning4j.nn.conf.layers.Layer settings, Tensor in, Compilation c) {
    SubsamplingLayer pooling = (SubsamplingLayer) settings;
    Optional<Window> window =
        Window.of(
            in.shape(),
            pooling.getKernelSize(),
            pooling.getDilation(),
            pooling.getStride(),
            pooling.getPadding(),
            pooling.getConvolutionMode());
    boolean greatest = pooling.getPoolingType() == PoolingType.MAX;
    if (window.isEmpty()
        || pooling.getCnn2dDataFormat() != CNN2DFormat.NCHW
        || isDilated(pooling.getDilation())
        || pooling.isAvgPoolIncludePadInDivisor()
        || (!greatest && pooling.getPoolingType() != PoolingType.AVG)) {
      return Optional.empty();
    }
    Window.Extent places = window.get().places();
    Tensor out = c.passing(List.of(in), window.get().channels(), places.down(), places.across());
    c.add(greatest ? Pooling.greatest(in, out, window.get()) : Pooling.mean(in, out, window.get()));
    return Optional.of(out);
  }

  static Optional<Tensor> globalPooling(
      Layer layer, org.deeplearning4j.nn.conf.layers.Layer settings, Tensor in, Compilation c) {
    GlobalPoolingLayer pooling = (GlobalPoolingLayer) settings;
    if (in.isSeries()) {
      return SeriesKernels.globalPooling(pooling, in, c);
    }
    int[] dimensions = pooling.getPoolingDimensions();
    boolean greatest = pooling.getPoolingType() == PoolingType.MAX;
    if (in.shape().length != 3
        || (dimensions != null && !Arrays.equals(dimensions, new int[] {2, 3}))
        || !pooling.isCollapseDimensions()
        || (!greatest && pooling.getPoolingType() != PoolingType.AVG)) {
      return Optional.empty();
    }
    Window window = Window.whole(in.shape());
    Tensor out = c.passing(List.of(in), window.channels());
    c.add(greatest ? Pooling.greatest(in, out, window) : Pooling.mean(in, out, window));
    return Optional.of(out);
  }

  private static boolean isDilated(int[] dilation) {
    return Arrays.stream(dilation).anyMatch(each -> each != 1);
  }
}
