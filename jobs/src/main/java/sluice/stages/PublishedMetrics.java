package sluice.stages;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import sluice.data.InvalidInput;
import sluice.evaluation.Gate;
import sluice.evaluation.MetricsFile;
import sluice.jobs.JobContext;
import sluice.run.ModelVersion;
import sluice.run.Published;
import sluice.run.Stage;

/**
 * The metrics of the run's current bundle.
 *
 * @param published the stage
 * @param metrics what metrics.json holds
 * @param inUse what was compared with; null if nothing was in use
 */
public record PublishedMetrics(
    Published published, MetricsFile metrics, Champion.@Nullable Fact inUse) {

  /**
   * Reads it.
   *
   * @throws InvalidInput (configuration) if the current bundle was not evaluated, or not beside
   *     what is in use now
   */
  public static PublishedMetrics of(JobContext context) {
    Published model = context.published(Stage.MODEL);
    Published metrics = context.published(Stage.METRICS);
    String judged = metrics.manifest().key().inputs().getOrDefault(Stage.MODEL.directory(), "");
    if (!judged.equals(
        context.fingerprints(Stage.MODEL).getOrDefault(Stage.MODEL.directory(), ""))) {
      throw InvalidInput.configuration(
          "%s: the metrics are of another bundle than the current one, run the job evaluate first"
              .formatted(metrics.path()));
    }
    Path file = new Path(metrics.path(), EvaluateStage.METRICS_FILE);
    MetricsFile content =
        MetricsFile.read(
            new String(context.readFile(file), StandardCharsets.UTF_8), file.toString());
    Champion.@Nullable Fact compared =
        context.fact(Stage.METRICS, Champion.NAME, Champion.Fact.class).orElse(null);
    Optional<ModelVersion> now = Champion.version(context, bundle(model));
    if (!now.map(ModelVersion::bundle)
        .equals(Optional.ofNullable(compared).map(Champion.Fact::bundle))) {
      throw InvalidInput.configuration(
          "%s: the bundle in use is another one since the metrics were made, run the job evaluate first"
              .formatted(metrics.path()));
    }
    return new PublishedMetrics(metrics, content, compared);
  }

  /** The id of a published bundle. */
  static String bundle(Published model) {
    String id = model.manifest().content();
    if (id == null) {
      throw InvalidInput.data(model.path() + ": the manifest must hold the bundle's id");
    }
    return id;
  }

  /** What the configuration asks of it. */
  public Gate gate(JobContext context) {
    return Gate.of(
        context.config().evaluate().gate(), metrics, inUse == null ? null : inUse.notCompared());
  }
}
