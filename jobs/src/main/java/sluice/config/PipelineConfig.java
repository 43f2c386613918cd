package sluice.config;

import java.util.Map;
import java.util.TreeMap;
import sluice.data.Require;
import sluice.data.SessionSettings;

/**
 * A whole configuration, one component a section; what each key means stands in {@code
 * reference.conf}.
 *
 * @param spark settings of Spark by their full names, used where spark-submit does not set them
 */
public record PipelineConfig(
    PipelineSettings pipeline,
    PredictSettings predict,
    ExplainSettings explain,
    Map<String, String> spark) {

  /** The families of typed entries in a configuration. */
  public static final Families FAMILIES = Families.none();

  public PipelineConfig {
    spark = java.util.Collections.unmodifiableMap(new TreeMap<>(spark));
    Require require = new Require();
    for (String key : spark.keySet()) {
      require.that(key.startsWith("spark."), "spark.%s must begin with spark.".formatted(key));
      String fixed = SessionSettings.fixed().get(key);
      require.that(
          fixed == null, "spark.%s must not be set, it is always %s".formatted(key, fixed));
    }
    require.hold();
  }
}
