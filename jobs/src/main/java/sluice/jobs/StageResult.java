package sluice.jobs;

import java.util.List;
import sluice.run.StageOutput;

/**
 * What the work on a stage came to.
 *
 * @param outcomes one for each stage published together
 * @param notes for the screen, beside rows and seconds: what is noteworthy, few words each
 */
public record StageResult(List<StageOutput> outcomes, List<String> notes) {
  public StageResult {
    outcomes = List.copyOf(outcomes);
    notes = List.copyOf(notes);
  }
}
