package sluice.jobs;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FSError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.config.ConfigHash;
import sluice.config.PipelineConfig;
import sluice.data.InvalidInput;
import sluice.data.StorageFault;
import sluice.run.Attempt;
import sluice.run.CodeVersion;
import sluice.run.Published;
import sluice.run.Stage;
import sluice.run.StageKey;
import sluice.run.StageOutput;

/** Makes one stage, unless it is there already and would be made the same. */
public final class StageJob implements Job {
  private static final Logger LOG = LoggerFactory.getLogger(StageJob.class);

  private final String name;
  private final StageWork work;

  public StageJob(StageWork work) {
    this.name = work.stage().command();
    this.work = work;
  }

  @Override
  public String purpose() {
    return work.purpose();
  }

  @Override
  public List<String> plan(PipelineConfig config) {
    return work.plan(config).stream().map(line -> name + ": " + line).toList();
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

  public Stage stage() {
    return work.stage();
  }

  /** The command that makes the stage. */
  String name() {
    return name;
  }

  @Override
  public void check(JobContext context) {
    work.check(context);
  }

  @Override
  public JobResult run(JobContext context) {
    context.progress().stage(name);
    StageKey key = key(context, work.inputs(context));
    if (context.rerun() == Rerun.SKIP_UNCHANGED) {
      Optional<Published> there = context.run().directory().unchanged(work.stage(), key);
      if (there.isPresent()) {
        LOG.info("{}: unchanged, kept {}", stage().directory(), there.get().path());
        show(context, StageLine.unchanged(name, rows(there.get()), notes(context, List.of())));
        return new JobResult(work.findings(context, there.get()));
      }
    }
    LOG.info("{}: begins", stage().directory());
    try (Attempt attempt = context.run().begin(work.stage(), key)) {
      context.spark().sparkContext().setJobDescription(name);
      StageResult made = make(context, attempt);
      Published published = attempt.publish(made.outcomes().toArray(StageOutput[]::new));
      double seconds = published.manifest().seconds();
      LOG.info("{}: published {}", stage().directory(), published.path());
      show(context, StageLine.made(name, rows(published), seconds, notes(context, made.notes())));
      return new JobResult(work.findings(context, published));
    }
  }

  /** What is noteworthy; first of all the date, if it is not that of the run. */
  private static List<String> notes(JobContext context, List<String> made) {
    Optional<LocalDate> other =
        context
            .run()
            .directory()
            .date()
            .filter(date -> !Optional.of(date).equals(context.config().pipeline().day()));
    if (other.isEmpty()) {
      return made;
    }
    List<String> notes = new ArrayList<>(made.isEmpty() ? List.of("") : made);
    notes.set(0, "of %s%s".formatted(other.get(), made.isEmpty() ? "" : ": " + notes.get(0)));
    return notes;
  }

  /** Those of all parts together, whatever they are called, where there is no count of all. */
  private static long rows(Published published) {
    Map<String, Long> rows = published.manifest().rows();
    return rows.getOrDefault("rows", rows.values().stream().mapToLong(Long::longValue).sum());
  }

  private static void show(JobContext context, StageLine line) {
    line.lines().forEach(context.progress()::print);
  }

  /** Storage that is full or denied is the user's to mend, so it is told as such. */
  private StageResult make(JobContext context, Attempt attempt) {
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
}
