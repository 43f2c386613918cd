package sluice.adaptation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.jspecify.annotations.Nullable;
import sluice.adaptation.AdaptSettings.Lora;
import sluice.data.InvalidInput;
import sluice.network.NamedLayer;
import sluice.network.Network;
import sluice.network.Optimisation;
import sluice.network.UpdaterSpec;
import sluice.network.layers.LowRank;
import sluice.network.spec.NetworkDefinition;

/**
 * Starts from layers of another network, and lets some of them learn slowly, late, by adapters or
 * not at all. Frozen layers with nothing below that learns predict: they drop nothing, keep their
 * running statistics, and no gradient goes through them. Other frozen layers pass gradients on.
 */
public final class FineTuning implements Adaptation {
  private final Transfer transfer;
  private final AdaptSettings settings;
  private final LayerPlan plan;

  /**
   * @param definition the network to train
   * @throws InvalidInput (configuration) with all that the settings name wrongly
   */
  public FineTuning(Transfer transfer, NetworkDefinition definition, AdaptSettings settings) {
    this.transfer = transfer;
    this.settings = settings;
    plan =
        new LayerPlan(
            definition.initial(new UpdaterSpec.Sgd(1), 1).namedLayers(),
            transfer.taken().keySet(),
            settings);
  }

  /** The layers that never learn, but by their adapters. */
  public List<String> frozen() {
    return transfer.layers().stream()
        .filter(name -> plan.of(name).learnsFrom() == LayerPlan.NEVER || isAdapted(name))
        .toList();
  }

  /** The layers with adapters. */
  public List<String> adapted() {
    return transfer.layers().stream().filter(this::isAdapted).toList();
  }

  private boolean isAdapted(String name) {
    return !plan.of(name).adapters().isEmpty();
  }

  @Override
  public Start start() {
    if (!transfer.general()) {
      return Start.OWN;
    }
    return settings.lora() == null ? Start.GENERAL : Start.ADAPTERS;
  }

  @Override
  public AdaptedNetwork begin(Network initial, Optimisation optimisation) {
    float[] start = initial.parameters();
    List<NamedLayer> layers = initial.namedLayers();
    for (NamedLayer layer : layers) {
      float[] taken = transfer.taken().get(layer.name());
      if (taken != null && taken.length > 0) {
        System.arraycopy(taken, 0, start, layer.from(), taken.length);
      }
    }
    initial.setParameters(start);
    return new AdaptedNetwork(
        initial,
        List.copyOf(plan.begins()),
        epoch -> {
          Network network =
              initial.changed((name, layer) -> changed(name, layer, epoch, optimisation));
          begin(network, layers, start);
          return network;
        });
  }

  private Layer changed(String name, Layer layer, int epoch, Optimisation optimisation) {
    if (layer instanceof FrozenLayer || layer instanceof FrozenLayerWithBackprop) {
      // The user's own network has it so.
      return layer;
    }
    LayerPlan.Fate fate = plan.of(name);
    @Nullable Lora lora = settings.lora();
    if (fate.rate() != 1) {
      optimisation.scaleRate(layer, fate.rate());
    }
    if (lora != null && !fate.adapters().isEmpty()) {
      return new LowRank(layer, lora.rank(), lora.alpha(), fate.adapters());
    }
    if (fate.learnsFrom() <= epoch) {
      return layer;
    }
    if (fate.passesFrom() > epoch) {
      FrozenLayer frozen = new FrozenLayer(layer);
      // Else Deeplearning4j's reader takes the layer within its name.
      frozen.setLayerName(layer.getLayerName());
      return frozen;
    }
    boolean learns = layer.initializer().numParams(layer) > 0;
    return learns ? new LowRank(layer, 1, 1, List.of()) : layer;
  }

  /** Gives a network the parameters of the start; what adapters begin as is its own. */
  private static void begin(Network network, List<NamedLayer> layers, float[] start) {
    Map<String, NamedLayer> places = new LinkedHashMap<>();
    network.namedLayers().forEach(layer -> places.put(layer.name(), layer));
    float[] parameters = network.parameters();
    for (NamedLayer layer : layers) {
      NamedLayer place = places.get(layer.name());
      if (place != null && layer.parameters() > 0) {
        System.arraycopy(start, layer.from(), parameters, place.from(), layer.parameters());
      }
    }
    network.setParameters(parameters);
  }

  /** What was adapted, for provenance. */
  public AdaptedFrom from(PretrainedNetwork network, List<String> inputs) {
    return new AdaptedFrom(
        network.sha256(),
        inputs,
        transfer.layers(),
        frozen(),
        adapted(),
        transfer.reasons().toList(),
        transfer.general());
  }
}
