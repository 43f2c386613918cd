package sluice.training;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.network.spec.NetworkDefinition;
import sluice.training.averaging.TimeBreakdown;
import sluice.training.checkpoint.EpochRecord;

/**
 * A network and how it came about.
 *
 * @param definition all but its parameters
 * @param parameters those of the best epoch, or of the last without a validation part
 * @param bestEpoch the epoch they are from, from 1
 * @param history one record an epoch, or a round where rounds cover several
 * @param seconds that each record of the history took, validation included
 * @param time where the time of the rounds went, those before a break left out
 * @param trained examples in that time; 0 if the checkpoint that it went on from was its last
 * @param advice what was predicted of them; null for short trainings, and for those that went on
 *     from a checkpoint
 * @param plan the settings that may be left to the data, with their values
 * @param convergence whether training could have gone on; null if it stopped early
 * @param examplesEachEpoch how many examples an epoch trained: train rows and added ones
 */
@SuppressWarnings("ArrayRecordComponent") // parameters are handed over in bulk and never compared
public record TrainedNetwork(
    NetworkDefinition definition,
    float[] parameters,
    int bestEpoch,
    List<EpochRecord> history,
    List<Double> seconds,
    TimeBreakdown time,
    long trained,
    @Nullable Advice advice,
    TrainingPlan plan,
    @Nullable Convergence convergence,
    long examplesEachEpoch) {}
