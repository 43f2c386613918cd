package sluice.network;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.annotation.JsonTypeIdResolver;
import java.util.function.DoubleUnaryOperator;
import sluice.data.NamedTypes;
import sluice.data.Require;

/**
 * How the learning rate goes over a training: a factor of the updater's rate for each step, which
 * depends on nothing but the step's place among all that the training may have. All logical workers
 * are at the same step, so that slots and breaks do not matter.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, property = "type")
@JsonTypeIdResolver(LearningRateSchedule.Names.class)
public sealed interface LearningRateSchedule {

  /** The schedules by the name that the configuration gives them. */
  NamedTypes<LearningRateSchedule> TYPES =
      NamedTypes.of(LearningRateSchedule.class)
          .with("constant", Constant.class)
          .with("cosine", Cosine.class)
          .with("warmup-cosine", WarmupCosine.class)
          .with("warmup-linear", WarmupLinear.class)
          .with("step", Step.class);

  /** The names in JSON. */
  final class Names extends NamedTypes.Resolver {
    public Names() {
      super(TYPES);
    }
  }

  /**
   * The factor of the learning rate.
   *
   * @param step from 0
   * @param steps the most that the training may take, above {@code step}
   */
  double factor(long step, long steps);

  /** Always the updater's own rate. */
  record Constant() implements LearningRateSchedule {
    @Override
    public double factor(long step, long steps) {
      return 1;
    }
  }

  /**
   * Half a cosine from 1 down to a share of it, without restarts: Loshchilov and Hutter 2017, SGDR,
   * equation 5.
   *
   * @param end the factor that it comes to, 0 to 1
   */
  record Cosine(double end) implements LearningRateSchedule {
    public Cosine {
      new Require().within("end", end, 0, 1).hold();
    }

    @Override
    public double factor(long step, long steps) {
      return cosine((double) step / steps, end);
    }
  }

  /**
   * A straight line up to 1 (Goyal et al. 2017, section 2.2), then as {@link Cosine}.
   *
   * @param warmup the share of the steps that the line takes, 0 to below 1
   * @param end the factor that it comes to, 0 to 1
   */
  record WarmupCosine(double warmup, double end) implements LearningRateSchedule {
    public WarmupCosine {
      new Require()
          .that(warmup >= 0 && warmup < 1, "warmup must be at least 0 and below 1, got " + warmup)
          .within("end", end, 0, 1)
          .hold();
    }

    @Override
    public double factor(long step, long steps) {
      return warmed(step, steps, warmup, progress -> cosine(progress, end));
    }
  }

  /**
   * A straight line up to 1, then a straight one down, as BERT is fine-tuned (Devlin et al. 2019,
   * appendix A.2 and A.3).
   *
   * @param warmup the share of the steps that the line up takes, 0 to below 1
   * @param end the factor that it comes to, 0 to 1
   */
  record WarmupLinear(double warmup, double end) implements LearningRateSchedule {
    public WarmupLinear {
      new Require()
          .that(warmup >= 0 && warmup < 1, "warmup must be at least 0 and below 1, got " + warmup)
          .within("end", end, 0, 1)
          .hold();
    }

    @Override
    public double factor(long step, long steps) {
      return warmed(step, steps, warmup, progress -> end + (1 - end) * (1 - progress));
    }
  }

  /**
   * Down by a factor after each of some equal shares of the steps.
   *
   * @param every the share of the steps, above 0 to 1
   * @param factor above 0 to 1
   */
  record Step(double every, double factor) implements LearningRateSchedule {
    public Step {
      new Require()
          .above("every", every, 0)
          .that(every <= 1, "every must be at most 1, got " + every)
          .above("factor", factor, 0)
          .that(factor <= 1, "factor must be at most 1, got " + factor)
          .hold();
    }

    @Override
    public double factor(long step, long steps) {
      return StrictMath.pow(factor, Math.floor(step / (every * steps)));
    }
  }

  /** A straight line up to 1, then what a function makes of how much of the rest has passed. */
  private static double warmed(long step, long steps, double warmup, DoubleUnaryOperator then) {
    double rising = warmup * steps;
    return step < rising
        ? Math.min(1, (step + 1) / rising)
        : then.applyAsDouble((step - rising) / (steps - rising));
  }

  private static double cosine(double progress, double end) {
    return end + (1 - end) * (1 + StrictMath.cos(Math.PI * progress)) / 2;
  }
}
