package sluice.training.device;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;
import sluice.data.InvalidInput;
import sluice.network.Natives;
import sluice.network.compiled.MatrixProducts;

/**
 * Whether executors compute products of matrices as the driver does: by the same library, the same
 * kernels and as many threads. Only then is a training the same to the bit wherever its parts run.
 */
public final class ProductsCheck {
  private ProductsCheck() {}

  /**
   * Asks the executors, as far as the slots of one Spark job reach them. In local mode, and where
   * the driver computes on GPUs, there is nothing to ask.
   *
   * @throws InvalidInput (configuration) with every executor that differs
   */
  public static void check(JavaSparkContext spark) {
    if (spark.sc().isLocal() || !Natives.load().cpu()) {
      return;
    }
    int slots = spark.defaultParallelism();
    String driver = MatrixProducts.ofThisProcess().identity();
    spark.sc().setJobDescription("train: whether executors compute as the driver does");
    List<String> misfits =
        spark
            .parallelize(IntStream.range(0, slots).boxed().toList(), slots)
            .mapPartitions(part -> Stream.ofNullable(misfit(driver)).iterator())
            .distinct()
            .collect();
    if (!misfits.isEmpty()) {
      throw InvalidInput.configuration(misfits.stream().sorted().toList());
    }
  }

  private static @Nullable String misfit(String driver) {
    String own = MatrixProducts.ofThisProcess().identity();
    SparkEnv here = SparkEnv.get();
    return own.equals(driver)
        ? null
        : "executor %s on %s must compute products of matrices as the driver does, by %s, got %s: parameters would depend on where they are trained (-D%s names the library, OMP_NUM_THREADS the threads)"
            .formatted(
                here.executorId(),
                here.blockManager().blockManagerId().host(),
                driver,
                own,
                MatrixProducts.LIBRARY);
  }
}
