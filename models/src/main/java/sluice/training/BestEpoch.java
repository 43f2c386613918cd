package sluice.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.training.TrainSettings.EarlyStopping;
import sluice.training.checkpoint.EpochRecord;

/**
 * The records of a training's epochs, and the parameters of the best of them: by what early
 * stopping watches, and the latest where there is no validation part.
 */
final class BestEpoch {
  private final EarlyStopping stopping;
  private final int patience;
  private final List<EpochRecord> history = new ArrayList<>();
  private float[] parameters = {};
  private int record;

  /**
   * @param patience epochs without improvement after which training stops; 0 for never
   */
  BestEpoch(EarlyStopping stopping, int patience) {
    this.stopping = stopping;
    this.patience = patience;
  }

  /**
   * Takes over what there was before a break.
   *
   * @param best the place of the best record
   * @param bestParameters its parameters
   */
  void resume(List<EpochRecord> records, int best, float[] bestParameters) {
    history.addAll(records);
    record = best;
    parameters = history.isEmpty() ? new float[0] : bestParameters;
  }

  /**
   * Adds the record of the latest epoch.
   *
   * @param latest its parameters, which nobody overwrites
   * @return whether training stops
   */
  boolean add(EpochRecord epoch, float[] latest) {
    boolean better = history.isEmpty() || isBetter(epoch, history.get(record));
    boolean stops =
        !better && patience > 0 && epoch.epoch() - history.get(record).epoch() >= patience;
    if (better) {
      parameters = latest;
      record = history.size();
    }
    history.add(epoch);
    return stops;
  }

  private boolean isBetter(EpochRecord candidate, EpochRecord best) {
    @Nullable Double now = watched(candidate);
    @Nullable Double before = watched(best);
    if (now == null || before == null) {
      return true;
    }
    return stopping.gain(now, before) > stopping.minImprovement();
  }

  private @Nullable Double watched(EpochRecord epoch) {
    Optional<EarlyStopping.Watched> metric = stopping.watched();
    return metric.isPresent()
        ? epoch.validationMetrics().get(metric.get().name())
        : epoch.validationLoss();
  }

  /** In the order of the epochs; empty before the first. */
  List<EpochRecord> history() {
    return List.copyOf(history);
  }

  /** Of the best epoch; empty before the first record. */
  float[] parameters() {
    return parameters;
  }

  /** The place of the best in the history; 0 before the first. */
  int record() {
    return record;
  }

  /** The number of the best epoch, from 1. */
  int epoch() {
    return history.get(record).epoch();
  }
}
