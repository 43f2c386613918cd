package sluice.network.compiled;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.jspecify.annotations.Nullable;

/** How the vertices of a graph that are no layers are compiled. */
final class VertexKernels {
  /** What makes the operation of a vertex; none as with {@link Compiler.Kernel}. */
  @FunctionalInterface
  private interface Kernel {
    Optional<Tensor> compile(GraphVertex settings, List<Tensor> in, Compilation c);
  }

  private static final Map<Class<? extends GraphVertex>, Kernel> KERNELS =
      Map.of(
          ElementWiseVertex.class, VertexKernels::elementWise,
          LastTimeStepVertex.class, VertexKernels::lastStep,
          MergeVertex.class, VertexKernels::merge,
          ScaleVertex.class, VertexKernels::scale);

  private VertexKernels() {}

  /** What a vertex gives; none if it has no kernel. */
  static Optional<Tensor> compile(GraphVertex settings, List<Tensor> in, Compilation c) {
    Kernel kernel = KERNELS.get(settings.getClass());
    return kernel == null ? Optional.empty() : kernel.compile(settings, in, c);
  }

  private static Optional<Tensor> elementWise(
      GraphVertex settings, List<Tensor> in, Compilation c) {
    int[] shape = in.get(0).shape();
    if (!in.stream().allMatch(each -> Arrays.equals(each.shape(), shape))) {
      return Optional.empty();
    }
    Tensor out = united(in, c.passing(in, shape), c);
    Activation activation = c.fuse(function -> !function.keepsPreActivation());
    c.add(new ElementWise(in, out, ((ElementWiseVertex) settings).getOp(), activation));
    return Optional.of(out);
  }

  /** A step of the value is there if it is in any of those that are read. */
  private static Tensor united(List<Tensor> in, Tensor out, Compilation c) {
    List<StepMask> masks = in.stream().map(Tensor::mask).distinct().toList();
    if (!out.isSeries() || masks.size() == 1) {
      return out.masked(masks.get(0));
    }
    c.add(new MaskUnion(masks, out.mask()));
    return out;
  }

  /** Along the first axis behind the examples: features, or channels of pictures. */
  private static Optional<Tensor> merge(GraphVertex settings, List<Tensor> in, Compilation c) {
    int[] shape = in.get(0).shape().clone();
    int[] rest = Arrays.copyOfRange(shape, 1, shape.length);
    boolean alike =
        in.stream()
            .allMatch(
                each ->
                    Arrays.equals(Arrays.copyOfRange(each.shape(), 1, each.shape().length), rest));
    if (((MergeVertex) settings).getMergeAxis() != MergeVertex.DEFAULT_MERGE_DIM || !alike) {
      return Optional.empty();
    }
    shape[0] = in.stream().mapToInt(each -> each.shape()[0]).sum();
    Tensor out = united(in, c.passing(in, shape), c);
    c.add(new Merge(in, out));
    return Optional.of(out);
  }

  /** By the mask of the network's input that the vertex names, whatever the series itself has. */
  private static Optional<Tensor> lastStep(GraphVertex settings, List<Tensor> in, Compilation c) {
    @Nullable String name = ((LastTimeStepVertex) settings).getMaskArrayInputName();
    if (name == null || !in.get(0).isSeries()) {
      return Optional.empty();
    }
    Tensor named = c.value(name);
    return named.isSeries() && named.shape()[1] == in.get(0).shape()[1]
        ? Optional.of(LastStepOp.of(in.get(0), named.mask(), c))
        : Optional.empty();
  }

  private static Optional<Tensor> scale(GraphVertex settings, List<Tensor> in, Compilation c) {
    Tensor read = in.get(0);
    Tensor out = c.passing(in, read.shape()).masked(read.mask());
    c.add(new Scale(read, out, (float) ((ScaleVertex) settings).getScaleFactor()));
    return Optional.of(out);
  }
}
