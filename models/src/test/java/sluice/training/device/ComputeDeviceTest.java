package sluice.training.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.assertj.core.api.InstanceOfAssertFactories.list;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.data.InvalidInput;
import sluice.network.compiled.MatrixProducts;
import sluice.testing.LocalSpark;

class ComputeDeviceTest {
  private static final Map<String, String> CLUSTER = Map.of("spark.master", "spark://host:7077");
  private static final Map<String, String> GPUS =
      Map.of(
          "spark.master", "spark://host:7077",
          "spark.executor.resource.gpu.amount", "1",
          "spark.task.resource.gpu.amount", "1");
  private static final Map<String, String> LOCAL = Map.of("spark.master", "local[2]");

  private static final String NO_BUILD = "the jar holds no CUDA build of ND4J (build with -Pcuda)";
  private static final String NO_EXECUTOR_GPU =
      "executors have no GPU resource (spark.executor.resource.gpu.amount; see"
          + " conf/spark/gpu.conf)";

  /** A build that has or has not found a GPU, or none; it tells what is bound. */
  private record Found(boolean built, boolean loaded) implements Accelerator {
    private static final Queue<Integer> BOUND = new ConcurrentLinkedQueue<>();

    @Override
    public String backend() {
      return loaded ? "JCublasBackend" : "CpuBackend";
    }

    @Override
    public void bind(int index) {
      BOUND.add(index);
    }
  }

  private static final Found NOT_BUILT = new Found(false, false);
  private static final Found NOT_FOUND = new Found(true, false);
  private static final Found FOUND = new Found(true, true);

  private static ComputeDevice choose(
      Device asked, Map<String, String> settings, Accelerator accelerator) {
    SparkConf conf = new SparkConf(false);
    settings.forEach(conf::set);
    return ComputeDevice.choose(asked, conf, accelerator);
  }

  @Test
  void autoSaysWhatItFound() {
    Device auto = Device.AUTO;
    assertThat(choose(auto, LOCAL, NOT_BUILT).text()).isEqualTo("cpu: " + NO_BUILD);
    assertThat(choose(auto, GPUS, NOT_BUILT).text()).isEqualTo("cpu: " + NO_BUILD);
    assertThat(choose(auto, CLUSTER, FOUND).text()).isEqualTo("cpu: " + NO_EXECUTOR_GPU);
    assertThat(
            choose(
                    auto,
                    Map.of(
                        "spark.master", "yarn",
                        "spark.executor.resource.gpu.amount", "1"),
                    FOUND)
                .text())
        .isEqualTo(
            "cpu: tasks have no GPU resource (spark.task.resource.gpu.amount; see"
                + " conf/spark/gpu.conf)");
    assertThat(choose(auto, GPUS, FOUND).text())
        .isEqualTo("gpu: 1 x each task, addresses from spark.task.resource.gpu.amount");
    assertThat(choose(auto, LOCAL, FOUND).text()).isEqualTo("gpu: the first of this machine");
    assertThat(choose(auto, LOCAL, NOT_FOUND).text())
        .isEqualTo(
            "cpu: ND4J found no GPU with a driver on this machine and took CpuBackend (nvidia-smi"
                + " must list one)");
  }

  @Test
  void gpuWithoutAGpuIsRefusedAndSaysWhatIsMissing() {
    assertThatThrownBy(() -> choose(Device.GPU, GPUS, NOT_BUILT))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("train.device must be auto or cpu without a GPU, got gpu: " + NO_BUILD);
    assertThatThrownBy(() -> choose(Device.GPU, CLUSTER, FOUND))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("train.device must be auto or cpu without a GPU, got gpu: " + NO_EXECUTOR_GPU);
    assertThat(choose(Device.GPU, GPUS, FOUND).kind()).isEqualTo(ComputeDevice.Kind.GPU);
  }

  @Test
  void cpuIsRefusedWhereThisProcessComputesOnAGpu() {
    assertThat(choose(Device.CPU, LOCAL, NOT_FOUND).text())
        .isEqualTo("cpu: asked for (train.device)");
    assertThatThrownBy(() -> choose(Device.CPU, LOCAL, FOUND))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "train.device must be gpu where the CUDA build of ND4J has found a GPU, but this"
                + " process computes with JCublasBackend for a training on cpu: build without"
                + " -Pcuda, or set BACKEND_PRIORITY_CPU=200 in its environment"
                + " (spark.executorEnv.BACKEND_PRIORITY_CPU)");
  }

  @Test
  void executorsOnAnotherDeviceAreFoundBeforeTheTraining() {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
    assertThatThrownBy(() -> DevicePin.of(ComputeDevice.Kind.GPU, NOT_FOUND).check(spark))
        .isInstanceOf(InvalidInput.class)
        .hasMessageMatching(
            "a training on gpu must compute on GPUs, but ND4J found none with a driver on executor"
                + " driver on \\S+ and took CpuBackend \\(nvidia-smi must list one there\\)");
    assertThatThrownBy(() -> DevicePin.of(ComputeDevice.Kind.CPU, FOUND).check(spark))
        .isInstanceOf(InvalidInput.class)
        .hasMessageStartingWith("train.device must be gpu where the CUDA build")
        .hasMessageContaining("but executor driver on ");
    DevicePin.of(ComputeDevice.Kind.GPU, FOUND).check(spark);
    DevicePin.of(ComputeDevice.Kind.CPU, NOT_FOUND).check(spark);
  }

  @Test
  void aTaskOfLocalModeIsBoundToTheFirstGpuOnce() {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
    DevicePin pin = DevicePin.of(ComputeDevice.Kind.GPU, FOUND);
    Found.BOUND.clear();
    List<Integer> devices =
        spark
            .parallelize(List.of(1), 1)
            .mapPartitions(part -> List.of(pin.bind(), pin.bind()).iterator())
            .collect();
    assertThat(devices).containsExactly(0, 0);
    assertThat(Found.BOUND).containsExactly(0);
    assertThat(spark.parallelize(List.of(1), 1).map(one -> DevicePin.host().bind()).collect())
        .containsExactly(DevicePin.HOST);
    assertThat(Found.BOUND).containsExactly(0);
  }

  /** As an executor may that takes the place of a lost one, after the others were asked. */
  @Test
  void aTaskWhoseProcessComputesOtherwiseThanTheDriverIsRefused() {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
    DevicePin pin = new DevicePin(ComputeDevice.Kind.CPU, NOT_BUILT, "OpenBLAS 0.1, 64 threads");
    String own = MatrixProducts.ofThisProcess().identity();
    assertThat(
            spark
                .parallelize(List.of(1), 1)
                .map(one -> catchThrowableOfType(InvalidInput.class, pin::bind).problems())
                .collect())
        .singleElement(list(String.class))
        .singleElement(STRING)
        .startsWith("executor driver on ")
        .endsWith(
            " must compute products of matrices as the driver does, by OpenBLAS 0.1, 64 threads, got "
                + own
                + ": parameters would depend on where they are trained (-Dsluice.products names the"
                + " library, OMP_NUM_THREADS the threads)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GPU-8f1c", "", "-1", "1.5", "12345"})
  void anAddressThatIsNoIndexIsRefused(String address) {
    assertThatThrownBy(() -> DevicePin.index(address))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "the discovery script of GPUs must report their indices, as nvidia-smi counts them,"
                + " got address '"
                + address
                + "'");
  }

  @Test
  void anAddressIsAnIndex() {
    assertThat(DevicePin.index("13")).isEqualTo(13);
  }
}
