package sluice.jobs;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import sluice.config.PipelineConfig;
import sluice.run.Attempt;
import sluice.run.Published;
import sluice.run.Stage;

/** What is done to make one stage; {@link StageJob} does the rest: skip, attempt, publish. */
public interface StageWork {

  /** The stage, a leader as in {@link Stage#leader}. */
  Stage stage();

  /** One sentence for the help. */
  String purpose();

  /** What would be done, one line each. */
  List<String> plan(PipelineConfig config);

  /** The sections of the configuration that decide the output. */
  List<Object> settings(PipelineConfig config);

  /**
   * Looks at what the work will need besides other stages, before the first of several is made.
   *
   * @throws sluice.data.InvalidInput (configuration) if that is missing or unfit
   */
  default void check(JobContext context) {}

  /** The fingerprints of what the stage is made from, by name. */
  Map<String, String> inputs(JobContext context);

  /** What says beforehand how the work would go. */
  default Optional<Job> adviser() {
    return Optional.empty();
  }

  /** Writes the stage, and those published with it, into the attempt. */
  StageResult make(JobContext context, Attempt attempt);

  /** What a user finds in a published output, for the end of the screen, whenever it was made. */
  default List<String> findings(JobContext context, Published published) {
    return List.of();
  }
}
