package sluice.training.averaging;

import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import sluice.training.checkpoint.EpochRecord;

/**
 * Where a training is after a round.
 *
 * @param epoch that the round was in, or the last that it covered, from 1
 * @param epochs the most there will be
 * @param averagings since the start
 * @param done examples trained in this epoch so far
 * @param total examples of an epoch
 * @param loss mean over the examples of the round, without penalties
 * @param validationLoss of the last epoch that was validated; null before
 * @param validationMetrics likewise, as {@link EpochRecord} has them; empty before
 * @param spent where the time of all rounds so far went
 */
public record RoundProgress(
    int epoch,
    int epochs,
    int averagings,
    long done,
    long total,
    double loss,
    @Nullable Double validationLoss,
    SortedMap<String, Double> validationMetrics,
    TimeBreakdown spent) {}
