package sluice.training.averaging;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.annotation.JsonTypeIdResolver;
import java.util.List;
import sluice.data.NamedTypes;
import sluice.data.Require;
import sluice.network.Network;

/**
 * Where the parameters go after a round: from where it started, and the mean of where the workers
 * ended. Parameters that no gradient moves, as a batch normalisation's running means and variances,
 * are averaged by all of them: to be carried on beyond what was seen would make a variance
 * negative.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, property = "type")
@JsonTypeIdResolver(OuterOptimiser.Names.class)
public sealed interface OuterOptimiser {

  /** The outer optimisers by the name that the configuration gives them. */
  NamedTypes<OuterOptimiser> TYPES =
      NamedTypes.of(OuterOptimiser.class)
          .with("average", Average.class)
          .with("slow-momentum", SlowMomentum.class)
          .with("nesterov", Nesterov.class);

  /** The names in JSON. */
  final class Names extends NamedTypes.Resolver {
    public Names() {
      super(TYPES);
    }
  }

  /** Whether a parameter that no worker has moved stays where it is. */
  boolean keepsUnmoved();

  /** What it remembers at the start of a training of so many parameters. */
  float[] initialVelocity(int parameters);

  /**
   * The parameters to go on from.
   *
   * @param start where the round started
   * @param mean where the workers ended, averaged
   * @param velocity what it remembers; overwritten
   * @param spans the parameters by learning rate, the mean over the round's steps
   */
  float[] next(float[] start, float[] mean, float[] velocity, List<Network.Span> spans);

  /** The mean itself. */
  record Average() implements OuterOptimiser {
    @Override
    public boolean keepsUnmoved() {
      return true;
    }

    @Override
    public float[] initialVelocity(int parameters) {
      return new float[0];
    }

    @Override
    public float[] next(float[] start, float[] mean, float[] velocity, List<Network.Span> spans) {
      return mean;
    }
  }

  /**
   * Slow momentum: Wang, Tantia, Ballas and Rabbat 2020, SlowMo, algorithm 1. The change of a
   * round, divided by the learning rate that made it, is a gradient to a step with momentum.
   *
   * @param learningRate of that step, alpha in the paper, above 0
   * @param momentum beta in the paper, 0 to below 1; 0 with a rate of 1 is the plain average
   */
  record SlowMomentum(double learningRate, double momentum) implements OuterOptimiser {
    public SlowMomentum {
      check(learningRate, momentum);
    }

    @Override
    public boolean keepsUnmoved() {
      return false;
    }

    @Override
    public float[] initialVelocity(int parameters) {
      return new float[parameters];
    }

    @Override
    public float[] next(float[] start, float[] mean, float[] velocity, List<Network.Span> spans) {
      float[] next = mean.clone();
      for (Network.Span span : spans) {
        if (span.rate() == 0) {
          continue;
        }
        for (int i = span.from(); i < span.to(); i++) {
          double gradient = ((double) start[i] - mean[i]) / span.rate();
          double slow = momentum * velocity[i] + gradient;
          velocity[i] = (float) slow;
          next[i] = (float) (start[i] - learningRate * span.rate() * slow);
        }
      }
      return next;
    }
  }

  /**
   * Nesterov's momentum on the averaged change: Douillard et al. 2023, DiLoCo, algorithm 1, whose
   * values are the defaults, in the form that PyTorch computes it in.
   *
   * @param learningRate above 0
   * @param momentum 0 to below 1
   */
  record Nesterov(double learningRate, double momentum) implements OuterOptimiser {
    public Nesterov {
      check(learningRate, momentum);
    }

    @Override
    public boolean keepsUnmoved() {
      return false;
    }

    @Override
    public float[] initialVelocity(int parameters) {
      return new float[parameters];
    }

    @Override
    public float[] next(float[] start, float[] mean, float[] velocity, List<Network.Span> spans) {
      float[] next = mean.clone();
      for (Network.Span span : spans) {
        if (span.rate() == 0) {
          continue;
        }
        for (int i = span.from(); i < span.to(); i++) {
          double gradient = (double) start[i] - mean[i];
          double moved = momentum * velocity[i] + gradient;
          velocity[i] = (float) moved;
          next[i] = (float) (start[i] - learningRate * (gradient + momentum * moved));
        }
      }
      return next;
    }
  }

  private static void check(double learningRate, double momentum) {
    new Require()
        .above("learning-rate", learningRate, 0)
        .that(
            momentum >= 0 && momentum < 1,
            "momentum must be at least 0 and below 1, got " + momentum)
        .hold();
  }
}
