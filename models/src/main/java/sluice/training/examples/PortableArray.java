package sluice.training.examples;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;
import sluice.network.FloatArrays;

/**
 * Rows of an INDArray on Java's own heap, where Spark can see how large they are and move them to
 * disk: floats as a plain array, any other type as ND4J writes it.
 */
final class PortableArray implements Serializable {
  private static final long serialVersionUID = 1L;

  private final long[] shape;
  private final float @Nullable [] floats;
  private final byte @Nullable [] bytes;

  /**
   * @param from the first row
   * @param to behind the last row
   */
  PortableArray(INDArray array, long from, long to) {
    INDArray rows = rows(array, from, to);
    this.shape = rows.shape();
    try {
      this.floats = rows.dataType() == DataType.FLOAT ? FloatArrays.copy(rows) : null;
      this.bytes = floats == null ? Nd4j.toByteArray(rows.dup('c')) : null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static INDArray rows(INDArray array, long from, long to) {
    if (from == 0 && to == array.size(0)) {
      return array;
    }
    INDArrayIndex[] indices = new INDArrayIndex[array.rank()];
    java.util.Arrays.fill(indices, NDArrayIndex.all());
    indices[0] = NDArrayIndex.interval(from, to);
    // A single row would lose its dimension.
    INDArray rows = array.get(indices);
    if (rows.rank() == array.rank()) {
      return rows;
    }
    long[] shape = array.shape();
    shape[0] = to - from;
    return rows.reshape(shape);
  }

  /** The array, new. */
  INDArray array() {
    if (floats != null) {
      return FloatArrays.create(floats, shape);
    }
    if (bytes == null) {
      throw new IllegalStateException("neither floats nor bytes");
    }
    return Nd4j.fromByteArray(bytes);
  }
}
