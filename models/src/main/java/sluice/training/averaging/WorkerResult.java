package sluice.training.averaging;

import java.io.Serializable;
import sluice.training.examples.FloatVector;

/**
 * What a logical worker brings back.
 *
 * @param worker its index
 * @param examples how many examples it trained
 * @param lossSum the sum of their losses, without penalties, each at its minibatch's parameters
 * @param squaredDistance of its parameters from the round's start
 * @param compute seconds in steps
 * @param data seconds in making minibatches
 * @param parameters at the end; empty if it trained none
 * @param updaterState at the end; empty if it trained none, or where it is not kept
 */
record WorkerResult(
    int worker,
    long examples,
    double lossSum,
    double squaredDistance,
    double compute,
    double data,
    FloatVector parameters,
    FloatVector updaterState)
    implements Serializable {}
