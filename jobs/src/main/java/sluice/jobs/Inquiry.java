package sluice.jobs;

import java.util.List;

/**
 * A question about data that is there; needs no configuration and writes nothing. Named in {@link
 * Jobs}.
 */
public interface Inquiry {

  /** One sentence for the help. */
  String purpose();

  /** What is to be said, as in {@code RUN} and {@code STAGE}. */
  List<String> parameters();

  /**
   * The answer.
   *
   * @param arguments one for each parameter
   * @throws sluice.data.InvalidInput if there is no such data
   */
  JobResult answer(List<String> arguments);
}
