package sluice.training.device;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceInformation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.data.InvalidInput;
import sluice.network.Natives;
import sluice.network.compiled.MatrixProducts;
import sluice.network.compiled.Products;

/**
 * Keeps tasks to the device that their training is on, and to what the driver computes with there.
 * A task on GPUs has its thread bound to the one that Spark gave the task, before it makes an
 * array: Spark only counts GPUs, and ND4J would deal all of a machine out to the threads of each of
 * its executors. {@code CUDA_VISIBLE_DEVICES} would do too, but the same environment starts every
 * executor of an application. A task on a CPU is in a process that computes products of matrices by
 * the same library, the same kernels and as many threads as the driver: only then is a training the
 * same to the bit wherever its parts run.
 *
 * @param kind what the training is on
 * @param accelerator binds
 * @param products the {@link Products#identity} of the driver; null if it computes on GPUs
 */
public record DevicePin(ComputeDevice.Kind kind, Accelerator accelerator, @Nullable String products)
    implements Serializable {
  /** What stands for the memory of the host among the indices of GPUs. */
  static final int HOST = -1;

  /** The executor of local mode, as Spark names it. */
  private static final String DRIVER = "driver";

  private static final Logger LOG = LoggerFactory.getLogger(DevicePin.class);

  /** The GPU that a thread is bound to. */
  private static final ThreadLocal<@Nullable Integer> BOUND = new ThreadLocal<>();

  /** On a kind of device, as this process, the driver, computes there. */
  public static DevicePin of(ComputeDevice.Kind kind, Accelerator accelerator) {
    return new DevicePin(
        kind,
        accelerator,
        kind == ComputeDevice.Kind.CPU && Natives.load().cpu()
            ? MatrixProducts.ofThisProcess().identity()
            : null);
  }

  /** On a CPU, whatever the build. */
  public static DevicePin host() {
    return of(ComputeDevice.Kind.CPU, new Cuda());
  }

  /**
   * Binds the thread of the running task, once; to be called before the task makes an array.
   *
   * @return the index of its GPU; {@link #HOST} on a CPU
   * @throws InvalidInput (configuration) if this process is on another kind of device or computes
   *     otherwise than the driver, as an executor may that came late, or the task has no GPU of
   *     this machine
   */
  public int bind() {
    @Nullable String misfit = misfit();
    if (misfit != null) {
      throw InvalidInput.configuration(misfit);
    }
    if (kind == ComputeDevice.Kind.CPU) {
      return HOST;
    }
    int index = assigned();
    @Nullable Integer bound = BOUND.get();
    if (bound == null || bound != index) {
      accelerator.bind(index);
      BOUND.set(index);
      LOG.info(
          "device pinned: gpu {} ({}, {})", index, process(), Thread.currentThread().getName());
    }
    return index;
  }

  /**
   * Asks the executors whether they are on the training's kind of device and, on CPUs, whether they
   * compute products of matrices as the driver does, as far as the slots of one Spark job reach
   * them, so that it is told in one clear message before the training begins. Those that come later
   * are asked by {@link #bind}. In local mode the driver's process is the only one.
   *
   * @throws InvalidInput (configuration) with what does not fit, each once
   */
  public void check(JavaSparkContext spark) {
    if (!accelerator.built() && (products == null || spark.sc().isLocal())) {
      return;
    }
    int slots = spark.defaultParallelism();
    DevicePin pin = this;
    spark
        .sc()
        .setJobDescription(
            "train: whether executors compute on %s as the driver does".formatted(kind.text()));
    List<String> misfits =
        spark
            .parallelize(IntStream.range(0, slots).boxed().toList(), slots)
            .mapPartitions(part -> Optional.ofNullable(pin.misfit()).stream().iterator())
            .distinct()
            .collect();
    if (!misfits.isEmpty()) {
      throw InvalidInput.configuration(misfits.stream().sorted().toList());
    }
  }

  /** Why a task of the training must not run in this process; null if it may. */
  private @Nullable String misfit() {
    @Nullable String misfit = accelerator.built() ? deviceMisfit() : null;
    return misfit == null ? productsMisfit() : misfit;
  }

  /** What is wrong with the kind of device that this process is on; null if nothing is. */
  private @Nullable String deviceMisfit() {
    boolean onGpu = accelerator.loaded();
    if (kind == ComputeDevice.Kind.CPU) {
      return onGpu ? ComputeDevice.onGpuAnyway(process(), accelerator.backend()) : null;
    }
    return onGpu
        ? null
        : "a training on gpu must compute on GPUs, but ND4J found none with a driver on %s and took %s (nvidia-smi must list one there)"
            .formatted(process(), accelerator.backend());
  }

  /** In what this process computes products otherwise than the driver; null if in nothing. */
  private @Nullable String productsMisfit() {
    if (products == null) {
      return null;
    }
    String own = MatrixProducts.ofThisProcess().identity();
    return own.equals(products)
        ? null
        : "%s must compute products of matrices as the driver does, by %s, got %s: parameters would depend on where they are trained (-D%s names the library, OMP_NUM_THREADS the threads)"
            .formatted(process(), products, own, MatrixProducts.LIBRARY);
  }

  /** The index of the task's GPU; in local mode, where Spark hands out none, the first. */
  private static int assigned() {
    if (SparkEnv.get().executorId().equals(DRIVER)) {
      return 0;
    }
    Map<String, ResourceInformation> resources = TaskContext.get().resourcesJMap();
    @Nullable ResourceInformation gpus = resources.get(ComputeDevice.RESOURCE);
    if (gpus == null) {
      throw InvalidInput.configuration(
          "a task of a training on gpu must have a GPU, got resources %s: set spark.task.resource.gpu.amount"
              .formatted(resources.keySet()));
    }
    return index(gpus.addresses()[0]);
  }

  /**
   * The index that an address of Spark stands for.
   *
   * @throws InvalidInput (configuration) if it is none, as the UUID of a GPU
   */
  static int index(String address) {
    if (!address.matches("[0-9]{1,4}")) {
      throw InvalidInput.configuration(
          "the discovery script of GPUs must report their indices, as nvidia-smi counts them, got address '%s'"
              .formatted(address));
    }
    return Integer.parseInt(address);
  }

  private static String process() {
    return "executor "
        + SparkEnv.get().executorId()
        + " on "
        + SparkEnv.get().blockManager().blockManagerId().host();
  }
}
