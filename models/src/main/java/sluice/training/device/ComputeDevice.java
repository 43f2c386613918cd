package sluice.training.device;

import java.util.Locale;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import sluice.data.InvalidInput;

/**
 * What the steps of a training are computed on, and why.
 *
 * @param kind CPU or GPU
 * @param reason what was found, for people
 */
public record ComputeDevice(Kind kind, String reason) {

  /** Where arrays are: in the memory of the host, or of a GPU. */
  public enum Kind {
    CPU,
    GPU;

    /** Its name in a configuration and in messages. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Spark's name of the resource. */
  static final String RESOURCE = "gpu";

  private static final String EXECUTOR_AMOUNT = "spark.executor.resource.gpu.amount";
  private static final String TASK_AMOUNT = "spark.task.resource.gpu.amount";

  /**
   * What a training in a session is computed on: a GPU if the program is built with CUDA and each
   * task gets one from Spark, or, in local mode, if this process has found one. Executors are not
   * asked yet: the training itself sees that each keeps to it.
   *
   * @param asked as the configuration says
   * @throws InvalidInput (configuration) if a GPU is asked for and there is none, or a CPU where
   *     this process computes on a GPU; says what is missing and how to get it
   */
  public static ComputeDevice of(Device asked, SparkSession spark) {
    return choose(asked, spark.sparkContext().conf(), new Cuda());
  }

  public static ComputeDevice choose(Device asked, SparkConf settings, Accelerator accelerator) {
    boolean local = settings.get("spark.master", "local").startsWith("local");
    if (asked == Device.CPU) {
      if (accelerator.built() && local && accelerator.loaded()) {
        throw InvalidInput.configuration(onGpuAnyway("this process", accelerator.backend()));
      }
      return new ComputeDevice(Kind.CPU, "asked for (train.device)");
    }
    Optional<String> missing = missing(local, settings, accelerator);
    if (missing.isEmpty()) {
      return new ComputeDevice(
          Kind.GPU,
          local
              ? "the first of this machine"
              : "%s x each task, addresses from %s".formatted(amount(settings), TASK_AMOUNT));
    }
    if (asked == Device.GPU) {
      throw InvalidInput.configuration(
          "train.device must be auto or cpu without a GPU, got gpu: " + missing.get());
    }
    return new ComputeDevice(Kind.CPU, missing.get());
  }

  /** In one line, as in {@code cpu: executors have no GPU resource}. */
  public String text() {
    return kind.text() + ": " + reason;
  }

  /** Why a process that must compute on a CPU does not; ND4J looks for GPUs by itself. */
  static String onGpuAnyway(String process, String backend) {
    return "train.device must be gpu where the CUDA build of ND4J has found a GPU, but %s computes with %s for a training on cpu: build without -Pcuda, or set BACKEND_PRIORITY_CPU=200 in its environment (spark.executorEnv.BACKEND_PRIORITY_CPU)"
        .formatted(process, backend);
  }

  private static Optional<String> missing(
      boolean local, SparkConf settings, Accelerator accelerator) {
    if (!accelerator.built()) {
      return Optional.of("the jar holds no CUDA build of ND4J (build with -Pcuda)");
    }
    if (local) {
      return accelerator.loaded()
          ? Optional.empty()
          : Optional.of(
              "ND4J found no GPU with a driver on this machine and took %s (nvidia-smi must list one)"
                  .formatted(accelerator.backend()));
    }
    if (isNone(settings, EXECUTOR_AMOUNT)) {
      return Optional.of(
          "executors have no GPU resource (%s; see conf/spark/gpu.conf)"
              .formatted(EXECUTOR_AMOUNT));
    }
    return isNone(settings, TASK_AMOUNT)
        ? Optional.of(
            "tasks have no GPU resource (%s; see conf/spark/gpu.conf)".formatted(TASK_AMOUNT))
        : Optional.empty();
  }

  private static boolean isNone(SparkConf settings, String amount) {
    return settings.get(amount, "0").equals("0");
  }

  private static String amount(SparkConf settings) {
    return settings.get(TASK_AMOUNT);
  }
}
