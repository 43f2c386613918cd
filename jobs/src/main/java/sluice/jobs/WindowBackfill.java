package sluice.jobs;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sluice.config.PipelineConfig;
import sluice.run.HeldRun;
import sluice.run.Published;
import sluice.run.RunDirectory;
import sluice.run.RunSettings;
import sluice.run.Stage;

/**
 * Makes a stage for the run's own date and, before that, for those dates of its window that lack
 * it, or have it by another configuration or code. So dates can be run in any order, and each finds
 * the same rows. What an earlier date was made of may have changed since: that is for a run of that
 * date to take in, not for this one.
 */
public final class WindowBackfill implements Job {
  private final StageJob job;

  public WindowBackfill(StageJob job) {
    this.job = job;
  }

  @Override
  public String purpose() {
    return job.purpose();
  }

  @Override
  public List<String> plan(PipelineConfig config) {
    List<LocalDate> days = config.pipeline().days();
    List<String> plan = new ArrayList<>(job.plan(config));
    if (days.size() > 1) {
      plan.add(
          "%s: the same for what is missing of %s to %s"
              .formatted(job.name(), days.get(0), days.get(days.size() - 2)));
    }
    return plan;
  }

  @Override
  public JobResult run(JobContext context) {
    List<String> lines = new ArrayList<>();
    for (LocalDate date : context.earlierDates()) {
      RunDirectory other = context.run().directory().createAt(date);
      try (HeldRun held = other.hold(RunSettings.DEFAULT, context.clock())) {
        JobContext then = context.at(held);
        if (!isKept(then)) {
          lines.addAll(job.run(then).lines());
        }
      }
    }
    lines.addAll(job.run(context).lines());
    return new JobResult(lines);
  }

  /** Whether rows that were read are there, by the same configuration and code. */
  private boolean isKept(JobContext context) {
    Optional<Published> there = context.run().directory().current(job.stage());
    if (job.stage() != Stage.RAW || there.isEmpty()) {
      return false;
    }
    return job.isMadeAs(there.get().manifest().key(), context);
  }
}
