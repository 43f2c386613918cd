package sluice.jobs;

import java.util.List;
import java.util.Optional;
import sluice.config.PipelineConfig;

/** What a command of a pipeline does. Named in {@code Jobs}. */
public interface Job {

  /** One sentence for the help: what it does, to what. */
  String purpose();

  /** What {@link #run} would do, in order, one line each; reads no data and starts no Spark. */
  List<String> plan(PipelineConfig config);

  /**
   * Looks at what {@link #run} will need that no job makes.
   *
   * @throws sluice.data.InvalidInput (configuration) if that is missing or unfit
   */
  default void check(JobContext context) {}

  /**
   * Reads, transforms, checks and publishes.
   *
   * @throws sluice.data.InvalidInput if the configuration or the data break a rule
   * @throws GateNotPassed if the result is published but not good enough
   */
  JobResult run(JobContext context);

  /** What says beforehand how this job would go, for the option {@code --advise}. */
  default Optional<Job> adviser() {
    return Optional.empty();
  }
}
