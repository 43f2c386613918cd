package sluice.network.compiled;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.blas_get_num_threads;
import static org.bytedeco.openblas.global.openblas_nolapack.blas_set_num_threads;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import org.bytedeco.javacpp.FloatPointer;
import sluice.network.OpenBlasKernel;

/** Products by OpenBLAS, with the kernels that it has chosen. */
final class OpenBlasProducts implements Products {
  /** See {@link Products#blockOfRows}: the kernels for AVX2 take rows by four. */
  private static final int BLOCK_OF_ROWS = 8;

  private final String identity;

  OpenBlasProducts() {
    if (MatrixProducts.oneThread()) {
      blas_set_num_threads(1);
    }
    identity = MatrixProducts.identity(OpenBlasKernel.described(), blas_get_num_threads());
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
    cblas_sgemm(
        CblasRowMajor,
        form(formA),
        form(formB),
        m,
        n,
        k,
        alpha,
        a,
        strideA,
        b,
        strideB,
        beta,
        c,
        strideC);
  }

  private static int form(Form form) {
    return form == Form.PLAIN ? CblasNoTrans : CblasTrans;
  }

  @Override
  public String identity() {
    return identity;
  }

  @Override
  public int blockOfRows() {
    return BLOCK_OF_ROWS;
  }
}
