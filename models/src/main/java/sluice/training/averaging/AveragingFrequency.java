package sluice.training.averaging;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.annotation.JsonTypeIdResolver;
import sluice.data.NamedTypes;
import sluice.data.Require;

/** How many minibatches each worker trains between two averagings. */
@JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, property = "type")
@JsonTypeIdResolver(AveragingFrequency.Names.class)
public sealed interface AveragingFrequency {

  /** The frequencies by the name that the configuration gives them. */
  NamedTypes<AveragingFrequency> TYPES =
      NamedTypes.of(AveragingFrequency.class)
          .with("fixed", Fixed.class)
          .with("adaptive", Adaptive.class);

  /** The names in JSON. */
  final class Names extends NamedTypes.Resolver {
    public Names() {
      super(TYPES);
    }
  }

  /** Minibatches of the first round. */
  int first();

  /**
   * Minibatches of the next round.
   *
   * @param planned of the last round
   * @param trained of the last round, fewer where an epoch ended
   * @param divergence the workers' in the last round, as {@link Divergence} has it
   */
  int next(int planned, int trained, double divergence);

  /** The range of it, for people. */
  String text();

  /**
   * Always the same.
   *
   * @param minibatches at least 1
   */
  record Fixed(int minibatches) implements AveragingFrequency {
    public Fixed {
      new Require().atLeast("minibatches", minibatches, 1).hold();
    }

    @Override
    public int first() {
      return minibatches;
    }

    @Override
    public int next(int planned, int trained, double divergence) {
      return minibatches;
    }

    @Override
    public String text() {
      return Integer.toString(minibatches);
    }
  }

  /**
   * As long a round as keeps the workers' divergence at a target. Dynamic averaging (Kamp et al.
   * 2018) averages when the divergence reaches a bound; here a round is one Spark job and its
   * length is fixed beforehand, so that the next one is made as long as the last one's divergence
   * says that the bound will be reached, taken in proportion to the length. It grows faster than
   * that, which the next round makes good. A round is at most twice as long as the one before, and
   * at least half as long. It depends on what was measured only, so that the same training takes
   * the same course again.
   *
   * @param initial minibatches of the first round
   * @param min the least, at least 1
   * @param max the most
   * @param target the divergence that is wanted, above 0
   */
  record Adaptive(int initial, int min, int max, double target) implements AveragingFrequency {
    public Adaptive {
      new Require()
          .atLeast("min", min, 1)
          .atLeast("max", max, min)
          .within("initial", initial, min, Math.max(min, max))
          .above("target", target, 0)
          .hold();
    }

    @Override
    public int first() {
      return initial;
    }

    @Override
    public int next(int planned, int trained, double divergence) {
      double wanted = divergence == 0 ? Double.POSITIVE_INFINITY : trained * target / divergence;
      double bounded = Math.min(2.0 * planned, Math.max(planned / 2.0, wanted));
      return (int) Math.min(max, Math.max(min, Math.round(bounded)));
    }

    @Override
    public String text() {
      return min + " to " + max;
    }
  }
}
