package sluice.network.compiled;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.FloatPointer;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import sluice.network.compiled.Products.Form;
import sluice.network.layers.LowRank;
import sluice.network.layers.LowRankLayer;

/**
 * The parameters of the layer within a {@link LowRank}, formed once a step before the layer's own
 * operations, and the gradients of its adapters behind these. Matrices of [in, out] by columns are
 * [out, in] by rows.
 */
final class LowRankOp implements Op {
  private final Products products;
  private final float scale;
  private final int rank;
  private final Weights base;
  private final Block effective;

  /** Null if nothing learns. */
  private final @Nullable Block gradients;

  private final List<Adapter> adapters = new ArrayList<>();
  private final float[] some;

  /**
   * Where the numbers of an adapter lie, none of which moves.
   *
   * @param columns the adapted ones of the matrix
   * @param in rows of the matrix
   * @param count of the columns
   */
  private record Adapter(Place down, Place up, Place columns, int in, int count) {}

  /**
   * @param gradients null if nothing learns
   */
  private record Place(FloatPointer values, @Nullable FloatPointer gradients) {
    static Place of(Weights weights) {
      return of(weights.parameters(), weights.gradients(), weights.at());
    }

    static Place of(Block values, @Nullable Block gradients, int at) {
      return new Place(pointer(values, at), gradients == null ? null : pointer(gradients, at));
    }

    private static FloatPointer pointer(Block block, int at) {
      return new FloatPointer(block.pointer()).position(at);
    }

    FloatPointer gradient() {
      return requireNonNull(gradients);
    }
  }

  private LowRankOp(Compilation c, LowRank settings, LowRankLayer layer) {
    products = c.products();
    scale = (float) settings.getScale();
    rank = settings.getRank();
    base = requireNonNull(c.weights(layer, LowRank.BASE));
    effective = ReferenceNetwork.block(layer.effective());
    INDArray byEffective = layer.effectiveGradients();
    gradients = byEffective == null ? null : ReferenceNetwork.block(byEffective);
    for (LowRank.Adapter adapter : settings.adapters()) {
      INDArray matrix = layer.matrix(adapter);
      int in = Math.toIntExact(matrix.size(0));
      int number = adapters.size();
      int at = Math.toIntExact(matrix.offset()) + adapter.firstColumn() * in;
      adapters.add(
          new Adapter(
              Place.of(requireNonNull(c.weights(layer, LowRank.down(number)))),
              Place.of(requireNonNull(c.weights(layer, LowRank.up(number)))),
              Place.of(effective, gradients, at),
              in,
              adapter.columns()));
    }
    some = new float[Math.min(Loops.CHUNK, base.count())];
  }

  static Optional<Tensor> compile(
      Layer layer, org.deeplearning4j.nn.conf.layers.Layer settings, Tensor in, Compilation c) {
    LowRankLayer atWork = (LowRankLayer) layer;
    if (atWork.inner() instanceof BaseWrapperLayer) {
      return Optional.empty();
    }
    LowRankOp op = new LowRankOp(c, (LowRank) settings, atWork);
    c.add(op);
    return c.within(
        op.effective,
        op.gradients,
        () -> Compiler.byKernel(atWork.inner(), atWork.inner().conf().getLayer(), in, c));
  }

  @Override
  public void forward(Step step) {
    ParameterRanges.chunks(
        0,
        base.count(),
        (at, count) -> {
          base.parameters().read(base.at() + at, some, count);
          effective.write(at, some, count);
        });
    for (Adapter adapter : adapters) {
      products.multiply(
          Form.PLAIN,
          Form.PLAIN,
          adapter.count,
          adapter.in,
          rank,
          scale,
          adapter.up.values,
          rank,
          adapter.down.values,
          adapter.in,
          1,
          adapter.columns.values,
          adapter.in);
    }
  }

  @Override
  public void backward(Step step) {
    if (gradients == null) {
      return;
    }
    for (Adapter adapter : adapters) {
      products.multiply(
          Form.TRANSPOSED,
          Form.PLAIN,
          rank,
          adapter.in,
          adapter.count,
          scale,
          adapter.up.values,
          rank,
          adapter.columns.gradient(),
          adapter.in,
          0,
          adapter.down.gradient(),
          adapter.in);
      products.multiply(
          Form.PLAIN,
          Form.TRANSPOSED,
          adapter.count,
          rank,
          adapter.in,
          scale,
          adapter.columns.gradient(),
          adapter.in,
          adapter.down.values,
          adapter.in,
          0,
          adapter.up.gradient(),
          rank);
    }
  }
}
