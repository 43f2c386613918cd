package sluice.network.compiled;

import java.util.Optional;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.global.dnnl.scratchpad_mode;
import org.bytedeco.dnnl.inner_product_forward;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.data_type;
import org.bytedeco.dnnl.memory.format_tag;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;
import sluice.network.ProcessMemory;
import sluice.network.layers.TransformerBlock;

/**
 * A connected layer's matrix B, [n, k], in the order in which the kernels of oneDNN read it, for
 * products A B' of a fixed number of rows, to which they add the layer's biases and of which they
 * take GELU. It is put into that order once; sgemm does so in each product. Thread-safe, and not so
 * what {@link #product()} gives.
 */
final class PackedMatrix {
  /** Floats of a cache line, at which the numbers begin. */
  private static final int LINE = 16;

  private final OneDnn oneDnn;
  private final inner_product_forward.primitive_desc kernel;
  private final inner_product_forward primitive;

  /** Held here, since the memory only points there. */
  private final FloatPointer numbers;

  private final memory weights;
  private final memory biases;

  private PackedMatrix(
      OneDnn oneDnn, inner_product_forward.primitive_desc kernel, FloatPointer biases) {
    this.oneDnn = oneDnn;
    this.kernel = kernel;
    this.biases = new memory(kernel.bias_desc(), oneDnn.engine(), biases);
    primitive = new inner_product_forward(kernel);
    memory.desc layout = kernel.weights_desc();
    numbers = ProcessMemory.floats(layout.get_size() / Float.BYTES + LINE);
    long first = (LINE - numbers.address() / Float.BYTES % LINE) % LINE;
    weights = new memory(layout, oneDnn.engine(), numbers.getPointer(first));
  }

  /**
   * Packs a matrix; none if the library of products has no kernels for it.
   *
   * @param rows of A in each product
   * @param b where B begins, by rows
   * @param k columns of B
   * @param biases where they begin, which are read in each product
   * @param n how many they are, and rows of B
   * @param gelu what is taken of the sums; null for the sums themselves
   */
  static Optional<PackedMatrix> of(
      Products products,
      int rows,
      FloatPointer b,
      int k,
      FloatPointer biases,
      int n,
      TransformerBlock.@Nullable Gelu gelu) {
    if (!(products instanceof OneDnnProducts own)) {
      return Optional.empty();
    }
    OneDnn oneDnn = own.oneDnn();
    oneDnn.limitThreads();
    primitive_attr settings = new primitive_attr();
    settings.set_scratchpad_mode(scratchpad_mode.user);
    if (gelu != null) {
      post_ops behind = new post_ops();
      behind.append_eltwise(
          1,
          switch (gelu) {
            case TANH -> algorithm.eltwise_gelu_tanh;
            case ERF -> algorithm.eltwise_gelu_erf;
          },
          0,
          0);
      settings.set_post_ops(behind);
    }
    inner_product_forward.primitive_desc kernel =
        new inner_product_forward.primitive_desc(
            new inner_product_forward.desc(
                prop_kind.forward_inference,
                matrix(rows, k, format_tag.ab),
                matrix(n, k, format_tag.any),
                new memory.desc(new long[] {n}, data_type.f32, format_tag.a),
                matrix(rows, n, format_tag.ab)),
            settings,
            oneDnn.engine(),
            true);
    if (!kernel.asBoolean() || !kernel.impl_info_str().getString().startsWith("brgemm")) {
      return Optional.empty();
    }
    PackedMatrix packed = new PackedMatrix(oneDnn, kernel, biases);
    packed.take(new memory(matrix(n, k, format_tag.ab), oneDnn.engine(), b));
    return Optional.of(packed);
  }

  private static memory.desc matrix(long rows, long columns, format_tag order) {
    return new memory.desc(new long[] {rows, columns}, data_type.f32, order);
  }

  private void take(memory plain) {
    stream queue = new stream(oneDnn.engine());
    new reorder(plain, weights).execute(queue, plain, weights);
    queue._wait();
  }

  /** Computes products by the matrix, one at a time. */
  final class Product {
    private final stream queue = new stream(oneDnn.engine());
    private final memory from = new memory(kernel.src_desc(), oneDnn.engine(), (Pointer) null);
    private final memory to = new memory(kernel.dst_desc(), oneDnn.engine(), (Pointer) null);
    private final IntMemoryMap arguments = new IntMemoryMap();

    private Product() {
      arguments.put(dnnl.DNNL_ARG_SRC, from);
      arguments.put(dnnl.DNNL_ARG_WEIGHTS, weights);
      arguments.put(dnnl.DNNL_ARG_BIAS, biases);
      arguments.put(dnnl.DNNL_ARG_DST, to);
      arguments.put(
          dnnl.DNNL_ARG_SCRATCHPAD, new memory(kernel.scratchpad_desc(), oneDnn.engine()));
    }

    /**
     * Gives A B', the biases added, or GELU of that.
     *
     * @param a [rows, k] from a number on
     * @param c [rows, n] from a number on, overwritten by it
     */
    void multiply(Block a, int firstOfA, Block c, int firstOfC) {
      oneDnn.limitThreads();
      from.set_data_handle(a.bytesAt(firstOfA));
      to.set_data_handle(c.bytesAt(firstOfC));
      primitive.execute(queue, arguments);
    }
  }

  /** What computes products by it, for one thread. */
  Product product() {
    return new Product();
  }
}
