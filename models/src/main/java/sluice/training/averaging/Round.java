package sluice.training.averaging;

import java.io.Serializable;
import sluice.training.examples.FloatVector;
import sluice.training.examples.MinibatchRange;

/**
 * What the workers do between two averagings: a pure function of this, of what they hold, and of
 * their updater's state where each keeps its own.
 *
 * @param parameters of the network at the start, the same for every worker
 * @param updaterState at the start, likewise; empty where each worker keeps its own
 * @param seed of dropout
 * @param range what is trained
 */
record Round(FloatVector parameters, FloatVector updaterState, long seed, MinibatchRange range)
    implements Serializable {}
