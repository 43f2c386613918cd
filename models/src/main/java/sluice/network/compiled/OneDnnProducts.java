package sluice.network.compiled;

import java.util.Map;
import org.bytedeco.dnnl.dnnl_version_t;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.FloatPointer;

/**
 * Products by oneDNN, which makes its kernels for the processor while it runs. They are oneDNN's
 * own: that within Nd4j's library has no product to call. Where it computes products, it computes
 * convolutions, too ({@link DirectConvolution}), and its identity says so.
 */
final class OneDnnProducts implements Products {
  /** See {@link Products#blockOfRows}: kernels take rows by six (AVX2) or eight (AVX-512). */
  private static final int BLOCK_OF_ROWS = 24;

  /** A block takes hardly less time than two, and more than eight are no faster a row. */
  private static final int LEAST_BLOCKS = 2;

  private static final int MOST_BLOCKS = 8;

  private static final Map<Integer, String> INSTRUCTIONS =
      Map.of(
          dnnl.dnnl_cpu_isa_sse41, "SSE4.1",
          dnnl.dnnl_cpu_isa_avx, "AVX",
          dnnl.dnnl_cpu_isa_avx2, "AVX2",
          dnnl.dnnl_cpu_isa_avx2_vnni, "AVX2 VNNI",
          dnnl.dnnl_cpu_isa_avx512_core, "AVX-512",
          dnnl.dnnl_cpu_isa_avx512_core_vnni, "AVX-512 VNNI",
          dnnl.dnnl_cpu_isa_avx512_core_bf16, "AVX-512 BF16",
          dnnl.dnnl_cpu_isa_avx512_core_amx, "AVX-512 AMX");

  private final OneDnn oneDnn;
  private final String identity;

  /**
   * Whether there are kernels for a {@link PackedMatrix}, by which few rows are as fast as many.
   */
  private final boolean packs;

  /**
   * Loads the library.
   *
   * @throws LinkageError if it is not there for this platform, or does not load
   */
  OneDnnProducts() {
    dnnl_version_t version = dnnl.dnnl_version();
    int instructions = dnnl.dnnl_get_effective_cpu_isa();
    packs = (instructions & dnnl.dnnl_cpu_isa_avx512_core) == dnnl.dnnl_cpu_isa_avx512_core;
    oneDnn = new OneDnn();
    identity =
        MatrixProducts.identity(
            "oneDNN %s.%s.%s %s with convolutions"
                .formatted(
                    version.major(),
                    version.minor(),
                    version.patch(),
                    INSTRUCTIONS.getOrDefault(instructions, "instructions " + instructions)),
            oneDnn.threads());
  }

  OneDnn oneDnn() {
    return oneDnn;
  }

  @Override
  public void multiply(
      Form formA,
      Form formB,
      int m,
      int n,
      int k,
      float alpha,
      FloatPointer a,
      int strideA,
      FloatPointer b,
      int strideB,
      float beta,
      FloatPointer c,
      int strideC) {
    MatrixProducts.check(formA, formB, m, n, k, strideA, strideB, strideC);
    if (k == 0) {
      // oneDNN leaves C as it is.
      scale(m, n, beta, c, strideC);
      return;
    }
    oneDnn.limitThreads();
    int status =
        dnnl.dnnl_sgemm(
            form(formA), form(formB), m, n, k, alpha, a, strideA, b, strideB, beta, c, strideC);
    if (status != dnnl.dnnl_success) {
      throw new IllegalStateException(
          "oneDNN computes no product of %s x %s by %s x %s: status %s"
              .formatted(m, k, k, n, status));
    }
  }

  private static void scale(int m, int n, float beta, FloatPointer c, int strideC) {
    for (long row = 0; row < m; row++) {
      for (long i = row * strideC; i < row * strideC + n; i++) {
        c.put(i, beta == 0 ? 0 : beta * c.get(i));
      }
    }
  }

  private static byte form(Form form) {
    return (byte) (form == Form.PLAIN ? 'N' : 'T');
  }

  @Override
  public String identity() {
    return identity;
  }

  @Override
  public int blockOfRows() {
    return BLOCK_OF_ROWS;
  }

  @Override
  public int blockOfRows(int about) {
    if (packs) {
      return BLOCK_OF_ROWS;
    }
    int blocks = (about + BLOCK_OF_ROWS - 1) / BLOCK_OF_ROWS;
    return BLOCK_OF_ROWS * Math.min(MOST_BLOCKS, Math.max(LEAST_BLOCKS, blocks));
  }
}
