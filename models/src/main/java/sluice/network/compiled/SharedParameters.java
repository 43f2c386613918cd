package sluice.network.compiled;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import sluice.network.FloatArrays;
import sluice.network.layers.TransformerBlock;

/**
 * The parameters of networks that only predict, which they share: all read the same numbers, and
 * matrices that one of them has packed serve all. Thread-safe.
 */
public final class SharedParameters {
  private record Key(Products products, int rows, int at, TransformerBlock.@Nullable Gelu gelu) {}

  private final INDArray numbers;
  private final Map<Key, Optional<PackedMatrix>> packed = new ConcurrentHashMap<>();

  /**
   * @param numbers [1, parameters], which nobody writes to or closes any more
   */
  public SharedParameters(INDArray numbers) {
    this.numbers = numbers;
  }

  /** Those that are given, copied. */
  public static SharedParameters of(float[] numbers) {
    return new SharedParameters(FloatArrays.create(numbers, 1, numbers.length));
  }

  /** A copy of them. */
  public float[] copy() {
    return FloatArrays.copy(numbers);
  }

  INDArray numbers() {
    return numbers;
  }

  /**
   * A matrix among them with its biases for products of some rows; none if the library has no
   * kernels for it.
   *
   * @param gelu what is taken of the sums; null for the sums themselves
   */
  Optional<PackedMatrix> packed(
      Products products,
      int rows,
      Weights matrix,
      Weights biases,
      TransformerBlock.@Nullable Gelu gelu) {
    return packed.computeIfAbsent(
        new Key(products, rows, matrix.at(), gelu),
        key ->
            PackedMatrix.of(
                products,
                rows,
                matrix.parameters().pointer().getPointer(matrix.at()),
                matrix.count() / biases.count(),
                biases.parameters().pointer().getPointer(biases.at()),
                biases.count(),
                gelu));
  }
}
