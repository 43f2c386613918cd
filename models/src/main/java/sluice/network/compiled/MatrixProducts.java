package sluice.network.compiled;

import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.data.InvalidInput;
import sluice.network.Natives;
import sluice.network.compiled.Products.Form;

/**
 * The library of {@link Products} of this process: oneDNN where it loads, OpenBLAS otherwise, or
 * the one that the system property {@value #LIBRARY} names ({@code onednn}, {@code openblas}). A
 * product takes one thread, or as many as the environment variable {@code OMP_NUM_THREADS} says.
 *
 * <p>The same product in a process of the same {@link Products#identity} has the same bits. The
 * bits of a row depend on the number of rows besides, in both libraries: kernels take rows in
 * groups, and the rows that are left over by others, which sum up in another order. See {@link
 * Products#blockOfRows}.
 */
public final class MatrixProducts {
  /** The system property that names the library. */
  public static final String LIBRARY = "sluice.products";

  private static final Logger LOG = LoggerFactory.getLogger(MatrixProducts.class);
  private static final Map<String, Supplier<Products>> LIBRARIES =
      Map.of("onednn", OneDnnProducts::new, "openblas", OpenBlasProducts::new);

  /** Null before they are first asked for. */
  private static @Nullable Products chosen;

  private MatrixProducts() {}

  /**
   * The products of this process, on CPUs; the first call chooses the library.
   *
   * @throws InvalidInput (configuration) if {@value #LIBRARY} names none, or one that does not load
   */
  public static synchronized Products ofThisProcess() {
    Products products = chosen;
    if (products == null) {
      Natives.load();
      products = choose(System.getProperty(LIBRARY));
      chosen = products;
    }
    return products;
  }

  static Products choose(@Nullable String library) {
    if (library == null) {
      try {
        return new OneDnnProducts();
      } catch (LinkageError e) {
        LOG.warn("products of matrices are by OpenBLAS, as oneDNN does not load: {}", e.toString());
        return new OpenBlasProducts();
      }
    }
    Supplier<Products> named = LIBRARIES.get(library);
    if (named == null) {
      throw InvalidInput.configuration(
          "%s must be onednn or openblas, got %s".formatted(LIBRARY, library));
    }
    try {
      return named.get();
    } catch (LinkageError e) {
      throw InvalidInput.configuration(
          "%s is %s, which does not load: %s".formatted(LIBRARY, library, e));
    }
  }

  /** Whether nobody says how many threads a product takes. */
  static boolean oneThread() {
    return System.getenv("OMP_NUM_THREADS") == null;
  }

  static String identity(String library, int threads) {
    return "%s, %s".formatted(library, threads == 1 ? "1 thread" : threads + " threads");
  }

  /** Of the libraries one prints what is wrong and goes on. */
  static void check(
      Form formA, Form formB, int m, int n, int k, int strideA, int strideB, int strideC) {
    if (m < 0
        || n < 0
        || k < 0
        || strideA < Math.max(1, formA == Form.PLAIN ? k : m)
        || strideB < Math.max(1, formB == Form.PLAIN ? n : k)
        || strideC < Math.max(1, n)) {
      throw new IllegalArgumentException(
          "a product of %s %s x %s by %s %s x %s must have no negative size and no stride below the length of a row, got strides %s, %s and %s"
              .formatted(formA, m, k, formB, k, n, strideA, strideB, strideC));
    }
  }
}
