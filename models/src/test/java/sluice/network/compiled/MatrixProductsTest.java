package sluice.network.compiled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.bytedeco.javacpp.FloatPointer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sluice.data.InvalidInput;
import sluice.network.Natives;
import sluice.network.OpenBlasKernel;
import sluice.network.compiled.Products.Form;
import sluice.network.layers.ErfGelu;
import sluice.network.layers.TanhGelu;
import sluice.network.layers.TransformerBlock;

class MatrixProductsTest {
  /** Rows, columns and what is summed over: one, odd, below and above what a kernel takes. */
  private static final int[][] SIZES = {
    {1, 1, 1},
    {1, 17, 5},
    {17, 1, 33},
    {3, 5, 7},
    {8, 8, 8},
    {13, 31, 29},
    {64, 10, 257},
    {65, 67, 130}
  };

  private record Shape(Form formA, Form formB, int m, int n, int k, int gap) {
    int rowsA() {
      return formA == Form.PLAIN ? m : k;
    }

    int strideA() {
      return (formA == Form.PLAIN ? k : m) + gap;
    }

    int rowsB() {
      return formB == Form.PLAIN ? k : n;
    }

    int strideB() {
      return (formB == Form.PLAIN ? n : k) + gap;
    }

    int strideC() {
      return n + gap;
    }
  }

  @BeforeAll
  static void load() {
    Natives.load();
  }

  static Stream<String> libraries() {
    return Stream.of("onednn", "openblas");
  }

  private static float[] random(int length, int seed) {
    Random random = new Random(seed);
    float[] floats = new float[length];
    for (int i = 0; i < length; i++) {
      floats[i] = (float) random.nextGaussian();
    }
    return floats;
  }

  /** C after the product. */
  private static float[] multiply(
      Products products, Shape shape, float alpha, float[] a, float[] b, float beta, float[] c) {
    float[] result = c.clone();
    // Behind what is not theirs, so that pointers with a position count too.
    try (FloatPointer pointerA = new FloatPointer(a.length + 3L).position(3);
        FloatPointer pointerB = new FloatPointer(b);
        FloatPointer pointerC = new FloatPointer(c)) {
      pointerA.put(a, 0, a.length);
      products.multiply(
          shape.formA,
          shape.formB,
          shape.m,
          shape.n,
          shape.k,
          alpha,
          pointerA,
          shape.strideA(),
          pointerB,
          shape.strideB(),
          beta,
          pointerC,
          shape.strideC());
      pointerC.get(result);
    }
    return result;
  }

  private static double[] naive(
      Shape shape, float alpha, float[] a, float[] b, float beta, float[] c) {
    double[] result = new double[c.length];
    for (int i = 0; i < c.length; i++) {
      result[i] = c[i];
    }
    for (int i = 0; i < shape.m; i++) {
      for (int j = 0; j < shape.n; j++) {
        double sum = 0;
        for (int x = 0; x < shape.k; x++) {
          double left =
              shape.formA == Form.PLAIN ? a[i * shape.strideA() + x] : a[x * shape.strideA() + i];
          double right =
              shape.formB == Form.PLAIN ? b[x * shape.strideB() + j] : b[j * shape.strideB() + x];
          sum += left * right;
        }
        int at = i * shape.strideC() + j;
        result[at] = alpha * sum + (beta == 0 ? 0 : beta * c[at]);
      }
    }
    return result;
  }

  private static List<Shape> shapes() {
    return Arrays.stream(SIZES)
        .flatMap(
            size ->
                Stream.of(Form.values())
                    .flatMap(a -> Stream.of(Form.values()).map(b -> List.of(a, b)))
                    .flatMap(
                        forms ->
                            Stream.of(0, 3)
                                .map(
                                    gap ->
                                        new Shape(
                                            forms.get(0),
                                            forms.get(1),
                                            size[0],
                                            size[1],
                                            size[2],
                                            gap))))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void everyFormSizeStrideAndFactorComesToTheSumOfProducts(String library) {
    Products products = MatrixProducts.choose(library);
    float[][] factors = {{1, 0}, {1, 1}, {-0.5f, 0.25f}, {0, 2}, {0, 0}};
    for (Shape shape : shapes()) {
      float[] a = random(shape.rowsA() * shape.strideA(), 1);
      float[] b = random(shape.rowsB() * shape.strideB(), 2);
      for (float[] factor : factors) {
        float[] c = random(shape.m * shape.strideC(), 3);
        double[] expected = naive(shape, factor[0], a, b, factor[1], c);
        if (factor[1] == 0) {
          // What is not read may be anything.
          for (int i = 0; i < shape.m; i++) {
            Arrays.fill(c, i * shape.strideC(), i * shape.strideC() + shape.n, Float.NaN);
          }
        }
        float[] result = multiply(products, shape, factor[0], a, b, factor[1], c);
        for (int i = 0; i < result.length; i++) {
          assertThat((double) result[i])
              .as("%s of %s, factors %s", i, shape, Arrays.toString(factor))
              .isCloseTo(expected[i], within(1e-4));
        }
        assertThat(multiply(products, shape, factor[0], a, b, factor[1], c)).isEqualTo(result);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void nothingToSumUpScalesAndNothingToWriteWritesNothing(String library) {
    Products products = MatrixProducts.choose(library);
    float[] some = {1, 2, 3, 4};
    Shape nothingToSum = new Shape(Form.PLAIN, Form.PLAIN, 2, 1, 0, 1);
    float[] unread = {Float.NaN, 2, Float.NaN, 4};
    assertThat(multiply(products, nothingToSum, 1, some, some, 0, unread))
        .containsExactly(0, 2, 0, 4);
    assertThat(multiply(products, nothingToSum, 1, some, some, 0.5f, some))
        .containsExactly(0.5f, 2, 1.5f, 4);
    assertThat(
            multiply(
                products, new Shape(Form.PLAIN, Form.PLAIN, 0, 2, 2, 0), 1, some, some, 0, some))
        .isEqualTo(some);
    assertThat(
            multiply(
                products, new Shape(Form.PLAIN, Form.PLAIN, 2, 0, 2, 1), 1, some, some, 0, some))
        .isEqualTo(some);
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void aStrideBelowARowIsRefused(String library) {
    Products products = MatrixProducts.choose(library);
    float[] some = {1, 2, 3, 4};
    assertThatThrownBy(
            () ->
                multiply(
                    products,
                    new Shape(Form.TRANSPOSED, Form.PLAIN, 2, 2, 2, -1),
                    1,
                    some,
                    some,
                    0,
                    some))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a product of TRANSPOSED 2 x 2 by PLAIN 2 x 2 must have no negative size and no stride"
                + " below the length of a row, got strides 1, 1 and 1");
  }

  /** What predictions rely on. */
  @ParameterizedTest
  @MethodSource("libraries")
  void inABlockOfRowsEqualRowsHaveEqualBits(String library) {
    Products products = MatrixProducts.choose(library);
    requireEqualRows(products, products.blockOfRows());
    for (int about : new int[] {8, 56, 96, 112, 160, 10_000}) {
      requireEqualRows(products, products.blockOfRows(about));
    }
  }

  /** Of sizes that fill the kernels' blocks and of others that do not. */
  @ParameterizedTest
  @CsvSource({"64, 32, ", "10, 64, TANH", "33, 100, ERF", "192, 1030, ", "70, 2048, ERF", "2, 1, "})
  void aPackedMatrixFinishesLayersAndEqualRowsHaveEqualBits(
      int n, int k, TransformerBlock.@Nullable Gelu gelu) {
    Products products = MatrixProducts.choose("onednn");
    int rows = products.blockOfRows(64);
    float[] a = random(rows * k, 1);
    float[] b = random(n * k, 2);
    float[] biases = random(n, 3);
    // Behind others, as in the parameters of a network.
    try (FloatPointer parameters = new FloatPointer(b.length + n + 1L)) {
      Block all = Block.of(parameters, b.length + n + 1);
      all.write(1, b, b.length);
      all.write(1 + b.length, biases, n);
      Optional<PackedMatrix> packed =
          PackedMatrix.of(
              products,
              rows,
              parameters.getPointer(1),
              k,
              parameters.getPointer(1L + b.length),
              n,
              gelu);
      assertThat(packed.isPresent()).isEqualTo(products.identity().contains("AVX-512"));
      if (packed.isEmpty()) {
        return;
      }
      float[] c = multiply(packed.get(), a, n);
      double[] sums =
          naive(
              new Shape(Form.PLAIN, Form.TRANSPOSED, rows, n, k, 0),
              1,
              a,
              b,
              0,
              new float[rows * n]);
      for (int i = 0; i < c.length; i++) {
        double sum = sums[i] + biases[i % n];
        double expected = gelu == null ? sum : gelu(gelu, sum);
        assertThat((double) c[i]).as("number %s", i).isCloseTo(expected, within(1e-3));
      }
      for (int i = 0; i < rows; i++) {
        float[] moved = random(rows * k, 7);
        System.arraycopy(a, 0, moved, i * k, k);
        assertThat(Arrays.copyOfRange(multiply(packed.get(), moved, n), i * n, (i + 1) * n))
            .as("row %s", i)
            .containsExactly(Arrays.copyOf(c, n));
      }
    }
  }

  private static double gelu(TransformerBlock.Gelu way, double x) {
    INDArray number = Nd4j.scalar(DataType.DOUBLE, x);
    return switch (way) {
      case TANH -> new TanhGelu().getActivation(number, false).getDouble(0);
      case ERF -> new ErfGelu().getActivation(number, false).getDouble(0);
    };
  }

  private static float[] multiply(PackedMatrix matrix, float[] a, int n) {
    float[] c = new float[MatrixProducts.choose("onednn").blockOfRows(64) * n];
    // Behind other numbers, so that first ones count too.
    try (FloatPointer pointerA = new FloatPointer(a.length + 5L);
        FloatPointer pointerC = new FloatPointer(c.length + 7L)) {
      Block blockA = Block.of(pointerA, a.length + 5);
      Block blockC = Block.of(pointerC, c.length + 7);
      blockA.write(5, a, a.length);
      matrix.product().multiply(blockA, 5, blockC, 7);
      blockC.read(7, c, c.length);
    }
    return c;
  }

  @Test
  void openBlasPacksNothing() {
    try (FloatPointer numbers = new FloatPointer(1f, 2f)) {
      assertThat(
              PackedMatrix.of(MatrixProducts.choose("openblas"), 8, numbers, 1, numbers, 2, null))
          .isEmpty();
    }
  }

  private static void requireEqualRows(Products products, int rows) {
    int[][] sizes = {
      {1, 10}, {1, 300}, {2, 100}, {3, 17}, {10, 64}, {33, 1000}, {64, 256}, {100, 333}, {257, 513}
    };
    for (int[] size : sizes) {
      for (Form formB : Form.values()) {
        Shape shape = new Shape(Form.PLAIN, formB, rows, size[0], size[1], 0);
        float[] b = random(shape.n * shape.k, 4);
        float[] row = random(shape.k, 5);
        float[] a = new float[rows * shape.k];
        for (int i = 0; i < rows; i++) {
          System.arraycopy(row, 0, a, i * shape.k, shape.k);
        }
        float[] c = multiply(products, shape, 1, a, b, 0, new float[rows * shape.n]);
        float[] first = Arrays.copyOf(c, shape.n);
        for (int i = 1; i < rows; i++) {
          assertThat(Arrays.copyOfRange(c, i * shape.n, (i + 1) * shape.n))
              .as("row %s of %s", i, shape)
              .isEqualTo(first);
        }
        // The other rows do not count, whatever they are.
        float[] others = random(rows * shape.k, 6);
        System.arraycopy(row, 0, others, 0, shape.k);
        float[] among = multiply(products, shape, 1, others, b, 0, new float[rows * shape.n]);
        assertThat(Arrays.copyOf(among, shape.n)).isEqualTo(first);
      }
    }
  }

  @Test
  void theLibraryIsOneDnnUnlessAnotherIsNamed() {
    assertThat(MatrixProducts.choose(null).identity())
        .isEqualTo(MatrixProducts.choose("onednn").identity())
        .matches("oneDNN 2\\.5\\.2 (SSE4\\.1|AVX.*) with convolutions, 1 thread");
    assertThat(MatrixProducts.choose("openblas").identity())
        .isEqualTo(
            "OpenBLAS 0.3.19 %s, 1 thread"
                .formatted(OpenBlasKernel.loaded().orElseThrow().title()));
    assertThatThrownBy(() -> MatrixProducts.choose("mkl"))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("sluice.products must be onednn or openblas, got mkl");
    assertThat(MatrixProducts.ofThisProcess()).isSameAs(MatrixProducts.ofThisProcess());
    assertThat(MatrixProducts.ofThisProcess().blockOfRows()).isEqualTo(24);
    assertThat(MatrixProducts.ofThisProcess().blockOfRows(64))
        .isEqualTo(MatrixProducts.ofThisProcess().identity().contains("AVX-512") ? 24 : 72);
  }
}
