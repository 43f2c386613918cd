package sluice.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import sluice.config.PipelineConfig;

/** Several jobs in one application, so that Spark starts once. */
public final class JobSequence implements Job {
  private final String purpose;
  private final Function<PipelineConfig, List<Job>> jobs;

  /**
   * @param jobs which ones a configuration asks for, in order
   */
  public JobSequence(String purpose, Function<PipelineConfig, List<Job>> jobs) {
    this.purpose = purpose;
    this.jobs = jobs;
  }

  @Override
  public String purpose() {
    return purpose;
  }

  @Override
  public List<String> plan(PipelineConfig config) {
    return jobs.apply(config).stream().flatMap(job -> job.plan(config).stream()).toList();
  }

  @Override
  public void check(JobContext context) {
    jobs.apply(context.config()).forEach(job -> job.check(context));
  }

  @Override
  public JobResult run(JobContext context) {
    check(context);
    List<String> lines = new ArrayList<>();
    for (Job job : jobs.apply(context.config())) {
      lines.addAll(job.run(context).lines());
    }
    return new JobResult(lines);
  }
}
