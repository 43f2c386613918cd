package sluice.explanation;

import sluice.data.Require;

/**
 * How tokens are left out of texts.
 *
 * @param rows how many rows of the test part are used at most; with 0 nothing is left out
 * @param leastRows in how many of them a token must stand to be left out
 * @param most how many tokens are listed, the strongest for each class
 */
public record LeaveOneOutSettings(int rows, int leastRows, int most) {
  public LeaveOneOutSettings {
    new Require()
        .atLeast("rows", rows, 0)
        .atLeast("least-rows", leastRows, 1)
        .within("most", most, 1, 1000)
        .hold();
  }
}
