package sluice.network.compiled;

import java.util.Optional;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;

/**
 * The sums of a convolution by a kernel of oneDNN. One picture at a time: so they depend on itself
 * only, and it stays in the cache from layout to layout.
 */
final class DirectSums implements PicturePass {
  private final OneDnn oneDnn;
  private final Tensor in;
  private final Tensor out;
  private final Weights weights;
  private final PrimitiveScratch scratch;
  private final memory picture;
  private final memory sums;
  private final memory plainWeights;
  private final PrimitiveScratch.Call takeWeights;
  private final PrimitiveScratch.Call takePicture;
  private final PrimitiveScratch.Call convolve;
  private final PrimitiveScratch.Call giveSums;

  private DirectSums(
      Compilation compilation,
      DirectConvolution convolution,
      convolution_forward.primitive_desc kernel,
      Tensor in,
      Tensor out,
      Weights weights) {
    this.in = in;
    this.out = out;
    this.weights = weights;
    oneDnn = convolution.oneDnn();
    scratch = new PrimitiveScratch(oneDnn);
    picture = scratch.elsewhere(convolution.plainPictures());
    sums = scratch.elsewhere(convolution.plainSums());
    plainWeights = scratch.elsewhere(convolution.plainWeights());
    memory read = scratch.memory(kernel.src_desc());
    memory by = scratch.memory(kernel.weights_desc());
    memory given = scratch.memory(kernel.dst_desc());
    IntMemoryMap arguments = scratch.arguments(kernel);
    arguments.put(dnnl.DNNL_ARG_SRC, read);
    arguments.put(dnnl.DNNL_ARG_WEIGHTS, by);
    arguments.put(dnnl.DNNL_ARG_DST, given);
    takeWeights = scratch.copy(plainWeights, by);
    takePicture = scratch.copy(picture, read);
    convolve = scratch.call(new convolution_forward(kernel), arguments);
    giveSums = scratch.copy(given, sums);
    scratch.build(compilation);
  }

  /** None if oneDNN makes no kernel for the shape. */
  static Optional<PicturePass> of(
      Compilation compilation, Tensor in, Tensor out, Window window, Filters filters) {
    return DirectConvolution.of(compilation.products(), window, filters)
        .flatMap(
            convolution ->
                convolution
                    .forward()
                    .map(
                        kernel ->
                            new DirectSums(
                                compilation, convolution, kernel, in, out, filters.weights())));
  }

  @Override
  public void begin() {
    oneDnn.limitThreads();
    scratch.bind();
    plainWeights.set_data_handle(weights.parameters().bytesAt(weights.at()));
    takeWeights.run();
  }

  @Override
  public void pass(int example) {
    picture.set_data_handle(in.data().bytesAt(example * in.size()));
    sums.set_data_handle(out.data().bytesAt(example * out.size()));
    takePicture.run();
    convolve.run();
    giveSums.run();
  }

  @Override
  public void end() {
    // Each picture was done with.
  }
}
