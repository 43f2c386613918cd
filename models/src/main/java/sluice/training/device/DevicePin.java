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

/**
 * Keeps tasks to the device that their training is on. A task on GPUs has its thread bound to the
 * one that Spark gave the task, before it makes an array: Spark only counts GPUs, and ND4J would
 * deal all of a machine out to the threads of each of its executors. {@code CUDA_VISIBLE_DEVICES}
 * would do too, but the same environment starts every executor of an application.
 *
 * @param kind what the training is on
 * @param accelerator binds
 */
public record DevicePin(ComputeDevice.Kind kind, Accelerator accelerator) implements Serializable {
  /** What stands for the memory of the host among the indices of GPUs. */
  static final int HOST = -1;

  /** The executor of local mode, as Spark names it. */
  private static final String DRIVER = "driver";

  private static final Logger LOG = LoggerFactory.getLogger(DevicePin.class);

  /** The GPU that a thread is bound to. */
  private static final ThreadLocal<@Nullable Integer> BOUND = new ThreadLocal<>();

  /** On a CPU, whatever the build. */
  public static DevicePin host() {
    return new DevicePin(ComputeDevice.Kind.CPU, new Cuda());
  }

  /**
   * Binds the thread of the running task, once; to be called before the task makes an array.
   *
   * @return the index of its GPU; {@link #HOST} on a CPU
   * @throws InvalidInput (configuration) if this process is on another kind of device, or the task
   *     has no GPU of this machine
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
   * Asks the executors whether they are on the training's kind of device, as far as the slots of
   * one Spark job reach them, so that it is told in one clear message before the training begins.
   * Without a CUDA build there is nothing to ask.
   *
   * @throws InvalidInput (configuration) with what does not fit, each once
   */
  public void check(JavaSparkContext spark) {
    if (!accelerator.built()) {
      return;
    }
    int slots = spark.defaultParallelism();
    DevicePin pin = this;
    spark.sc().setJobDescription("train: whether executors compute on " + kind.text());
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

  /** What is wrong with the kind of device that this process is on; null if nothing is. */
  private @Nullable String misfit() {
    if (!accelerator.built()) {
      return null;
    }
    boolean onGpu = accelerator.loaded();
    if (kind == ComputeDevice.Kind.CPU) {
      return onGpu ? ComputeDevice.onGpuAnyway(process(), accelerator.backend()) : null;
    }
    return onGpu
        ? null
        : "a training on gpu must compute on GPUs, but ND4J found none with a driver on %s and took %s (nvidia-smi must list one there)"
            .formatted(process(), accelerator.backend());
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
