package sluice.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNBatchNormHelper;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNConvHelper;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNSubsamplingHelper;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.cpu.nativecpu.bindings.Nd4jCpu;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import sluice.data.InvalidInput;
import sluice.network.compiled.MatrixProducts;

class NativesTest {
  private static final Set<String> OLD = Set.of("sse2", "avx");
  private static final Set<String> AVX2 = Set.of("sse2", "avx", "avx2", "fma");
  private static final Set<String> AVX512 =
      Set.of("avx2", "fma", "avx512f", "avx512bw", "avx512dq", "avx512vl");

  @Test
  void theFastestBuildThatTheProcessorCanRunIsChosen() {
    List<String> all = List.of("", "-avx2", "-avx512", "-onednn", "-onednn-avx2", "-onednn-avx512");
    assertThat(Natives.choose(all, AVX512)).isEqualTo("-onednn-avx512");
    assertThat(Natives.choose(all, AVX2)).isEqualTo("-onednn-avx2");
    assertThat(Natives.choose(all, OLD)).isEqualTo("-onednn");
    assertThat(Natives.choose(List.of("-avx2", "-onednn"), AVX512)).isEqualTo("-onednn");
    assertThat(Natives.choose(List.of("", "-avx2"), AVX512)).isEqualTo("-avx2");
    assertThatThrownBy(() -> Natives.choose(List.of("-onednn-avx2"), OLD))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "the native library for networks is there as [linux-x86_64-onednn-avx2], which this"
                + " processor must be able to run, and it cannot: build with"
                + " -Dnd4j.natives=linux-x86_64-onednn");
  }

  @Test
  void whatIsSaidIsWhatHolds() throws InterruptedException {
    Natives natives = Natives.load();
    assertThat(natives.backend()).isEqualTo("CpuBackend");
    assertThat(natives.blas())
        .isEqualTo("OpenBLAS 0.3.19 " + OpenBlasKernel.loaded().orElseThrow().title());
    assertThat(MatrixProducts.ofThisProcess().identity()).matches("oneDNN 2\\.5\\.2 .+, 1 thread");
    assertThat(natives.cache()).isDirectory();
    assertThat(natives.maxBytes()).isPositive();
    assertThat(natives.maxPhysicalBytes()).isGreaterThanOrEqualTo(natives.maxBytes());
    // The build's test environment asks for one, which must hold in threads of Spark too.
    assertThat(System.getenv("OMP_NUM_THREADS")).isEqualTo("1");
    assertThat(natives.threads()).isEqualTo(1);
    int[] elsewhere = new int[1];
    Thread other =
        new Thread(
            () ->
                elsewhere[0] =
                    org.nd4j.nativeblas.NativeOpsHolder.getInstance()
                        .getDeviceNativeOps()
                        .ompGetMaxThreads());
    other.start();
    other.join();
    assertThat(elsewhere[0]).isEqualTo(1);
  }

  @Test
  void kernelsOfOpenBlasThatAreOlderThanTheProcessorAreWarnedOf() {
    Processor sapphireRapids =
        processor(
            "GenuineIntel",
            "sse2 avx avx2 fma avx512f avx512bw avx512dq avx512vl avx512_bf16 amx_tile");
    Processor iceLake =
        processor("GenuineIntel", "sse2 avx avx2 fma avx512f avx512bw avx512dq avx512vl");
    Processor knightsLanding = processor("GenuineIntel", "sse2 avx avx2 fma avx512f avx512cd");
    Processor zen4 =
        processor(
            "AuthenticAMD", "sse2 avx avx2 fma avx512f avx512bw avx512dq avx512vl avx512_bf16");
    Processor zen3 = processor("AuthenticAMD", "sse2 avx avx2 fma");
    Processor haswell = processor("GenuineIntel", "sse2 avx avx2 fma");
    Processor sandyBridge = processor("GenuineIntel", "sse2 avx");
    Processor arm = Processor.of(List.of("processor\t: 0", "Features\t: fp asimd sve"));
    assertThat(sapphireRapids.openBlasKernel()).contains(OpenBlasKernel.COOPERLAKE);
    assertThat(iceLake.openBlasKernel()).contains(OpenBlasKernel.SKYLAKEX);
    assertThat(knightsLanding.openBlasKernel()).contains(OpenBlasKernel.HASWELL);
    assertThat(zen4.openBlasKernel()).contains(OpenBlasKernel.COOPERLAKE);
    assertThat(zen3.openBlasKernel()).contains(OpenBlasKernel.ZEN);
    assertThat(haswell.openBlasKernel()).contains(OpenBlasKernel.HASWELL);
    assertThat(sandyBridge.openBlasKernel()).isEmpty();
    assertThat(arm.openBlasKernel()).isEmpty();

    assertThat(OpenBlasKernel.PRESCOTT.warning(sapphireRapids, null))
        .contains(
            "OpenBLAS, which Nd4j multiplies matrices with, uses its kernels for Prescott (SSE) on a"
                + " processor with AVX512, and is slower than it could be: set"
                + " OPENBLAS_CORETYPE=Cooperlake in the environment of the process, where it is not"
                + " set");
    assertThat(OpenBlasKernel.HASWELL.warning(sapphireRapids, "Haswell").orElseThrow())
        .endsWith(
            "set OPENBLAS_CORETYPE=Cooperlake in the environment of the process, where it is Haswell");
    assertThat(OpenBlasKernel.HASWELL.warning(zen4, null)).isPresent();
    assertThat(OpenBlasKernel.PRESCOTT.warning(zen3, null)).isPresent();
    assertThat(OpenBlasKernel.SKYLAKEX.warning(sapphireRapids, null)).isEmpty();
    assertThat(OpenBlasKernel.HASWELL.warning(zen3, null)).isEmpty();
    assertThat(OpenBlasKernel.EXCAVATOR.warning(zen3, null)).isEmpty();
    assertThat(OpenBlasKernel.PRESCOTT.warning(sandyBridge, null)).isEmpty();
    assertThat(OpenBlasKernel.PRESCOTT.warning(arm, null)).isEmpty();
  }

  /** A processor as Linux describes it, with the lines between that are not asked for. */
  private static Processor processor(String vendor, String flags) {
    return Processor.of(
        List.of(
            "processor\t: 0",
            "vendor_id\t: " + vendor,
            "model name\t: none that flags: could be read from",
            "flags\t\t: " + flags,
            "vmx flags\t: vnmi",
            "",
            "processor\t: 1",
            "flags\t\t: other"));
  }

  /** As a program without Spark is that scores with a bundle. */
  @Test
  void aProcessThatIsNotToldHowManyThreadsGivesTheSameBits(@TempDir Path directory)
      throws IOException, InterruptedException {
    Path printed = directory.resolve("printed");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                ScoresOfMany.class.getName())
            .redirectOutput(printed.toFile())
            .redirectError(directory.resolve("errors").toFile());
    builder.environment().remove("OMP_NUM_THREADS");
    assertThat(builder.start().waitFor()).isZero();
    assertThat(Files.readAllLines(printed)).contains(ScoresOfMany.text());
    assertThat(ScoresOfMany.text()).endsWith(MatrixProducts.ofThisProcess().identity() + " in 1");
  }

  /**
   * The layers must go through oneDNN, and come to the same. That it is oneDNN shows in the bits:
   * the library's own kernels, which run where it is not let, sum up in another order.
   */
  @Test
  void convolutionsRunThroughOneDnn() {
    assertThat(Natives.load().layers())
        .isEqualTo(
            Natives.load().platform().contains("onednn")
                ? Natives.Layers.ONEDNN
                : Natives.Layers.NATIVE);
    assertThat(Natives.load().platform()).contains("onednn");

    MultiLayerNetwork network = network();
    assertThat(network.getLayer(0).getHelper()).isInstanceOf(MKLDNNConvHelper.class);
    assertThat(network.getLayer(1).getHelper()).isInstanceOf(MKLDNNBatchNormHelper.class);
    assertThat(network.getLayer(2).getHelper()).isInstanceOf(MKLDNNSubsamplingHelper.class);

    float[] with = outputs(network);
    Nd4jCpu.Environment.getInstance().allowHelpers(false);
    float[] without;
    try {
      without = outputs(network);
    } finally {
      Nd4jCpu.Environment.getInstance().allowHelpers(true);
    }
    assertThat(with).isNotEqualTo(without).hasSameSizeAs(without);
    for (int i = 0; i < with.length; i++) {
      assertThat(with[i]).isCloseTo(without[i], within(1e-5f));
    }
  }

  /** Trained parameters against those of Deeplearning4j's own layers in Java. */
  @Test
  void trainedParametersAgreeWithThePlainWay() {
    MultiLayerNetwork fast = network();
    System.setProperty("org.eclipse.deeplearning4j.helpers.disable", "true");
    MultiLayerNetwork plain;
    try {
      plain = network();
    } finally {
      System.setProperty("org.eclipse.deeplearning4j.helpers.disable", "false");
    }
    assertThat(plain.getLayer(0).getHelper()).isNull();
    assertThat(FloatArrays.copy(fast.params())).containsExactly(FloatArrays.copy(plain.params()));
    float[] before = FloatArrays.copy(fast.params());

    for (int i = 0; i < 10; i++) {
      fast.fit(pictures(i), labels(i));
      plain.fit(pictures(i), labels(i));
    }

    float[] left = FloatArrays.copy(fast.params());
    float[] right = FloatArrays.copy(plain.params());
    assertThat(left).isNotEqualTo(before);
    for (int i = 0; i < left.length; i++) {
      assertThat(left[i]).isCloseTo(right[i], within(1e-5f));
    }
  }

  private static float[] outputs(MultiLayerNetwork network) {
    return FloatArrays.copy(network.output(pictures(1)));
  }

  private static INDArray pictures(int seed) {
    Random random = new Random(seed);
    float[] pixels = new float[16 * 2 * 12 * 12];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextFloat();
    }
    return FloatArrays.create(pixels, 16, 2, 12, 12);
  }

  private static INDArray labels(int seed) {
    Random random = new Random(seed);
    float[] labels = new float[16 * 3];
    for (int i = 0; i < 16; i++) {
      labels[i * 3 + random.nextInt(3)] = 1;
    }
    return FloatArrays.create(labels, 16, 3);
  }

  private static MultiLayerNetwork network() {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(7)
                .updater(new Sgd(0.05))
                .activation(Activation.RELU)
                .list()
                .layer(new ConvolutionLayer.Builder(5, 5).nOut(8).build())
                .layer(new BatchNormalization())
                .layer(
                    new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                        .kernelSize(2, 2)
                        .stride(2, 2)
                        .build())
                .layer(
                    new OutputLayer.Builder(LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nOut(3)
                        .build())
                .setInputType(InputType.convolutional(12, 12, 2))
                .build());
    network.init();
    return network;
  }
}
