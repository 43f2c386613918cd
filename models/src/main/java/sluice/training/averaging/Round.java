package sluice.training.averaging;

import java.io.Serializable;
import sluice.network.RowTables;
import sluice.training.examples.MinibatchRange;

/**
 * What the workers do between two averagings: a pure function of this, of what they hold, and of
 * their updater's state where each keeps its own.
 *
 * @param training identifies the rounds that this is one of
 * @param number of the round among them, from 0
 * @param tables whose rows are exchanged
 * @param start the network at the start, the same for every worker; of large tables the rows that
 *     the round before has changed
 * @param seed of dropout
 * @param updaterStart the step at which the updaters' states began as zeros
 * @param range what is trained
 */
record Round(
    String training,
    int number,
    RowTables tables,
    Exchange start,
    long seed,
    int updaterStart,
    MinibatchRange range)
    implements Serializable {}
