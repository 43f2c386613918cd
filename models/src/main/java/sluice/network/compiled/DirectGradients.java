package sluice.network.compiled;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.jspecify.annotations.Nullable;

/**
 * The gradients of a convolution's weights and of its pictures, by kernels of oneDNN. That of the
 * weights is of some pictures at a time, for which it is written once.
 */
final class DirectGradients implements PicturePass {
  /** So many numbers of pictures and sums stay in the second cache. */
  private static final int MOST_NUMBERS = 1 << 18;

  /** The most pictures of a group, of which a minibatch has some. */
  private static final int MOST_PICTURES = 16;

  private final OneDnn oneDnn;
  private final Tensor in;
  private final int size;
  private final Block gradient;
  private final Weights weights;
  private final PrimitiveScratch scratch;
  private final memory picture;
  private final memory sums;
  private final memory weightGradient;
  private final PrimitiveScratch.Group pictures;
  private final PrimitiveScratch.Group groupSums;
  private final PrimitiveScratch.Call takePicture;
  private final PrimitiveScratch.Call takeSums;
  private final PrimitiveScratch.Call byGroup;
  private final PrimitiveScratch.Call byOne;
  private final PrimitiveScratch.Call giveWeights;
  private final PrimitiveScratch.Call addWeights;

  /** Null if nobody asks for the gradient of the pictures. */
  private final @Nullable Below below;

  /** Pictures of a group. */
  private final int most;

  /** Pictures of the group so far. */
  private int count;

  /** Whether a group's gradient of the weights is the first of the step. */
  private boolean first;

  private DirectGradients(
      Compilation compilation,
      DirectConvolution convolution,
      DirectConvolution.Back kernels,
      int most,
      Tensor in,
      int size,
      Block gradient,
      Weights weights) {
    this.most = most;
    this.in = in;
    this.size = size;
    this.gradient = gradient;
    this.weights = weights;
    oneDnn = convolution.oneDnn();
    scratch = new PrimitiveScratch(oneDnn);
    picture = scratch.elsewhere(convolution.plainPictures());
    sums = scratch.elsewhere(convolution.plainSums());
    weightGradient = scratch.elsewhere(convolution.plainWeights());
    pictures = scratch.group(kernels.ofGroup().src_desc(), kernels.ofOne().src_desc());
    groupSums = scratch.group(kernels.ofGroup().diff_dst_desc(), kernels.ofOne().diff_dst_desc());
    takePicture = scratch.copy(picture, pictures.one());
    takeSums = scratch.copy(sums, groupSums.one());
    memory given = scratch.memory(kernels.ofGroup().diff_weights_desc());
    byGroup = ofWeights(kernels.ofGroup(), pictures.all(), groupSums.all(), given);
    byOne = ofWeights(kernels.ofOne(), pictures.one(), groupSums.one(), given);
    giveWeights = scratch.copy(given, weightGradient);
    addWeights = scratch.add(given, weightGradient);
    Block ofPictures = in.gradient();
    below =
        ofPictures == null
            ? null
            : new Below(convolution, kernels.ofPicture(), ofPictures, groupSums.one());
    scratch.build(compilation);
  }

  /** None if oneDNN does not make all kernels for the shape. */
  static Optional<PicturePass> of(
      Compilation compilation,
      Tensor in,
      int size,
      Block gradient,
      Window window,
      Filters filters) {
    int most = Math.max(1, Math.min(MOST_PICTURES, MOST_NUMBERS / (in.size() + size)));
    return DirectConvolution.of(compilation.products(), window, filters)
        .flatMap(
            convolution ->
                convolution
                    .back(most, in.gradient() != null)
                    .map(
                        kernels ->
                            new DirectGradients(
                                compilation,
                                convolution,
                                kernels,
                                most,
                                in,
                                size,
                                gradient,
                                filters.weights())));
  }

  private PrimitiveScratch.Call ofWeights(
      convolution_backward_weights.primitive_desc kernel, memory read, memory delta, memory given) {
    IntMemoryMap arguments = scratch.arguments(kernel);
    arguments.put(dnnl.DNNL_ARG_SRC, read);
    arguments.put(dnnl.DNNL_ARG_DIFF_DST, delta);
    arguments.put(dnnl.DNNL_ARG_DIFF_WEIGHTS, given);
    return scratch.call(new convolution_backward_weights(kernel), arguments);
  }

  @Override
  public void begin() {
    oneDnn.limitThreads();
    scratch.bind();
    weightGradient.set_data_handle(requireNonNull(weights.gradients()).bytesAt(weights.at()));
    if (below != null) {
      below.begin();
    }
    count = 0;
    first = true;
  }

  @Override
  public void pass(int example) {
    pictures.select(count);
    groupSums.select(count);
    picture.set_data_handle(in.data().bytesAt(example * in.size()));
    sums.set_data_handle(gradient.bytesAt(example * size));
    takePicture.run();
    takeSums.run();
    if (below != null) {
      below.pass(example * in.size());
    }
    count++;
    if (count == most) {
      byGroup.run();
      giveWeights();
      count = 0;
    }
  }

  /** Pictures that make no group count one by one. */
  @Override
  public void end() {
    for (int i = 0; i < count; i++) {
      pictures.select(i);
      groupSums.select(i);
      byOne.run();
      giveWeights();
    }
  }

  private void giveWeights() {
    (first ? giveWeights : addWeights).run();
    first = false;
  }

  /** What goes on to the gradient of the pictures. */
  private final class Below {
    private final Block gradient;
    private final memory plainWeights;
    private final memory picture;
    private final PrimitiveScratch.Call takeWeights;
    private final PrimitiveScratch.Call convolve;
    private final PrimitiveScratch.Call give;
    private final PrimitiveScratch.Call add;

    /** Whether others have added to the gradient before. */
    private boolean adds;

    Below(
        DirectConvolution convolution,
        convolution_backward_data.primitive_desc kernel,
        Block gradient,
        memory delta) {
      this.gradient = gradient;
      plainWeights = scratch.elsewhere(convolution.plainWeights());
      picture = scratch.elsewhere(convolution.plainPictures());
      memory by = scratch.memory(kernel.weights_desc());
      memory given = scratch.memory(kernel.diff_src_desc());
      IntMemoryMap arguments = scratch.arguments(kernel);
      arguments.put(dnnl.DNNL_ARG_DIFF_DST, delta);
      arguments.put(dnnl.DNNL_ARG_WEIGHTS, by);
      arguments.put(dnnl.DNNL_ARG_DIFF_SRC, given);
      takeWeights = scratch.copy(plainWeights, by);
      convolve = scratch.call(new convolution_backward_data(kernel), arguments);
      give = scratch.copy(given, picture);
      add = scratch.add(given, picture);
    }

    private void begin() {
      adds = gradient.beta() != 0;
      plainWeights.set_data_handle(weights.parameters().bytesAt(weights.at()));
      takeWeights.run();
    }

    private void pass(int at) {
      picture.set_data_handle(gradient.bytesAt(at));
      convolve.run();
      (adds ? add : give).run();
    }
  }
}
