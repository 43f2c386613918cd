package sluice.network;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.deeplearning4j.nn.layers.mkldnn.BaseMKLDNNHelper;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.cpu.nativecpu.bindings.Nd4jCpu;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.data.InvalidInput;

/**
 * The native libraries that arrays and networks compute with, as this process has loaded them. What
 * makes the first array or network of a process loads them here, so that they are the same in a
 * driver, an executor and a program without Spark:
 *
 * <ul>
 *   <li>of the builds on the class path the fastest that the processor can run. The one that is
 *       shipped needs AVX2. oneDNN makes its kernels by the processor, and uses AVX-512 where there
 *       is some. OpenBLAS, which Nd4j's own operations use, chooses among kernels; on a processor
 *       that is newer than itself they are too old, and a warning says so ({@link OpenBlasKernel});
 *   <li>with convolutions, pooling and batch normalisation through oneDNN;
 *   <li>unpacked once for all processes of a user on a host, below {@code $XDG_CACHE_HOME} or
 *       {@code ~/.cache}.
 * </ul>
 *
 * <p>A system property that is set already is left as it is. Arrays are meant to take at most
 * {@code org.bytedeco.javacpp.maxbytes}; the process as a whole may take as much, the heap and a
 * gibibyte, or {@code org.bytedeco.javacpp.maxphysicalbytes}, and no step of a network begins
 * beyond. Threads in one native call are limited by the environment variable {@code
 * OMP_NUM_THREADS}. Without it a product of matrices takes one, as it does wherever Sluice's own
 * scripts start a process: with more, scores differ in their last bits.
 *
 * @param backend Nd4j's name of the kind of device
 * @param platform the build that was loaded, as in {@code linux-x86_64-onednn-avx2}
 * @param blas Nd4j's library of matrix products, on a CPU with its version and kernels
 * @param threads threads in one of its products
 * @param layers what computes convolutions, pooling and batch normalisation
 * @param maxBytes the most memory of all arrays outside the heap
 * @param maxPhysicalBytes the most memory of the process, above which no step is taken; 0 for any
 * @param cache where the libraries are unpacked
 */
public record Natives(
    String backend,
    String platform,
    String blas,
    int threads,
    Layers layers,
    long maxBytes,
    long maxPhysicalBytes,
    Path cache) {

  /** What computes convolutions, pooling and batch normalisation. */
  public enum Layers {
    /** Kernels of oneDNN. */
    ONEDNN,
    /** One call each of the native library's own operations. */
    NATIVE,
    /** Deeplearning4j's operations in Java, out of many native calls. */
    JAVA
  }

  /** Null before they are first asked for. */
  private static volatile @Nullable Natives loaded;

  private static final Logger LOG = LoggerFactory.getLogger(Natives.class);
  private static final String BUILD = "org.bytedeco.javacpp.platform.extension";
  private static final String THREADS = "OMP_NUM_THREADS";
  private static final String CACHE = "org.bytedeco.javacpp.cachedir";
  private static final String LAYERS_IN_JAVA = "org.eclipse.deeplearning4j.helpers.disable";
  private static final String CPU = "CpuBackend";
  private static final String X86 = "linux-x86_64";

  /** The builds for Linux on x86-64, the fastest first, and what a processor must have for them. */
  private static final Map<String, Set<String>> BUILDS = builds();

  private static Map<String, Set<String>> builds() {
    Map<String, Set<String>> builds = new LinkedHashMap<>();
    builds.put("-onednn-avx512", Processor.AVX512);
    builds.put("-onednn-avx2", Processor.AVX2);
    builds.put("-onednn", Set.of());
    builds.put("-avx512", Processor.AVX512);
    builds.put("-avx2", Processor.AVX2);
    builds.put("", Set.of());
    return builds;
  }

  /**
   * Loads the native libraries; only the first call does anything.
   *
   * @throws InvalidInput (configuration) if the processor can run none of the builds there are, or
   *     the limit of the memory is no size
   */
  public static Natives load() {
    Natives natives = loaded;
    return natives == null ? prepared() : natives;
  }

  private static synchronized Natives prepared() {
    Natives natives = loaded;
    if (natives == null) {
      natives = prepare();
      loaded = natives;
      natives.log();
    }
    return natives;
  }

  /** Whether arrays are in the host's memory. */
  public boolean cpu() {
    return backend.equals(CPU);
  }

  private static Natives prepare() {
    setUnlessSet(LAYERS_IN_JAVA, "false");
    setUnlessSet(CACHE, cacheDirectory().toString());
    List<String> builds = present();
    if (!builds.isEmpty() && System.getProperty(BUILD) == null) {
      String build = choose(builds, Processor.here().flags());
      if (builds.size() > 1) {
        System.setProperty(BUILD, build);
      }
    }
    long maxPhysicalBytes = ProcessMemory.takeOver();
    if (System.getenv(THREADS) == null) {
      // Of a matrix product's bits some depend on how many threads share it.
      Nd4j.factory().blas().setMaxThreads(1);
    }
    return describe(maxPhysicalBytes);
  }

  private void log() {
    LOG.info(
        "natives: {} {}, {}, {} in a product, layers by {}, arrays up to {} MiB,"
            + " process up to {} MiB, unpacked in {}",
        backend,
        platform,
        blas,
        threads == 1 ? "1 thread" : threads + " threads",
        layers.name().toLowerCase(Locale.ROOT),
        maxBytes >> 20,
        maxPhysicalBytes >> 20,
        cache);
    if (cpu()) {
      OpenBlasKernel.loaded()
          .flatMap(
              kernel -> kernel.warning(Processor.here(), System.getenv(OpenBlasKernel.VARIABLE)))
          .ifPresent(LOG::warn);
    }
  }

  private static Natives describe(long maxPhysicalBytes) {
    String backend = Nd4j.getBackend().getClass().getSimpleName();
    String platform = platform(backend);
    try {
      return new Natives(
          backend,
          platform,
          backend.equals(CPU)
              ? OpenBlasKernel.described()
              : Nd4j.factory().blas().getBlasVendor().toString(),
          Nd4j.factory().blas().getMaxThreads(),
          layers(backend, platform),
          Pointer.maxBytes(),
          maxPhysicalBytes,
          Loader.getCacheDir().toPath());
    } catch (IOException e) {
      throw new IllegalStateException("the native libraries are loaded, but from nowhere", e);
    }
  }

  private static String platform(String backend) {
    if (!backend.equals(CPU)) {
      // The libraries for CPUs have no business in a process that does without them.
      return Loader.getPlatform() + "-cuda";
    }
    Path library = Path.of(Loader.load(Nd4jCpu.class));
    return library.getName(library.getNameCount() - 2).toString();
  }

  private static Layers layers(String backend, String platform) {
    // Deeplearning4j's layers on cuDNN were last released for an older version than this.
    if (!backend.equals(CPU)
        || Boolean.getBoolean(LAYERS_IN_JAVA)
        || !BaseMKLDNNHelper.mklDnnEnabled()) {
      return Layers.JAVA;
    }
    return platform.contains("onednn") ? Layers.ONEDNN : Layers.NATIVE;
  }

  /**
   * The fastest build that a processor can run.
   *
   * @param builds those there are, at least one
   * @param flags what the processor has, as Linux names it
   */
  static String choose(List<String> builds, Set<String> flags) {
    return BUILDS.entrySet().stream()
        .filter(build -> builds.contains(build.getKey()) && flags.containsAll(build.getValue()))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(
            () ->
                InvalidInput.configuration(
                    "the native library for networks is there as %s, which this processor must be able to run, and it cannot: build with -Dnd4j.natives=%s-onednn"
                        .formatted(builds.stream().map(build -> X86 + build).toList(), X86)));
  }

  /** The builds for Linux on x86-64 on the class path; none on another platform. */
  private static List<String> present() {
    if (!System.getProperty("os.name").startsWith("Linux")
        || !System.getProperty("os.arch").equals("amd64")) {
      return List.of();
    }
    List<String> present = new ArrayList<>();
    for (String build : BUILDS.keySet()) {
      if (Nd4jCpu.class.getResource(X86 + build + "/libnd4jcpu.so") != null) {
        present.add(build);
      }
    }
    return present;
  }

  private static Path cacheDirectory() {
    String cache = System.getenv("XDG_CACHE_HOME");
    Path base =
        cache == null || cache.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(cache);
    return base.resolve("sluice").resolve("natives");
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
