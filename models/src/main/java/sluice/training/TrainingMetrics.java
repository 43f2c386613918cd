package sluice.training;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.jspecify.annotations.Nullable;

/**
 * How the training of an application goes, as gauges of Spark's metrics on the driver, for whoever
 * watches the cluster: {@code epoch}, {@code round}, {@code loss}, {@code validationLoss} and
 * {@code examplesPerSecond} of the latest round. A Spark plugin: {@code spark.plugins} names it.
 * Before the first round counts are 0, and losses no numbers.
 */
public final class TrainingMetrics implements SparkPlugin {
  private static final State NONE = new State(0, 0, Double.NaN, Double.NaN, 0);

  private static volatile State latest = NONE;

  /** Where the training is. */
  private record State(
      int epoch, int round, double loss, double validationLoss, double examplesPerSecond) {}

  /** A round has been averaged. */
  static void round(
      int epoch,
      int round,
      double loss,
      @Nullable Double validationLoss,
      double examplesPerSecond) {
    latest =
        new State(
            epoch,
            round,
            loss,
            validationLoss == null ? Double.NaN : validationLoss,
            examplesPerSecond);
  }

  @Override
  public DriverPlugin driverPlugin() {
    return new Driver();
  }

  /** None: all of a training that is worth watching is known to its driver. */
  @Override
  public @Nullable ExecutorPlugin executorPlugin() {
    return null;
  }

  private static final class Driver implements DriverPlugin {
    @Override
    public Map<String, String> init(SparkContext spark, PluginContext context) {
      latest = NONE;
      return Map.of();
    }

    @Override
    public void registerMetrics(String application, PluginContext context) {
      MetricRegistry registry = context.metricRegistry();
      gauge(registry, "epoch", State::epoch);
      gauge(registry, "round", State::round);
      gauge(registry, "loss", State::loss);
      gauge(registry, "validationLoss", State::validationLoss);
      gauge(registry, "examplesPerSecond", State::examplesPerSecond);
    }

    private static void gauge(MetricRegistry registry, String name, ToDoubleFunction<State> value) {
      Gauge<Double> gauge = () -> value.applyAsDouble(latest);
      registry.register(name, gauge);
    }
  }
}
