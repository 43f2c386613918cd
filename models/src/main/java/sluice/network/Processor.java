package sluice.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The vector instructions of a processor.
 *
 * @param amd whether AMD made it
 * @param flags what it can do, as Linux names it; none where that is not known
 */
record Processor(boolean amd, Set<String> flags) {

  /** Sets of vector instructions of x86-64, each with all before it. */
  enum Vectors {
    SSE,
    AVX,
    AVX2,
    AVX512
  }

  static final Set<String> AVX2 = Set.of("avx2", "fma");
  static final Set<String> AVX512 = Set.of("avx512f", "avx512bw", "avx512dq", "avx512vl");

  /** The one that this process runs on. */
  static Processor here() {
    Path file = Path.of("/proc/cpuinfo");
    try {
      return Files.exists(file) ? of(Files.readAllLines(file)) : new Processor(false, Set.of());
    } catch (IOException e) {
      throw new IllegalStateException("Linux does not say what the processor can do", e);
    }
  }

  /** As {@code /proc/cpuinfo} of Linux describes it. */
  static Processor of(List<String> cpuinfo) {
    return new Processor(
        value(cpuinfo, "vendor_id").equals("AuthenticAMD"),
        Set.copyOf(Arrays.asList(value(cpuinfo, "flags").split("\\s+"))));
  }

  private static String value(List<String> cpuinfo, String key) {
    return cpuinfo.stream()
        .filter(line -> line.matches(key + "\\s*:.*"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("");
  }

  Vectors vectors() {
    if (flags.containsAll(AVX512)) {
      return Vectors.AVX512;
    }
    if (flags.containsAll(AVX2)) {
      return Vectors.AVX2;
    }
    return flags.contains("avx") ? Vectors.AVX : Vectors.SSE;
  }

  /**
   * The newest kernels of OpenBLAS that it can run, from AVX2 on; {@code scripts/sluice} says the
   * same.
   */
  Optional<OpenBlasKernel> openBlasKernel() {
    return switch (vectors()) {
      case AVX512 ->
          Optional.of(
              flags.contains("avx512_bf16") ? OpenBlasKernel.COOPERLAKE : OpenBlasKernel.SKYLAKEX);
      case AVX2 -> Optional.of(amd ? OpenBlasKernel.ZEN : OpenBlasKernel.HASWELL);
      case AVX, SSE -> Optional.empty();
    };
  }
}
