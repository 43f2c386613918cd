package sluice.commands;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;
import sluice.bundle.ModelBundle;
import sluice.config.PipelineConfig;
import sluice.data.ForeignFile;
import sluice.jobs.Job;
import sluice.jobs.JobContext;
import sluice.jobs.JobResult;
import sluice.run.ModelRegistry;
import sluice.run.ModelRegistry.Promoted;
import sluice.run.ModelVersion;
import sluice.run.Published;
import sluice.run.Stage;
import sluice.stages.PublishedMetrics;

/**
 * Registers the current bundle, if it passes the gate, and puts it in use, unless one of a later
 * date is. The same bundle is registered once.
 */
public final class PromoteJob implements Job {

  @Override
  public String purpose() {
    return "Puts the bundle in use, as a version of the registry, if it passes the gate.";
  }

  @Override
  public List<String> plan(PipelineConfig config) {
    return List.of(
        "promote: register the bundle in %s"
            .formatted(
                new Path(
                    new Path(config.pipeline().runsDir(), ModelRegistry.DIRECTORY),
                    config.pipeline().name())));
  }

  @Override
  public JobResult run(JobContext context) {
    PublishedMetrics judgement = PublishedMetrics.of(context);
    List<String> lines = new ArrayList<>(GateJob.check(context, judgement));
    Published model = context.published(Stage.MODEL);
    ModelBundle bundle = context.bundle();
    ModelRegistry registry = ModelRegistry.of(context.run().directory(), context.hadoop());
    Promoted promoted =
        registry.promote(
            new ModelVersion.Candidate(
                bundle.id(),
                bundle.files(),
                context.run().directory(),
                model,
                judgement.published(),
                judgement.metrics().testValues(),
                bundle.provenance().data()),
            context.clock());
    requireWhole(registry, promoted.version());
    lines.add("promote: " + line(registry, promoted));
    return new JobResult(lines);
  }

  /** Reads what was written, as those who use it will. */
  private static void requireWhole(ModelRegistry registry, ModelVersion version) {
    for (String name : version.files().keySet()) {
      try {
        registry.read(version, name, ForeignFile.mostNumbers());
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read " + registry.path(version.version()), e);
      }
    }
  }

  private static String line(ModelRegistry registry, Promoted promoted) {
    int version = promoted.version().version();
    int inUse = promoted.inUse().version();
    return switch (promoted.promotion()) {
      case IN_USE ->
          "version %d of %s is in use: %s"
              .formatted(version, registry.name(), registry.path(version));
      case UNCHANGED -> "unchanged, version %d of %s is in use".formatted(version, registry.name());
      case LATER_IN_USE ->
          "registered as version %d of %s, but version %d stays in use: it is of a later date, %s"
              .formatted(version, registry.name(), inUse, promoted.inUse().date());
      case REPLACED_BEFORE ->
          "version %d of %s was in use before, and version %d has taken its place; it stays"
              .formatted(version, registry.name(), inUse);
    };
  }
}
