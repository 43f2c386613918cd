package sluice.jobs;

import java.util.List;

/**
 * What is asked of runs, models and tables that are there, or done with them, without a
 * configuration. Named in {@code Jobs}.
 */
public interface Command {

  /** One sentence for the help. */
  String purpose();

  /**
   * What is to be said, as in {@code RUN} and {@code STAGE}. The last may end in three dots, as in
   * {@code PATH...}: it is said once or more often.
   */
  List<String> parameters();

  /**
   * Does it, or answers.
   *
   * @param arguments one for each parameter, or more for a last one that is repeated
   * @throws sluice.data.InvalidInput if there is no such data
   */
  JobResult run(List<String> arguments);
}
