package sluice.training.averaging;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.annotation.JsonTypeIdResolver;
import sluice.data.NamedTypes;
import sluice.data.Require;

/**
 * Which average over the steps of a training is validated and kept, beside the parameters that
 * training goes on from. It is over all parameters; a batch normalisation's running means and
 * variances are averaged like weights, so that a variance stays at least 0.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, property = "type")
@JsonTypeIdResolver(WeightAverage.Names.class)
public sealed interface WeightAverage {

  /** The averages by the name that the configuration gives them. */
  NamedTypes<WeightAverage> TYPES =
      NamedTypes.of(WeightAverage.class)
          .with("none", None.class)
          .with("exponential", Exponential.class);

  /** The names in JSON. */
  final class Names extends NamedTypes.Resolver {
    public Names() {
      super(TYPES);
    }
  }

  /** The average before the first round; empty if none is kept. */
  float[] initial(float[] parameters);

  /**
   * The average after a round; empty if none is kept.
   *
   * @param average before the round
   * @param parameters after the round
   * @param before steps of a worker before the round
   * @param after steps of a worker after it, more than before
   */
  float[] next(float[] average, float[] parameters, long before, long after);

  /** The parameters are validated and kept as they are. */
  record None() implements WeightAverage {
    @Override
    public float[] initial(float[] parameters) {
      return new float[0];
    }

    @Override
    public float[] next(float[] average, float[] parameters, long before, long after) {
      return average;
    }
  }

  /**
   * The exponential moving average, Polyak's with forgetting, corrected for its start as Adam's
   * moments are (Kingma and Ba 2015, section 3). The parameters after a round count for all of its
   * steps, as the workers are averaged only then.
   *
   * @param decay of a step: how much of the average it leaves, 0 to below 1
   */
  record Exponential(double decay) implements WeightAverage {
    public Exponential {
      new Require()
          .that(decay >= 0 && decay < 1, "decay must be at least 0 and below 1, got " + decay)
          .hold();
    }

    @Override
    public float[] initial(float[] parameters) {
      return parameters.clone();
    }

    @Override
    public float[] next(float[] average, float[] parameters, long before, long after) {
      double share =
          (1 - StrictMath.pow(decay, (double) (after - before)))
              / (1 - StrictMath.pow(decay, (double) after));
      float[] next = new float[average.length];
      for (int i = 0; i < next.length; i++) {
        next[i] = (float) (average[i] + share * ((double) parameters[i] - average[i]));
      }
      return next;
    }
  }
}
