package sluice.jobs;

import java.util.ArrayList;
import java.util.List;
import sluice.config.PipelineConfig;

/** All stages in one application, so that Spark starts once. */
final class RunAll implements Job {
  private final List<Job> jobs;
  private final Job promote;
  private final Job predict;

  /**
   * @param jobs in order
   * @param promote is run after them, where the configuration has a gate
   * @param predict is run last, where the configuration says what to score
   */
  RunAll(List<Job> jobs, Job promote, Job predict) {
    this.jobs = List.copyOf(jobs);
    this.promote = promote;
    this.predict = predict;
  }

  @Override
  public String purpose() {
    return "Runs every stage from ingest to evaluate, promote where there is a gate, and predict where"
        + " it has a source.";
  }

  @Override
  public List<String> plan(PipelineConfig config) {
    return jobs(config).stream().flatMap(job -> job.plan(config).stream()).toList();
  }

  @Override
  public JobResult run(JobContext context) {
    List<String> lines = new ArrayList<>();
    for (Job job : jobs(context.config())) {
      lines.addAll(job.run(context).lines());
    }
    return new JobResult(lines);
  }

  private List<Job> jobs(PipelineConfig config) {
    List<Job> all = new ArrayList<>(jobs);
    if (config.evaluate().gate().isSet()) {
      all.add(promote);
    }
    if (config.predict().source() != null) {
      all.add(predict);
    }
    return all;
  }
}
