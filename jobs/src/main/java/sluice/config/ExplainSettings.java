package sluice.config;

import sluice.data.Require;

/**
 * The section {@code explain}: how the importance of a raw column is measured.
 *
 * @param repeats how often each column is permuted
 * @param maxRows how many rows of the test part are used at most
 * @param confidence the share of repetitions that an interval spans
 */
public record ExplainSettings(int repeats, int maxRows, double confidence) {
  public ExplainSettings {
    new Require()
        .atLeast("repeats", repeats, 2)
        .atLeast("max-rows", maxRows, 1)
        .that(
            confidence > 0 && confidence < 1,
            "confidence must be above 0 and below 1, got " + confidence)
        .hold();
  }
}
