package sluice.training;

import java.io.Serializable;

/**
 * What a logical worker brings back.
 *
 * @param worker its index
 * @param examples how many examples it trained
 * @param lossSum the sum of their losses, penalties included, each at its minibatch's parameters
 * @param parameters at the end
 * @param updaterState at the end
 */
@SuppressWarnings("ArrayRecordComponent") // parameters are handed over in bulk and never compared
record WorkerResult(
    int worker, long examples, double lossSum, float[] parameters, float[] updaterState)
    implements Serializable {}
