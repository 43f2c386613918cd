package sluice.jobs;

import java.util.List;
import sluice.run.Outcome;

/**
 * What the work on a stage came to.
 *
 * @param outcomes one for each stage published together
 * @param notes for the screen, beside rows and seconds: what is noteworthy, few words each
 */
record Made(List<Outcome> outcomes, List<String> notes) {
  Made {
    outcomes = List.copyOf(outcomes);
    notes = List.copyOf(notes);
  }
}
