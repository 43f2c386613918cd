package sluice.training.checkpoint;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How one epoch went, or, where a round covers several, the last of them.
 *
 * @param epoch from 1
 * @param averagings since the start
 * @param trainLoss mean over the examples trained, without penalties, each at the parameters its
 *     minibatch found
 * @param validationLoss mean over the validation part, without penalties; null without one
 * @param validationMetrics on the validation part, by their names in metrics.json: the accuracy of
 *     classes where a row has the label, and what early stopping watches unless it is the loss;
 *     empty without one
 * @param examples trained in the epoch, or in all the epochs of its round
 */
public record EpochRecord(
    int epoch,
    int averagings,
    double trainLoss,
    @Nullable Double validationLoss,
    SortedMap<String, Double> validationMetrics,
    long examples) {
  public EpochRecord {
    validationMetrics = Collections.unmodifiableSortedMap(new TreeMap<>(validationMetrics));
  }
}
