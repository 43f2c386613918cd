package sluice.network.compiled;

import org.bytedeco.javacpp.FloatPointer;

/** Products of matrices of floats that lie by rows, as one library computes them. */
public interface Products {

  /** How a matrix stands in a product. */
  enum Form {
    /** As it lies. */
    PLAIN,
    /** With rows for columns. */
    TRANSPOSED
  }

  /**
   * C := alpha A B + beta C, as sgemm of BLAS with row-major matrices. What {@code c} holds is not
   * read where beta is 0.
   *
   * @param formA how A stands: [m, k] as it lies, or [k, m] transposed
   * @param formB how B stands: [k, n] as it lies, or [n, k] transposed
   * @param m rows of C
   * @param n columns of C
   * @param k what is summed over
   * @param a where A begins
   * @param strideA floats from one row of A, as it lies, to the next
   * @param c where C begins, [m, n]; neither A nor B
   */
  void multiply(
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
      int strideC);

  /**
   * Library, version, kernel and threads: what decides the last bits, as in {@code OpenBLAS 0.3.19
   * Zen, 1 thread}.
   */
  String identity();

  /**
   * A number of rows for products whose rows must not depend on each other: in products of this
   * many rows, with the same n and k, equal rows of A give equal rows of C to the bit, wherever
   * they are. It is not the same for all libraries, and no multiple of it will do in its place
   * (OpenBLAS).
   */
  int blockOfRows();

  /**
   * A number of rows for which {@link #blockOfRows()} holds, too, for who has about so many rows: a
   * larger one where the library is faster by it.
   */
  default int blockOfRows(int about) {
    return blockOfRows();
  }
}
