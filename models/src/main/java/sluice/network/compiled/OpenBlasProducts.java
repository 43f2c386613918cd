package sluice.network.compiled;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.blas_get_num_threads;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import org.bytedeco.javacpp.FloatPointer;

/** Products by the OpenBLAS that ND4J has loaded. */
final class OpenBlasProducts implements Products {
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
    cblas_sgemm(
        CblasRowMajor,
        transposition(formA),
        transposition(formB),
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

  private static int transposition(Form form) {
    return form == Form.TRANSPOSED ? CblasTrans : CblasNoTrans;
  }

  @Override
  public String identity() {
    int threads = blas_get_num_threads();
    return "OpenBLAS, %d %s".formatted(threads, threads == 1 ? "thread" : "threads");
  }
}
