package sluice.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FSError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.config.ConfigHash;
import sluice.config.PipelineConfig;
import sluice.data.InvalidInput;
import sluice.run.Attempt;
import sluice.run.CodeVersion;
import sluice.run.Outcome;
import sluice.run.Published;
import sluice.run.Stage;
import sluice.run.StageKey;
import sluice.run.StorageFault;

/** Makes one stage, unless it is there already and would be made the same. */
final class StageJob implements Job {
  private static final Logger LOG = LoggerFactory.getLogger(StageJob.class);

  private final StageWork work;

  StageJob(StageWork work) {
    this.work = work;
  }

  @Override
  public String purpose() {
    return work.purpose();
  }

  @Override
  public List<String> plan(PipelineConfig config) {
    return work.plan(config).stream().map(line -> name() + ": " + line).toList();
  }

  @Override
  public Optional<Job> adviser() {
    return work.adviser();
  }

  /** What would decide the output, made of these inputs. */
  private StageKey key(JobContext context, Map<String, String> inputs) {
    return new StageKey(
        inputs,
        ConfigHash.of(PipelineConfig.FAMILIES, work.settings(context.config()).toArray()),
        context.config().pipeline().seed(),
        CodeVersion.current());
  }

  /** Whether an output was made by this configuration, seed and code, of whatever inputs. */
  boolean isMadeAs(StageKey there, JobContext context) {
    return key(context, there.inputs()).equals(there);
  }

  Stage stage() {
    return work.stage();
  }

  @Override
  public JobResult run(JobContext context) {
    StageKey key = key(context, work.inputs(context));
    if (context.rerun() == Rerun.SKIP_UNCHANGED) {
      Optional<Published> there = context.run().directory().unchanged(work.stage(), key);
      if (there.isPresent()) {
        return new JobResult(
            List.of("%s: unchanged, kept %s".formatted(name(), there.get().path())));
      }
    }
    LOG.info("{}: begins", name());
    try (Attempt attempt = context.run().begin(work.stage(), key)) {
      context.spark().sparkContext().setJobDescription(name());
      Made made = make(context, attempt);
      Published published = attempt.publish(made.outcomes().toArray(Outcome[]::new));
      LOG.info("{}: published {}", name(), published.path());
      List<String> lines = new ArrayList<>();
      made.lines().forEach(line -> lines.add("%s: %s".formatted(name(), line)));
      lines.add(
          String.format(
              Locale.ROOT,
              "%s: wrote %s in %.1f s",
              name(),
              published.path(),
              published.manifest().seconds()));
      return new JobResult(lines);
    }
  }

  /** Storage that is full or denied is the user's to mend, so it is told as such. */
  private Made make(JobContext context, Attempt attempt) {
    try {
      return work.make(context, attempt);
    } catch (Exception | FSError failure) {
      Optional<InvalidInput> fault = StorageFault.explain(failure, attempt.path());
      if (fault.isPresent()) {
        throw fault.get();
      }
      throw failure;
    }
  }

  private String name() {
    return work.stage().directory();
  }
}
