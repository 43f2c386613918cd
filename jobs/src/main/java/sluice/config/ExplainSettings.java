package sluice.config;

import java.util.List;
import sluice.data.Require;
import sluice.evaluation.baselines.Baselines;
import sluice.explanation.LeaveOneOutSettings;

/**
 * The section {@code explain}: how the importance of a raw column, and that of a token, is
 * measured.
 *
 * @param repeats how often each column is permuted
 * @param maxRows how many rows of the test part are used at most
 * @param confidence the share of repetitions that an interval spans
 * @param baselines types in {@link Baselines} that are explained beside the network
 * @param leaveOneOut how tokens are left out of texts
 */
public record ExplainSettings(
    int repeats,
    int maxRows,
    double confidence,
    List<String> baselines,
    LeaveOneOutSettings leaveOneOut) {
  public ExplainSettings {
    baselines = List.copyOf(baselines);
    new Require()
        .atLeast("repeats", repeats, 2)
        .atLeast("max-rows", maxRows, 1)
        .that(
            confidence > 0 && confidence < 1,
            "confidence must be above 0 and below 1, got " + confidence)
        .that(
            Baselines.types().containsAll(baselines),
            "baselines must be of %s, got %s".formatted(Baselines.types(), baselines))
        .that(
            baselines.stream().distinct().count() == baselines.size(),
            "baselines must name each once, got " + baselines)
        .hold();
  }
}
