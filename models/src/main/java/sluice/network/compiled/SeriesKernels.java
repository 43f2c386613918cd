package sluice.network.compiled;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import sluice.network.compiled.Compiler.Kernel;
import sluice.network.layers.Gru;

/**
 * The kernels of Deeplearning4j's layers over series, [features, time] for each example, and of the
 * recurrent one that it lacks. To convolutions and poolings a series is a picture of one line.
 */
final class SeriesKernels {
  static final Map<Class<? extends org.deeplearning4j.nn.conf.layers.Layer>, Kernel> KERNELS =
      Map.of(
          EmbeddingSequenceLayer.class, EmbeddingSequenceOp::compile,
          Convolution1DLayer.class, SeriesKernels::convolution,
          Subsampling1DLayer.class, SeriesKernels::pooling,
          LSTM.class, RecurrentKernels::recurrent,
          Gru.class, RecurrentKernels::recurrent,
          Bidirectional.class, RecurrentKernels::bidirectional);

  private SeriesKernels() {}

  private static Optional<Tensor> convolution(
      Layer layer, org.deeplearning4j.nn.conf.layers.Layer settings, Tensor in, Compilation c) {
    Convolution1DLayer convolution = (Convolution1DLayer) settings;
    Optional<Activation> activation = Activations.of(convolution.getActivationFn());
    if (!in.isSeries() || activation.isEmpty() || convolution.getRnnDataFormat() != RNNFormat.NCW) {
      return Optional.empty();
    }
    Tensor line = line(in);
    Optional<Window> window = window(line, convolution);
    if (window.isEmpty()) {
      return Optional.empty();
    }
    Filters filters = PictureKernels.filters(layer, Filters.Order.OUTPUTS_LAST, window.get(), c);
    Tensor given = c.learning(filters.outputs(), window.get().places().across());
    Tensor out = MaskWindow.over(in, given, window.get(), c);
    c.add(new Convolution(c, line, out, window.get(), filters, activation.get()));
    return Optional.of(out);
  }

  private static Optional<Window> window(Tensor line, ConvolutionLayer layer) {
    return Window.of(
        line.shape(),
        across(layer.getKernelSize(), 1),
        across(layer.getDilation(), 1),
        across(layer.getStride(), 1),
        across(layer.getPadding(), 0),
        layer.getConvolutionMode());
  }

  private static Optional<Tensor> pooling(
      Layer layer, org.deeplearning4j.nn.conf.layers.Layer settings, Tensor in, Compilation c) {
    SubsamplingLayer pooling = (SubsamplingLayer) settings;
    if (!in.isSeries() || pooling.getDilation()[0] != 1 || pooling.isAvgPoolIncludePadInDivisor()) {
      return Optional.empty();
    }
    Tensor line = line(in);
    Optional<Window> window =
        Window.of(
            line.shape(),
            across(pooling.getKernelSize(), 1),
            new int[] {1, 1},
            across(pooling.getStride(), 1),
            across(pooling.getPadding(), 0),
            pooling.getConvolutionMode());
    boolean greatest = pooling.getPoolingType() == PoolingType.MAX;
    if (window.isEmpty() || (!greatest && pooling.getPoolingType() != PoolingType.AVG)) {
      return Optional.empty();
    }
    Tensor given = c.passing(List.of(in), in.shape()[0], window.get().places().across());
    Tensor out = MaskWindow.over(in, given, window.get(), c);
    c.add(
        greatest
            ? Pooling.greatest(line, out, window.get())
            : Pooling.mean(line, out, window.get()));
    return Optional.of(out);
  }

  static Optional<Tensor> globalPooling(GlobalPoolingLayer pooling, Tensor in, Compilation c) {
    int[] dimensions = pooling.getPoolingDimensions();
    if (dimensions != null && !Arrays.equals(dimensions, new int[] {2})) {
      return Optional.empty();
    }
    int features = in.shape()[0];
    Tensor out = c.passing(List.of(in), features);
    c.add(new StepPooling(in, out, pooling.getPoolingType(), pooling.getPnorm()));
    return Optional.of(pooling.isCollapseDimensions() ? out : out.reshape(features, 1));
  }

  private static Tensor line(Tensor series) {
    return series.reshape(series.shape()[0], 1, series.shape()[1]);
  }

  /** The first number, which is for time, behind one for the only line. */
  private static int[] across(int[] numbers, int line) {
    return new int[] {line, numbers[0]};
  }
}
