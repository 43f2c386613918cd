package sluice.jobs;

import java.util.List;
import sluice.run.Outcome;

/**
 * What the work on a stage came to.
 *
 * @param outcomes one for each stage published together
 * @param lines for the screen: the figures that matter
 */
record Made(List<Outcome> outcomes, List<String> lines) {
  Made {
    outcomes = List.copyOf(outcomes);
    lines = List.copyOf(lines);
  }
}
