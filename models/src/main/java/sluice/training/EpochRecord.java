package sluice.training;

import org.jspecify.annotations.Nullable;

/**
 * How one epoch went, or, where a round covers several, the last of them.
 *
 * @param epoch from 1
 * @param averagings since the start
 * @param trainLoss mean over the examples trained, penalties included, each at the parameters its
 *     minibatch found
 * @param validationLoss mean over the validation part, without penalties; null without one
 * @param validationAccuracy share of right classes; null without a validation part or for numbers
 * @param examples trained in the epoch, or in all the epochs of its round
 */
public record EpochRecord(
    int epoch,
    int averagings,
    double trainLoss,
    @Nullable Double validationLoss,
    @Nullable Double validationAccuracy,
    long examples) {}
