package sluice.adaptation;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import sluice.network.FloatArrays;
import sluice.network.NamedLayer;
import sluice.network.Network;
import sluice.network.layers.LowRankLayer;

/**
 * A network as it is trained, which may be another than the one that comes of it: some of its
 * layers frozen, some with adapters. There are phases of epochs in which the same layers learn;
 * parameters lie alike in all of them, updaters' states do not.
 */
public final class AdaptedNetwork {
  private final Network result;
  private final List<Integer> begins;
  private final IntFunction<Network> networks;

  /** The latest that was asked for, since each has arrays of its own. */
  private @Nullable Network network;

  private int made;

  /**
   * @param result what comes of it
   * @param begins the first epoch of each phase, from 0
   * @param networks makes the network of the phase that begins with an epoch, with the parameters
   *     of the start
   */
  AdaptedNetwork(Network result, List<Integer> begins, IntFunction<Network> networks) {
    this.result = result;
    this.begins = List.copyOf(begins);
    this.networks = networks;
  }

  /** A network all of whose layers learn. */
  static AdaptedNetwork of(Network network) {
    return new AdaptedNetwork(network, List.of(0), epoch -> network);
  }

  /** The number of the phase that an epoch, from 0, is in. */
  public int phaseOf(int epoch) {
    int phase = 0;
    while (phase + 1 < begins.size() && begins.get(phase + 1) <= epoch) {
      phase++;
    }
    return phase;
  }

  /** How many phases there are. */
  public int phases() {
    return begins.size();
  }

  /** The first epoch of a phase. */
  public int beginOf(int phase) {
    return begins.get(phase);
  }

  /** The network of a phase, with the parameters of the start. */
  public Network network(int phase) {
    Network latest = network;
    if (latest == null || made != phase) {
      latest = networks.apply(begins.get(phase));
      network = latest;
      made = phase;
    }
    return latest;
  }

  /** The network of which most must be kept while it is trained. */
  public Network largest() {
    return phases() == 1 ? network(0) : result;
  }

  /** The parameters of the network that comes of it: adapters are merged into their matrices. */
  public float[] merged(float[] trained) {
    Network adapted = network(phases() - 1);
    List<NamedLayer> layers = adapted.namedLayers();
    if (layers.stream().noneMatch(layer -> layer.layer() instanceof LowRankLayer)) {
      return trained;
    }
    float[] merged = new float[Math.toIntExact(result.model().numParams())];
    adapted.setParameters(trained);
    Map<String, NamedLayer> places = new HashMap<>();
    result.namedLayers().forEach(layer -> places.put(layer.name(), layer));
    for (NamedLayer layer : layers) {
      NamedLayer place = requireNonNull(places.get(layer.name()));
      int count = place.parameters();
      if (layer.layer() instanceof LowRankLayer own) {
        own.form();
        System.arraycopy(FloatArrays.copy(own.effective()), 0, merged, place.from(), count);
      } else if (count > 0) {
        System.arraycopy(trained, layer.from(), merged, place.from(), count);
      }
    }
    return merged;
  }
}
