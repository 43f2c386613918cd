package sluice.network;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import sluice.data.Json;

/**
 * A {@link LearningRateSchedule} as Deeplearning4j's updaters ask for one: by the iteration, which
 * the engine sets before each step. Part of a network's configuration while it trains.
 */
public final class ScheduledRate implements ISchedule {
  private static final long serialVersionUID = 1L;

  @JsonProperty private final double rate;
  @JsonProperty private final long steps;

  /** The schedule as JSON: Deeplearning4j's own Jackson does not know its types. */
  @JsonProperty private final String schedule;

  private transient @Nullable LearningRateSchedule read;

  /**
   * @param rate the updater's learning rate
   * @param steps the most that the training may take
   */
  ScheduledRate(double rate, long steps, LearningRateSchedule schedule) {
    this(rate, steps, Json.write(schedule));
  }

  @JsonCreator
  ScheduledRate(
      @JsonProperty("rate") double rate,
      @JsonProperty("steps") long steps,
      @JsonProperty("schedule") String schedule) {
    this.rate = rate;
    this.steps = steps;
    this.schedule = schedule;
  }

  @Override
  public double valueAt(int iteration, int epoch) {
    if (read == null) {
      read = Json.read(schedule, LearningRateSchedule.class, "the learning-rate schedule");
    }
    return rate * read.factor(iteration, steps);
  }

  @Override
  @SuppressWarnings("MethodDoesntCallSuperMethod") // it cannot be changed
  public ISchedule clone() {
    return this;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ScheduledRate that
        && rate == that.rate
        && steps == that.steps
        && schedule.equals(that.schedule);
  }

  @Override
  public int hashCode() {
    return Objects.hash(rate, steps, schedule);
  }
}
