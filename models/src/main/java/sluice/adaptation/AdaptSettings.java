package sluice.adaptation;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import sluice.data.Require;

/**
 * How a network that was trained before is fine-tuned. Layers are named as in the network, or by
 * what their names begin with up to a slash; {@code encoder/} before that may be left out.
 *
 * @param from the directory of a model bundle, or of a run, whose current one is taken; null for
 *     random parameters
 * @param inputs the feature groups whose encoders and preprocessing are taken over; empty for all
 *     that fit
 * @param freeze layers that stay as they are
 * @param rates how fast layers that were taken over learn
 * @param unfreezeEvery epochs after which one more layer learns, from the top: gradual unfreezing
 *     (Howard and Ruder 2018, section 3.3); null if all learn from the first epoch on
 * @param lora low-rank adapters, which learn in the place of the layers; null for none
 */
public record AdaptSettings(
    @Nullable String from,
    List<String> inputs,
    List<String> freeze,
    Rates rates,
    @Nullable Integer unfreezeEvery,
    @Nullable Lora lora) {

  /**
   * Learning rates by layer.
   *
   * @param divisor a layer that was taken over learns at the rate of the one above, divided by
   *     this, the highest of them at the updater's, divided by this (Howard and Ruder 2018, section
   *     3.2)
   * @param layers by what the updater's rate is multiplied for layers, by their names; of two that
   *     name a layer the longer counts
   */
  public record Rates(double divisor, Map<String, Double> layers) {
    public Rates {
      layers = Collections.unmodifiableMap(new TreeMap<>(layers));
      Require require = new Require().atLeast("divisor", divisor, 1);
      layers.forEach((name, factor) -> require.above("layers." + name, factor, 0));
      require.hold();
    }

    /** The updater's own for all. */
    public static Rates same() {
      return new Rates(1, Map.of());
    }
  }

  /**
   * Low-rank adapters (LoRA: Hu et al. 2022).
   *
   * @param rank of the adapters
   * @param alpha divided by the rank it is what their product is multiplied by
   * @param targets the matrices that have adapters
   */
  public record Lora(int rank, double alpha, List<Matrices> targets) {
    public Lora {
      targets = List.copyOf(new TreeSet<>(targets));
      new Require()
          .atLeast("rank", rank, 1)
          .above("alpha", alpha, 0)
          .notEmpty("targets", targets)
          .hold();
    }
  }

  /** Matrices of layers. */
  public enum Matrices {
    /** Attention's, of queries. */
    QUERY,
    /** Attention's, of keys. */
    KEY,
    /** Attention's, of values. */
    VALUE,
    /** Attention's, behind the heads. */
    OUTPUT,
    /** Those of fully connected layers, within transformer blocks, too. */
    CONNECTED
  }

  public AdaptSettings {
    inputs = List.copyOf(inputs);
    freeze = List.copyOf(freeze);
    Require require = new Require();
    if (from != null) {
      require.notBlank("from", from);
    }
    require.that(
        Set.copyOf(inputs).size() == inputs.size(), "inputs must be different, got " + inputs);
    if (unfreezeEvery != null) {
      require.atLeast("unfreeze-every", unfreezeEvery, 1);
    }
    require.that(
        unfreezeEvery == null || lora == null,
        "unfreeze-every must not be given with lora, whose layers stay frozen");
    require.that(
        from != null
            || (inputs.isEmpty()
                && freeze.isEmpty()
                && rates.equals(Rates.same())
                && unfreezeEvery == null
                && lora == null),
        "from must be given with other keys of adapt");
    require.hold();
  }

  /** This with nothing but what decides how features are made. */
  public AdaptSettings ofFeatures() {
    return new AdaptSettings(from, inputs, List.of(), Rates.same(), null, null);
  }

  /** Random parameters. */
  public static AdaptSettings none() {
    return new AdaptSettings(null, List.of(), List.of(), Rates.same(), null, null);
  }
}
