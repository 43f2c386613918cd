package sluice.network;

import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.jspecify.annotations.Nullable;
import sluice.network.Processor.Vectors;

/**
 * The kernels of OpenBLAS for x86-64. OpenBLAS chooses some by the processor when it is loaded; one
 * that it does not know, because it is newer than OpenBLAS, gets kernels for SSE3, which are
 * several times slower.
 */
public enum OpenBlasKernel {
  PRESCOTT("Prescott", Vectors.SSE),
  CORE2("Core2", Vectors.SSE),
  NEHALEM("Nehalem", Vectors.SSE),
  BARCELONA("Barcelona", Vectors.SSE),
  SANDYBRIDGE("Sandybridge", Vectors.AVX),
  BULLDOZER("Bulldozer", Vectors.AVX),
  PILEDRIVER("Piledriver", Vectors.AVX),
  STEAMROLLER("Steamroller", Vectors.AVX),
  EXCAVATOR("Excavator", Vectors.AVX2),
  HASWELL("Haswell", Vectors.AVX2),
  ZEN("Zen", Vectors.AVX2),
  SKYLAKEX("SkylakeX", Vectors.AVX512),
  COOPERLAKE("Cooperlake", Vectors.AVX512);

  /** The environment variable by which OpenBLAS is told its kernels. */
  static final String VARIABLE = "OPENBLAS_CORETYPE";

  private final String title;
  private final Vectors vectors;

  OpenBlasKernel(String title, Vectors vectors) {
    this.title = title;
    this.vectors = vectors;
  }

  /** The name that OpenBLAS gives them, and that {@value #VARIABLE} takes. */
  public String title() {
    return title;
  }

  /** Those that OpenBLAS computes with in this process; nothing on another architecture. */
  public static Optional<OpenBlasKernel> loaded() {
    Loader.load(openblas_nolapack.class);
    // openblas_get_corename is not to be called from Java; it compares the same addresses.
    Pointer table = Loader.addressof("gotoblas");
    if (table == null) {
      return Optional.empty();
    }
    Pointer chosen = new PointerPointer<>(table).get(0);
    for (OpenBlasKernel kernel : values()) {
      Pointer its = Loader.addressof("gotoblas_" + kernel.name());
      if (its != null && its.address() == chosen.address()) {
        return Optional.of(kernel);
      }
    }
    return Optional.empty();
  }

  /** OpenBLAS with its version and its kernels, as in {@code OpenBLAS 0.3.19 Zen}. */
  public static String described() {
    return openblas_nolapack.OPENBLAS_VERSION.strip()
        + " "
        + loaded().map(OpenBlasKernel::title).orElse("with unknown kernels");
  }

  /**
   * What to say where the processor could do more than these kernels do.
   *
   * @param present what {@value #VARIABLE} is in the environment of this process; null if it is not
   *     set
   */
  Optional<String> warning(Processor processor, @Nullable String present) {
    return processor
        .openBlasKernel()
        .filter(better -> vectors.compareTo(better.vectors) < 0)
        .map(
            better ->
                "OpenBLAS, which Nd4j multiplies matrices with, uses its kernels for %s (%s) on a processor with %s, and is slower than it could be: set %s=%s in the environment of the process, where it is %s"
                    .formatted(
                        title,
                        vectors,
                        better.vectors,
                        VARIABLE,
                        better.title,
                        present == null ? "not set" : present));
  }
}
