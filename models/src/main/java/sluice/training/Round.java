package sluice.training;

import java.io.Serializable;

/**
 * What the workers do between two averagings: a pure function of this and of their blocks.
 *
 * @param parameters of the network at the start, the same for every worker
 * @param updaterState at the start, likewise
 * @param seed of the orders and of dropout
 * @param firstEpoch the epoch, from 0, that the round is in or begins with
 * @param epochs how many epochs it goes through; more than 1 only as whole epochs
 * @param firstMinibatch within each epoch, from 0
 * @param endMinibatch within each epoch, exclusive
 * @param batchSize examples of a minibatch
 * @param minibatchesEachEpoch of the worker that has most
 * @param classWeights per class index, or empty
 */
@SuppressWarnings("ArrayRecordComponent") // parameters are handed over in bulk and never compared
record Round(
    float[] parameters,
    float[] updaterState,
    long seed,
    int firstEpoch,
    int epochs,
    int firstMinibatch,
    int endMinibatch,
    int batchSize,
    int minibatchesEachEpoch,
    float[] classWeights)
    implements Serializable {}
