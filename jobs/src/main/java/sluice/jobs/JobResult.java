package sluice.jobs;

import java.util.List;

/**
 * What a job ends with.
 *
 * @param lines for the screen: what was written, where, and the figures that matter
 */
public record JobResult(List<String> lines) {
  public JobResult {
    lines = List.copyOf(lines);
  }
}
